// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import org.junit.jupiter.api.Test;

class WeakIdentityTest {
    private final ReferenceQueue<Object> queue = new ReferenceQueue<>();

    @Test
    void two_keys_of_one_object_are_equal() {
        Object object = new Object();
        WeakIdentity<Object> one = new WeakIdentity<>(object, queue);
        WeakIdentity<Object> two = new WeakIdentity<>(object, null);

        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        assertThat(one.get()).isSameAs(object);
    }

    @Test
    void objects_that_are_only_equal_have_different_keys() {
        String one = new String(new char[] {'a'});
        String two = new String(new char[] {'a'});

        assertThat(one).isEqualTo(two);
        assertThat(new WeakIdentity<>(one, null)).isNotEqualTo(new WeakIdentity<>(two, null));
    }

    @Test
    void an_object_whose_own_methods_fail_can_be_a_key() {
        Object hostile = new Object() {
            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("closed");
            }

            @Override
            public int hashCode() {
                throw new IllegalStateException("closed");
            }
        };

        assertThat(new WeakIdentity<>(hostile, null).equals(new WeakIdentity<>(hostile, null)))
                .isTrue();
    }

    @Test
    void a_key_whose_object_is_gone_equals_itself_only() {
        WeakIdentity<Object> one = new WeakIdentity<>(new Object(), null);
        WeakIdentity<Object> two = new WeakIdentity<>(new Object(), null);
        int hash = one.hashCode();
        one.clear();
        two.clear();

        assertThat(one.equals(one)).isTrue();
        assertThat(one.equals(two)).isFalse();
        assertThat(one.hashCode()).isEqualTo(hash);
        assertThat(one.equals((Object) "something else")).isFalse();
    }
}
