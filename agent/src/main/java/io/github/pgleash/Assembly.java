// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Actions;
import io.github.pgleash.act.Claims;
import io.github.pgleash.act.Logins;
import io.github.pgleash.act.OtherHooks;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Shutdown;
import io.github.pgleash.act.Strangers;
import io.github.pgleash.act.Survey;
import io.github.pgleash.act.Targets;
import io.github.pgleash.connect.ConnectionEvents;
import io.github.pgleash.connect.Weaver;
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
import io.github.pgleash.tag.Instance;
import io.github.pgleash.tag.TagPattern;
import io.github.pgleash.tag.Tagger;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.Farewells;
import io.github.pgleash.track.Shortage;
import java.util.Optional;

/** Puts the agent together, from the log to the MBean; read it for who works with whom. */
final class Assembly {
    /** A control connection that nobody needed in that many rounds of the patrol is closed. */
    private static final int ROUNDS_UNTIL_IDLE = 3;

    private final ConnectionEvents events;
    private final Patrol patrol;
    private final LineLogger log;
    private final Optional<Shutdown> shutdown;

    Assembly(Options options, PatrolThread thread, Weaver weaver) {
        log = LineLogger.to(options.log());
        Problems problems = new Problems(log);

        Instance instance = Instance.ofThisJvm();
        Tagger tagger = new Tagger(new TagPattern(options.tag()), instance, options.app());
        ConnectionRegistry registry = new ConnectionRegistry();
        BorrowRegistry borrows =
                new BorrowRegistry(weaver::tellsReturn, stacks(options.stacks()), registry, weaver::isBesideDataSource);
        Farewells farewells = new Farewells(weaver::tellFailures);
        Shortage shortage = new Shortage(thread::wake);
        events =
                new ConnectionFlow(options.tagging() ? tagger : null, registry, borrows, farewells, shortage, problems);

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
        Actions actions = new Actions(
                new Targets(registry),
                survey,
                controls,
                logins,
                new Strangers(registry, controls, logins),
                new Claims(borrows, farewells),
                receipts);

        OtherHooks others = new OtherHooks();
        shutdown = options.shutdown()
                ? Optional.of(
                        new Shutdown(registry, borrows, others, judge, options.shutdownWait(), receipts::atExit, log))
                : Optional.empty();

        Exhaustion exhaustion = new Exhaustion(survey, notifications, log);
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
                rows);
        patrol = new Patrol(
                options.patrolInterval(),
                bean,
                attention,
                survey,
                controls,
                problems,
                shortage,
                exhaustion,
                new LeakWatch(rows, notifications, log),
                notifications,
                options.shutdown() ? others::noteThreads : () -> {});
    }

    private static BorrowStacks stacks(Options.StackMode mode) {
        return switch (mode) {
            case ALWAYS -> BorrowStacks.always();
            case BUDGET -> BorrowStacks.budget();
            case NEVER -> BorrowStacks.never();
        };
    }

    ConnectionEvents events() {
        return events;
    }

    /** Empty with {@code shutdown=off}. */
    Optional<Shutdown> shutdown() {
        return shutdown;
    }

    Runnable patrol() {
        return () -> {
            log.open();
            shutdown.ifPresent(Shutdown::rehearse);
            patrol.run();
        };
    }
}
