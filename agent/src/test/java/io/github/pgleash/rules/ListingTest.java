// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgleash.rules.Planner.Case;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingTest {
    private static final Duration AFTER = Duration.ofMinutes(5);

    @Test
    void what_was_written_is_read_again_and_decided_the_same_way() throws Exception {
        List<Case> cases = List.of(
                Cases.leaked("7@db:5432#17").ofPoolThatHasLent(4).make(),
                Cases.leaked("8@db:5432#17")
                        .ofPoolThatHasLent(4)
                        .probably()
                        .minutes(9)
                        .make(),
                Cases.stuck("9@db:5432#17")
                        .with(Column.QUERY, "update t\nset a = ? where b='='")
                        .with(Exemption.COPY)
                        .with(Exemption.ADVISORY)
                        .without(Column.BORROWED_FROM)
                        .make(),
                Cases.stuck("10@db:5432").borrowedByNobody().make(),
                Cases.leaked("11@db:5432")
                        .standing(Duration.ofMillis(1_500))
                        .minutes(11)
                        .make());
        List<Rule> rules =
                RuleReader.read("rule.r.action=terminate\nrule.r.victims=all\nrule.r.match.query=select", AFTER);

        List<Case> read = Listing.read(Listing.write(cases));

        assertThat(read).hasSize(5);
        assertThat(PlanText.of(rules, Planner.plan(rules, read, 10)))
                .isEqualTo(PlanText.of(rules, Planner.plan(rules, cases, 10)));
        assertThat(Listing.write(read)).isEqualTo(Listing.write(cases));
    }

    @Test
    void little_is_needed_when_it_is_written_by_hand() throws Exception {
        List<Case> read = Listing.read("# a leak\nverdict = leaked\nborrowAge = 10m\nstood = 6m\n\n\n\nverdict=stuck");

        assertThat(read).hasSize(2);
        assertThat(read.get(0).candidate().backend()).isEqualTo("backend 1");
        assertThat(read.get(0).standing().stood()).isEqualTo(Duration.ofMinutes(6));
        assertThat(read.get(0).candidate().isBorrowed()).isTrue();
        assertThat(read.get(1).candidate().isBorrowed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "verdict, 'line 2: a listing has lines key=value, and not this one'",
        "colour=red, 'line 2: a listing has lines key=value, and not this one'",
        "verdict=leaked, 'line 2: verdict is there twice'",
        "stood=long, 'line 3: the backend that ends here: write a duration'",
        "lent=many, 'line 3: the backend that ends here: For input string'",
        "exempt=me, 'line 3: the backend that ends here: there is no exemption me'",
        "confidence=x, 'line 3: the backend that ends here: \"x\" is no verdict or confidence'",
    })
    void an_error_is_told_with_its_line(String line, String reason) {
        assertThatThrownBy(() -> Listing.read("verdict=leaked\n" + line)).hasMessageStartingWith(reason);
    }
}
