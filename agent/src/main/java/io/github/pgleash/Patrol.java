// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Claims;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Survey;
import io.github.pgleash.cleanup.Cleanup;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.report.Attention;
import io.github.pgleash.report.Exhaustion;
import io.github.pgleash.report.JmxRegistration;
import io.github.pgleash.report.LeakWatch;
import io.github.pgleash.report.Notifications;
import io.github.pgleash.report.Watchdog;
import io.github.pgleash.track.Shortage;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * What the agent's own thread does: register the MBean once the application has a connection, then look whenever
 * somebody reads the MBean or this JVM has a reason, have rules applied to what was seen, and otherwise leave the
 * servers alone. No trouble ends it: each step is guarded by itself.
 */
final class Patrol implements Runnable {
    private static final String PATROL = "patrol";

    private final Duration interval;
    private final BackendsMXBean bean;
    private final Attention attention;
    private final Survey survey;
    private final ControlConnections controls;
    private final Problems problems;
    private final Shortage shortage;
    private final Exhaustion exhaustion;
    private final LeakWatch watch;
    private final Notifications notifications;
    private final Cleanup cleanup;
    private final Watchdog watchdog;
    private boolean troubled;
    private final Claims claims;
    private final Runnable weavePostponed;
    private final Runnable noteThreads;
    private final Runnable settleStacks;

    /**
     * @param weavePostponed of a driver, what the first connection did not wait for
     * @param noteThreads for the exit, to tell who is new then
     * @param settleStacks of the borrows that last
     */
    Patrol(
            Duration interval,
            BackendsMXBean bean,
            Attention attention,
            Survey survey,
            ControlConnections controls,
            Problems problems,
            Shortage shortage,
            Exhaustion exhaustion,
            LeakWatch watch,
            Notifications notifications,
            Cleanup cleanup,
            Watchdog watchdog,
            Claims claims,
            Runnable weavePostponed,
            Runnable noteThreads,
            Runnable settleStacks) {
        this.interval = interval;
        this.bean = bean;
        this.attention = attention;
        this.survey = survey;
        this.controls = controls;
        this.problems = problems;
        this.shortage = shortage;
        this.exhaustion = exhaustion;
        this.watch = watch;
        this.notifications = notifications;
        this.cleanup = cleanup;
        this.watchdog = watchdog;
        this.claims = claims;
        this.weavePostponed = weavePostponed;
        this.noteThreads = noteThreads;
        this.settleStacks = settleStacks;
    }

    @Override
    public void run() {
        guarded("JMX", () -> JmxRegistration.register(ManagementFactory.getPlatformMBeanServer(), bean, notifications));
        while (true) {
            round();
            LockSupport.parkNanos(interval.toNanos());
            Thread.interrupted(); // whoever interrupts it does not make it spin
        }
    }

    /** One round, for the patrol alone. */
    void round() {
        troubled = false;
        guarded(PATROL, weavePostponed);
        guarded(PATROL, noteThreads);
        guarded(PATROL, settleStacks);
        AtomicBoolean exhausted = new AtomicBoolean();
        List<Finding> findings = new ArrayList<>();
        step("telling of an exhaustion", () -> exhausted.set(tellExhaustion()));
        step("reserving control connections", survey::reserve);
        step("looking at the servers", () -> findings.addAll(look()));
        step("telling verdicts", this::tellVerdicts);
        step("applying rules", () -> cleanup.round(findings, exhausted.get()));
        step("closing control connections", () -> {
            controls.closeIdle();
            controls.closeUnless(survey.logins());
        });
        guarded(PATROL, watchdog::pauses);
        if (!troubled) {
            guarded(PATROL, () -> problems.solved(PATROL));
        }
    }

    private boolean tellExhaustion() {
        String sign = shortage.take();
        if (sign != null) {
            exhaustion.report(sign);
        }
        return sign != null;
    }

    /** Empty where there was no reason: then nobody was asked, and nothing may be done. */
    private List<Finding> look() {
        boolean look = attention.take();
        if (!look && !survey.isAnythingSuspect()) {
            return List.of();
        }
        survey.look();
        return survey.findings();
    }

    private void tellVerdicts() {
        List<Finding> now = survey.findings();
        watch.update(now);
        claims.expect(now);
    }

    private void step(String name, Runnable work) {
        guarded(PATROL, () -> {
            watchdog.enters(name);
            work.run();
        });
    }

    private void guarded(String subject, Runnable work) {
        try {
            work.run();
        } catch (Throwable trouble) {
            troubled = true;
            note(subject, trouble);
        }
    }

    /** Without memory, even that may fail. */
    private void note(String subject, Throwable trouble) {
        try {
            problems.add(subject, trouble.toString());
        } catch (Throwable worse) {
            // the next round will say it
        }
    }
}
