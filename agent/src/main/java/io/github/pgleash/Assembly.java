// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Actions;
import io.github.pgleash.act.Claims;
import io.github.pgleash.act.Errand;
import io.github.pgleash.act.Logins;
import io.github.pgleash.act.OtherHooks;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Shutdown;
import io.github.pgleash.act.Strangers;
import io.github.pgleash.act.Survey;
import io.github.pgleash.act.Targets;
import io.github.pgleash.cleanup.Candidates;
import io.github.pgleash.cleanup.Cleanup;
import io.github.pgleash.cleanup.RuleBook;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Thresholds;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.options.Options;
import io.github.pgleash.report.Attention;
import io.github.pgleash.report.BackendsBean;
import io.github.pgleash.report.Exhaustion;
import io.github.pgleash.report.LeakWatch;
import io.github.pgleash.report.LineLogger;
import io.github.pgleash.report.Notifications;
import io.github.pgleash.report.ReceiptLines;
import io.github.pgleash.report.Receipts;
import io.github.pgleash.report.Rows;
import io.github.pgleash.report.Watchdog;
import io.github.pgleash.rules.Budget;
import io.github.pgleash.rules.Measure;
import io.github.pgleash.tag.Instance;
import io.github.pgleash.tag.TagPattern;
import io.github.pgleash.tag.Tagger;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.ConnectionRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Puts the agent together, around what {@link Tracking} has, to the MBean; read both for who works with whom. Made by
 * the patrol's thread: of its 150 classes the application's would have to wait for each.
 */
final class Assembly {
    /** A control connection that nobody needed in that many rounds of the patrol is closed. */
    private static final int ROUNDS_UNTIL_IDLE = 3;

    /** A time between two rounds that is longer than so many intervals was a pause of the machine. */
    private static final int INTERVALS_UNTIL_GAP = 3;

    private static final Duration SHORTEST_GAP = Duration.ofSeconds(5);

    private final Patrol patrol;
    private final LineLogger log;
    private final ExitThread exit;
    private final ConnectionFlow events;
    private final @Nullable Shutdown shutdown;

    Assembly(Options options, Tracking tracking, PatrolThread thread, ExitThread exit, OtherHooks others) {
        this.exit = exit;
        this.events = tracking.events();
        log = tracking.log();
        Problems problems = tracking.problems();
        Instance instance = tracking.instance();
        Tagger tagger = tracking.tagger();
        ConnectionRegistry registry = tracking.registry();
        BorrowRegistry borrows = tracking.borrows();

        Options.Control control = options.control();
        Logins logins = new Logins(control.url(), control.user(), control.password());
        ControlConnections controls = new ControlConnections(
                new Tagger(new TagPattern("pgleash of {app}@{host}:{pid}"), instance, options.app()).tagFor(null),
                control.reserve(),
                options.patrolInterval().multipliedBy(ROUNDS_UNTIL_IDLE));

        Judge judge = new Judge(new Thresholds(
                options.leakAfter(), options.idleInTransactionAfter(), options.activeAfter(), options.blockedAfter()));
        Survey survey = new Survey(registry, borrows, controls, logins, judge, problems);

        Rows rows = new Rows(StatementText.valueOf(options.query().name()));
        Notifications notifications = new Notifications();
        Receipts receipts = new Receipts(notifications, new ReceiptLines(options.receipts(), log), log);
        Claims claims = new Claims(borrows, tracking.farewells());
        Actions actions = new Actions(
                new Targets(registry),
                survey,
                controls,
                logins,
                new Strangers(registry, controls, logins),
                claims,
                receipts);

        shutdown = options.shutdown()
                ? new Shutdown(registry, borrows, others, judge, options.shutdownWait(), receipts::atExit, log)
                : null;

        Exhaustion exhaustion = new Exhaustion(survey, notifications, log);
        Cleanup cleanup = cleanup(options, survey, actions, problems, notifications);
        Watchdog watchdog = new Watchdog(options.patrolInterval(), problems);
        Attention attention = new Attention(thread::wake);
        BackendsBean bean = new BackendsBean(
                new BackendsBean.About(instance, tagger, options.tagging(), Agent.version()),
                registry,
                borrows,
                survey,
                actions,
                receipts,
                problems,
                attention,
                exhaustion,
                rows,
                cleanup,
                watchdog);
        patrol = new Patrol(
                options.patrolInterval(),
                bean,
                attention,
                survey,
                controls,
                problems,
                tracking.shortage(),
                exhaustion,
                new LeakWatch(rows, notifications, log),
                notifications,
                cleanup,
                watchdog,
                claims,
                tracking.weaver()::weavePostponed,
                options.shutdown() ? others::noteThreads : () -> {},
                borrows::settleStacks);
    }

    private Cleanup cleanup(
            Options options, Survey survey, Actions actions, Problems problems, Notifications notifications) {
        Duration longestGap = options.patrolInterval().multipliedBy(INTERVALS_UNTIL_GAP);
        return new Cleanup(
                new RuleBook(
                        options.rules(),
                        Measure.valueOf(options.action().name()),
                        options.actionAfter(),
                        problems,
                        log),
                new Candidates(StatementText.valueOf(options.query().name())),
                survey,
                actions,
                new Cleanup.Limits(
                        new Budget(
                                options.actionMax().count(), options.actionMax().per()),
                        longestGap.compareTo(SHORTEST_GAP) > 0 ? longestGap : SHORTEST_GAP),
                new Cleanup.Reports(problems, log, notifications::halted),
                Errand::run,
                System::nanoTime);
    }

    /** Called by the patrol's thread. */
    void run() {
        log.open();
        if (shutdown != null) {
            shutdown.rehearse();
            exit.serve(shutdown);
            events.serve(shutdown);
        }
        patrol.run();
    }
}
