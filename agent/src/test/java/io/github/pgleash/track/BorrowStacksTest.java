// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.connect.ConnectionEvents;
import io.github.pgleash.connect.Door;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BorrowStacksTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    /** What a stack costs, by this clock. */
    private long costs = MILLISECOND;

    private long now;
    private int readings;

    private final List<@Nullable BorrowStack> taken = new ArrayList<>();

    @AfterEach
    void close() {
        Door.open(ConnectionEvents.NONE);
    }

    @Test
    void never_is_never() {
        assertThat(BorrowStacks.never().take(0)).isNull();
    }

    @Test
    void a_stack_begins_at_the_code_that_came_through_the_door() {
        BorrowStacks stacks = BorrowStacks.always();
        Door.open(new ConnectionEvents() {
            @Override
            public void borrowed(Object lender, Connection handle, long ticket) {
                taken.add(stacks.take(0));
            }
        });

        wovenPool();
        assertThat(Door.Far.DOOR.apply("borrowed", new Object[] {"lender", Handles.empty(), 0L}))
                .isEqualTo(true);

        assertThat(frame(0, 0).getMethodName()).isEqualTo("wovenPool");
        assertThat(frame(0, 1).getMethodName()).isEqualTo("a_stack_begins_at_the_code_that_came_through_the_door");
        assertThat(frame(1, 0).getMethodName()).isEqualTo("a_stack_begins_at_the_code_that_came_through_the_door");
    }

    private StackTraceElement frame(int borrow, int frame) {
        return Objects.requireNonNull(taken.get(borrow)).frames().get(frame);
    }

    private static void wovenPool() {
        Door.borrowed("lender", Handles.empty(), 0);
    }

    @Test
    void a_deep_stack_is_cut() {
        BorrowStacks stacks = BorrowStacks.always();
        Door.open(new ConnectionEvents() {
            @Override
            public void borrowed(Object lender, Connection handle, long ticket) {
                taken.add(stacks.take(0));
            }
        });

        deep(500);

        assertThat(Objects.requireNonNull(taken.get(0)).frames()).hasSize(48);
    }

    private static void deep(int depth) {
        if (depth == 0) {
            wovenPool();
        } else {
            deep(depth - 1);
        }
    }

    @Test
    void the_budget_pays_for_the_first_and_none_once_it_is_spent() {
        BorrowStacks stacks = BorrowStacks.budget(this::clock);

        // Fifty milliseconds are saved up at the start.
        assertThat(countTaken(stacks, 52)).isBetween(50, 51);
        assertThat(countTaken(stacks, 1_000)).isZero();
    }

    @Test
    void later_it_pays_for_a_thousandth_of_the_time() {
        BorrowStacks stacks = BorrowStacks.budget(this::clock);
        countTaken(stacks, 1_000);

        now += 2 * SECOND;
        assertThat(countTaken(stacks, 1_000)).isBetween(2, 3);
        now += SECOND;
        assertThat(countTaken(stacks, 1_000)).isBetween(1, 2);
    }

    @Test
    void no_more_is_saved_than_at_the_start() {
        BorrowStacks stacks = BorrowStacks.budget(this::clock);
        now += 1_000_000 * SECOND;

        assertThat(countTaken(stacks, 1_000)).isBetween(50, 51);
    }

    @Test
    void one_stack_that_was_held_up_does_not_cost_those_of_the_next_borrows() {
        BorrowStacks stacks = BorrowStacks.budget(this::clock);
        costs = 100 * MILLISECOND;

        assertThat(countTaken(stacks, 1)).isOne();
        costs = MILLISECOND;
        assertThat(countTaken(stacks, 1_000)).isBetween(45, 46);
    }

    private int countTaken(BorrowStacks stacks, int borrows) {
        int count = 0;
        for (int i = 0; i < borrows; i++) {
            readings = 0;
            count += stacks.take(clock()) == null ? 0 : 1;
        }
        return count;
    }

    /** Time passes while a stack is walked, which is where the second reading within one take comes from. */
    private long clock() {
        now += readings++ == 1 ? costs : 0;
        return now;
    }
}
