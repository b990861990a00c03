// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.act.Actions;
import io.github.pgleash.act.Errand;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Survey;
import io.github.pgleash.cleanup.Cleanup;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.tag.Instance;
import io.github.pgleash.tag.Tagger;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The MBean: delegates, and shows. Called by JMX threads. */
public final class BackendsBean implements BackendsMXBean {
    private final About about;
    private final ConnectionRegistry registry;
    private final BorrowRegistry borrows;
    private final Survey survey;
    private final Actions actions;
    private final Receipts receipts;
    private final Problems problems;
    private final Attention attention;
    private final Exhaustion exhaustion;
    private final Rows rows;
    private final Cleanup cleanup;
    private final Watchdog watchdog;

    /** Who we are. */
    public record About(Instance instance, Tagger tagger, boolean tagging, String version) {}

    public BackendsBean(
            About about,
            ConnectionRegistry registry,
            BorrowRegistry borrows,
            Survey survey,
            Actions actions,
            Receipts receipts,
            Problems problems,
            Attention attention,
            Exhaustion exhaustion,
            Rows rows,
            Cleanup cleanup,
            Watchdog watchdog) {
        this.about = about;
        this.registry = registry;
        this.borrows = borrows;
        this.survey = survey;
        this.actions = actions;
        this.receipts = receipts;
        this.problems = problems;
        this.attention = attention;
        this.exhaustion = exhaustion;
        this.rows = rows;
        this.cleanup = cleanup;
        this.watchdog = watchdog;
    }

    @Override
    public String getApplication() {
        return about.tagger().application();
    }

    @Override
    public String getInstance() {
        return about.instance().id();
    }

    @Override
    public String getTag() {
        return about.tagging() ? about.tagger().latest() : "";
    }

    @Override
    public String getVersion() {
        return about.version();
    }

    @Override
    public String[] getServers() {
        return read(() -> survey.servers().stream().map(OneLine::of).toArray(String[]::new));
    }

    @Override
    public int getConnections() {
        return registry.size();
    }

    @Override
    public int getBorrowed() {
        return borrows.size();
    }

    @Override
    public int getActive() {
        return count(ActivityRow::isActive);
    }

    @Override
    public int getIdle() {
        return count(ActivityRow::isIdle);
    }

    @Override
    public int getIdleInTransaction() {
        return count(ActivityRow::isIdleInTransaction);
    }

    @Override
    public int getWaitingForLock() {
        return count(ActivityRow::waitsForLock);
    }

    @Override
    public int getLeaked() {
        return count(Verdict.Kind.LEAKED);
    }

    @Override
    public int getStuck() {
        return count(Verdict.Kind.STUCK);
    }

    @Override
    public long getLongestBorrowSeconds() {
        long now = System.nanoTime();
        return borrows.byConnection().values().stream()
                .mapToLong(borrow -> borrow.age(now).toSeconds())
                .max()
                .orElse(0);
    }

    @Override
    public long getLongestTransactionSeconds() {
        return read(() -> survey.rows().stream()
                .map(ActivityRow::transactionAge)
                .mapToLong(age -> age == null ? 0 : age.toSeconds())
                .max()
                .orElse(0));
    }

    @Override
    public long getSnapshotAgeMillis() {
        return read(() -> {
            Duration age = survey.age();
            return age == null ? -1 : age.toMillis();
        });
    }

    @Override
    public long getCancelled() {
        return receipts.cancelled();
    }

    @Override
    public long getTerminated() {
        return receipts.terminated();
    }

    @Override
    public long getRefused() {
        return receipts.refused();
    }

    @Override
    public long getSlotsFreed() {
        return receipts.slotsFreed();
    }

    @Override
    public Backend[] getBackends() {
        return read(() -> survey.findings().stream().map(rows::backend).toArray(Backend[]::new));
    }

    @Override
    public String[] getTable() {
        return read(() -> new BackendTable(rows).lines(survey.findings()).toArray(new String[0]));
    }

    @Override
    public Receipt[] getReceipts() {
        return receipts.newestFirst().stream().map(Rows::receipt).toArray(Receipt[]::new);
    }

    @Override
    public String[] getProblems() {
        watchdog.check();
        return problems.list().stream().map(OneLine::of).toArray(String[]::new);
    }

