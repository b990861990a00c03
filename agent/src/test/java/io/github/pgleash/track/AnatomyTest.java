// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.PgDriver;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the driver's real connection behind handles of every build; a method of one fails the test. */
@SuppressWarnings("UnusedVariable") // read by what is tested
class AnatomyTest {
    private FakePostgres server;
    private Connection physical;

    @BeforeEach
    void start() throws Exception {
        server = new FakePostgres();
        physical = server.connect(7);
    }

    @AfterEach
    void stop() throws Exception {
        physical.close();
        server.close();
    }

    @Test
    void the_drivers_connection_is_itself() {
        assertThat(Anatomy.physical(physical)).isSameAs(physical);
        assertThat(PgDriver.isConnection(physical.getClass())).isTrue();
        assertThat(PgDriver.isConnection(Handles.empty().getClass())).isFalse();
        assertThat(PgDriver.isConnection(Connection.class)).isFalse();
        assertThat(PgDriver.isConnection(String.class)).isFalse();
    }

    @Test
    void it_is_found_behind_a_proxy_of_the_jdk() {
        assertThat(Anatomy.physical(Handles.around(physical))).isSameAs(physical);
    }

    @Test
    void it_is_found_behind_fields_also_of_superclasses() {
        assertThat(Anatomy.physical(new Sub(physical))).isSameAs(physical);
    }

    @Test
    void it_is_found_behind_references() {
        assertThat(Anatomy.physical(new Holder(new AtomicReference<>(physical))))
                .isSameAs(physical);
        assertThat(Anatomy.physical(new Holder(new WeakReference<>(physical)))).isSameAs(physical);
        assertThat(Anatomy.physical(new Holder(new AtomicReference<>()))).isNull();
    }

    @Test
    void it_is_found_behind_seven_wrappers_and_not_behind_eight() {
        assertThat(Anatomy.physical(chain(7, physical))).isSameAs(physical);
        assertThat(Anatomy.physical(chain(8, physical))).isNull();
    }

    @Test
    void the_nearest_counts() throws Exception {
        try (Connection further = server.connect(8)) {
            assertThat(Anatomy.physical(new Pair(new Holder(further), physical)))
                    .isSameAs(physical);
        }
    }

    @Test
    void a_circle_ends() {
        Pair one = new Pair(null, null);
        Pair two = new Pair(one, one);
        one.left = two;
        assertThat(Anatomy.physical(one)).isNull();

        one.right = new Holder(physical);
        assertThat(Anatomy.physical(two)).isSameAs(physical);
    }

    @Test
    void where_there_is_none_yet_there_is_none() {
        assertThat(Anatomy.physical(new Holder(null))).isNull();
        assertThat(Anatomy.physical(Handles.empty())).isNull();
        assertThat(Anatomy.physical(new Object())).isNull();
    }

    /** There the other connections of a pool lie. */
    @Test
    void collections_arrays_threads_and_data_sources_are_not_looked_into() {
        Thread thread = new Thread(() -> assertThat(physical).isNotNull());

        assertThat(Anatomy.physical(new Holder(List.of(physical)))).isNull();
        assertThat(Anatomy.physical(new Holder(Map.of("key", physical)))).isNull();
        assertThat(Anatomy.physical(new Holder(new Connection[] {physical}))).isNull();
        assertThat(Anatomy.physical(new Holder(thread))).isNull();
        assertThat(Anatomy.physical(new Holder(new Lenders.Lender(() -> physical))))
                .isNull();
    }

    @Test
    void an_object_whose_own_methods_fail_is_no_trouble() {
        assertThat(Anatomy.physical(new Hostile(new Hostile(physical)))).isSameAs(physical);
    }

    private static Object chain(int wrappers, Object inner) {
        Object chain = inner;
        for (int i = 0; i < wrappers; i++) {
            chain = new Holder(chain);
        }
        return chain;
    }

    private static class Holder {
        final int number = 7;
        final @Nullable Object held;

        Holder(@Nullable Object held) {
            this.held = held;
        }
    }

    private static final class Sub extends Holder {
        final String name = "sub";

        Sub(Object held) {
            super(held);
        }
    }

    private static final class Pair {
        @Nullable
        Object left;

        @Nullable
        Object right;

        Pair(@Nullable Object left, @Nullable Object right) {
            this.left = left;
            this.right = right;
        }
    }

    private static final class Hostile extends Holder {
        Hostile(Object held) {
            super(held);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            throw new AssertionError("must not be called");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("must not be called");
        }

        @Override
        public String toString() {
            throw new AssertionError("must not be called");
        }
    }
}
