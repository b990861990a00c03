// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Survey;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.report.Attention;
import io.github.pgleash.report.Exhaustion;
import io.github.pgleash.report.JmxRegistration;
import io.github.pgleash.report.LeakWatch;
import io.github.pgleash.report.Notifications;
import io.github.pgleash.track.Shortage;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What the agent's own thread does: register the MBean once the application has a connection, then look whenever
 * somebody reads the MBean, and otherwise leave the servers alone. No trouble ends it.
 */
final class Patrol implements Runnable {
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
    private final Runnable noteThreads;

    /** @param noteThreads for the exit, to tell who is new then */
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
            Runnable noteThreads) {
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
        this.noteThreads = noteThreads;
    }

    @Override
    public void run() {
        guarded("JMX", () -> JmxRegistration.register(ManagementFactory.getPlatformMBeanServer(), bean, notifications));
        while (true) {
            guarded("patrol", this::round);
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    private void round() {
        noteThreads.run();
        String sign = shortage.take();
        if (sign != null) {
            exhaustion.report(sign);
        }
        survey.reserve();
        boolean look = attention.take();
        if (look || survey.isAnythingSuspect()) {
            survey.look();
        }
        watch.update(survey.findings());
        controls.closeIdle();
        controls.closeUnless(survey.logins());
    }

    private void guarded(String subject, Runnable work) {
        try {
            work.run();
        } catch (Throwable trouble) {
            problems.add(subject, trouble.toString());
        }
    }
}
