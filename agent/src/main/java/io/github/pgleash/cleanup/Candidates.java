// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.cleanup;

import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Loan;
import io.github.pgleash.judge.Verdict.Kind;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.rules.Age;
import io.github.pgleash.rules.Candidate;
import io.github.pgleash.rules.Column;
import io.github.pgleash.rules.Key;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.TrackedConnection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From findings to what rules see of them. Called by the patrol and JMX threads. */
public final class Candidates {
    private static final String NOBODY = "nobody";

    private final StatementText statementText;

    /** @param statementText how statements may be shown; expressions see no more */
    public Candidates(StatementText statementText) {
        this.statementText = statementText;
    }

    /** Those that are leaked or stuck, with the findings they come from. */
    Map<Candidate, Finding> of(List<Finding> findings) {
        Map<String, Integer> lent = new HashMap<>();
        for (Finding finding : findings) {
            if (finding.borrow() != null) {
                lent.merge(lender(finding), 1, Integer::sum);
            }
        }
        Map<Candidate, Finding> candidates = new LinkedHashMap<>();
        for (Finding finding : findings) {
            if (finding.verdict().kind() != Kind.HEALTHY) {
                candidates.put(candidate(finding, lent.getOrDefault(lender(finding), 0)), finding);
            }
        }
        return candidates;
    }

    /** One finding by itself. */
    Candidate of(Finding finding) {
        return candidate(finding, 1);
    }

    private Candidate candidate(Finding finding, int lent) {
        return new Candidate(
                finding.connection().id(),
                key(finding),
                finding.verdict(),
                texts(finding),
                ages(finding),
                Traits.of(finding),
                lender(finding),
                lent);
    }

    private static Key key(Finding finding) {
        Borrow borrow = finding.borrow();
        return new Key(
                finding.connection().number(),
                borrow == null ? 0 : borrow.number(),
                finding.verdict().kind());
    }

    /** Two pools may have one name; a data source is itself. */
    private static String lender(Finding finding) {
        Borrow borrow = finding.borrow();
        Object lender = borrow == null ? null : borrow.lender();
        return lender == null ? NOBODY : Integer.toHexString(System.identityHashCode(lender));
    }

    private Map<Column, String> texts(Finding finding) {
        TrackedConnection connection = finding.connection();
        ActivityRow row = finding.row();
        Loan loan = finding.loan();
        Map<Column, String> texts = new EnumMap<>(Column.class);
        put(texts, Column.SERVER, connection.address().server());
        put(texts, Column.USENAME, connection.address().role());
        put(texts, Column.DATNAME, connection.address().database());
        if (row != null) {
            put(texts, Column.USENAME, row.usename());
            put(texts, Column.DATNAME, row.datname());
            put(texts, Column.STATE, row.state());
            put(texts, Column.QUERY, statementText.of(row.query()));
        }
        if (loan != null) {
            put(texts, Column.POOL, loan.pool());
            put(texts, Column.OWNER, loan.owner());
            put(texts, Column.BORROWED_FROM, loan.from());
        }
        return texts;
    }

    private static Map<Age, Duration> ages(Finding finding) {
        ActivityRow row = finding.row();
        Loan loan = finding.loan();
        Map<Age, Duration> ages = new EnumMap<>(Age.class);
        put(ages, Age.BORROW, loan == null ? null : loan.age());
        if (row != null) {
            put(ages, Age.STATE, row.stateAge());
            put(ages, Age.TRANSACTION, row.transactionAge());
            put(ages, Age.STATEMENT, row.queryAge());
        }
        return ages;
    }

    private static <K, V> void put(Map<K, V> map, K key, @Nullable V value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}