    @Override
    public String[] getLastExhaustion() {
        return exhaustion.last();
    }

    @Override
    public boolean isAutomaticActions() {
        return cleanup.isOn();
    }

    @Override
    public void setAutomaticActions(boolean automaticActions) {
        cleanup.turn(automaticActions, Caller.name());
    }

    @Override
    public String refresh() {
        return onOwnThread(() -> {
            survey.look();
            return survey.findings().size() + " backends; " + OneLine.of(String.join("; ", survey.servers()));
        });
    }

    @Override
    public String table() {
        return onOwnThread(() -> {
            survey.look();
            List<Finding> findings = survey.findings();
            String list = findings.isEmpty()
                    ? "no backends: this JVM has no open PostgreSQL connection"
                    : new BackendTable(rows).text(findings);
            return problems.list().isEmpty() ? list : list + "\n\nProblems:\n" + String.join("\n", getProblems());
        });
    }

    @Override
    public String explain(String backend) {
        return onOwnThread(() -> {
            survey.look();
            return actions.find(backend).map(new Explanation(rows)::of);
        });
    }

    @Override
    public String preview() {
        return onOwnThread(cleanup::preview);
    }

    @Override
    public String listing() {
        return onOwnThread(cleanup::listing);
    }

    @Override
    public Receipt cancel(String backend) {
        String by = Caller.name();
        return onOwnThread(() -> Rows.receipt(actions.cancel(backend, by)));
    }

    @Override
    public Receipt terminate(String backend) {
        String by = Caller.name();
        return onOwnThread(() -> Rows.receipt(actions.terminate(backend, by)));
    }

    @Override
    public Receipt[] terminateLeaked(boolean dryRun) {
        return terminateAll(finding -> finding.verdict().kind() == Verdict.Kind.LEAKED, dryRun);
    }

    @Override
    public Receipt[] terminateIdleInTransaction(long longerThanSeconds, boolean dryRun) {
        Duration longerThan = atLeastOne(longerThanSeconds);
        return terminateAll(
                finding -> finding.row() != null
                        && finding.row().isIdleInTransaction()
                        && exceeds(finding.row().stateAge(), longerThan),
                dryRun);
    }

    @Override
    public Receipt[] terminateActive(long longerThanSeconds, boolean dryRun) {
        Duration longerThan = atLeastOne(longerThanSeconds);
        return terminateAll(
                finding -> finding.row() != null
                        && finding.row().isActive()
                        && exceeds(finding.row().queryAge(), longerThan),
                dryRun);
    }

    private Receipt[] terminateAll(Predicate<Finding> condition, boolean dryRun) {
        String by = Caller.name();
        return onOwnThread(() -> actions.terminateAll(condition, by, dryRun).stream()
                .map(Rows::receipt)
                .toArray(Receipt[]::new));
    }

    private static boolean exceeds(@Nullable Duration age, Duration threshold) {
        return age != null && age.compareTo(threshold) > 0;
    }

    private static Duration atLeastOne(long seconds) {
        if (seconds < 1) {
            throw new IllegalArgumentException(
                    "longerThanSeconds must be at least 1; to end one backend, use terminate");
        }
        return Duration.ofSeconds(Math.min(seconds, Integer.MAX_VALUE));
    }

    private int count(Predicate<ActivityRow> condition) {
        return read(() -> (int) survey.rows().stream().filter(condition).count());
    }

    private int count(Verdict.Kind kind) {
        return read(() -> (int) survey.findings().stream()
                .filter(finding -> finding.verdict().kind() == kind)
                .count());
    }

    /** An attribute: answers from memory, and asks for a fresh snapshot in the background. */
    private <T> T read(Supplier<T> answer) {
        Duration age = survey.age();
        attention.paid(age == null || age.compareTo(Attention.OLD) > 0);
        return guarded(answer);
    }

    /** An operation: calls drivers and pools. */
    private static <T> T onOwnThread(Supplier<T> answer) {
        return guarded(() -> Errand.run(answer));
    }

    /** Remote clients can read JDK exceptions without a cause, and no others. */
    private static <T> T guarded(Supplier<T> answer) {
        try {
            return answer.get();
        } catch (RuntimeException trouble) {
            throw new IllegalStateException("pgleash could not do this: " + trouble);
        }
    }
}
