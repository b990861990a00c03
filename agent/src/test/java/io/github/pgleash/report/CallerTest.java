// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.PrivilegedAction;
import java.util.Set;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;

class CallerTest {
    @Test
    void without_a_subject_the_thread_is_all_that_is_known() {
        assertThat(named("RMI TCP Connection(2)-10.0.0.1\n", Caller::name))
                .isEqualTo("unauthenticated (RMI TCP Connection(2)-10.0.0.1 )");
    }

    @Test
    @SuppressWarnings("removal") // its successor came with Java 18
    void with_one_its_principals_are_named() {
        Subject subject = new Subject(true, Set.of(new JMXPrincipal("mon\nitor")), Set.of(), Set.of());

        assertThat(named("RMI", () -> Subject.doAs(subject, (PrivilegedAction<String>) Caller::name)))
                .isEqualTo("mon itor (RMI)");
    }

    private static String named(String thread, java.util.function.Supplier<String> work) {
        String before = Thread.currentThread().getName();
        Thread.currentThread().setName(thread);
        try {
            return work.get();
        } finally {
            Thread.currentThread().setName(before);
        }
    }
}
