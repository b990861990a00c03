// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.act.Problems;
import io.github.pgleash.connect.Weaver;
import io.github.pgleash.options.Options;
import io.github.pgleash.report.LineLogger;
import io.github.pgleash.tag.Instance;
import io.github.pgleash.tag.TagPattern;
import io.github.pgleash.tag.Tagger;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.ConnectionRegistry;
import io.github.pgleash.track.Farewells;
import io.github.pgleash.track.Shortage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What the application's own threads need: the tag, the registries, and the events that fill them. Made at the first
 * connection by the thread that opens it, which waits for it: so it is no more than that, without lambdas, whose first use
 * alone takes as long as all the rest.
 */
record Tracking(
        LineLogger log,
        Problems problems,
        Instance instance,
        Tagger tagger,
        ConnectionRegistry registry,
        BorrowRegistry borrows,
        Farewells farewells,
        Shortage shortage,
        ConnectionFlow events,
        Weaver weaver) {

    static Tracking of(Options options, PatrolThread thread, Weaver weaver) {
        LineLogger log = LineLogger.to(options.log());
        Problems problems = new Problems(log);
        Instance instance = Instance.ofThisJvm();
        Tagger tagger = new Tagger(new TagPattern(options.tag()), instance, options.app());
        ConnectionRegistry registry = new ConnectionRegistry();
        BorrowRegistry borrows = new BorrowRegistry(
                new TellsReturn(weaver), stacks(options.stacks()), registry, new IsBesideDataSource(weaver));
        borrows.rehearse();
        Farewells farewells = new Farewells(new TellFailures(weaver));
        Shortage shortage = new Shortage(new Wake(thread));
        return new Tracking(
                log,
                problems,
                instance,
                tagger,
                registry,
                borrows,
                farewells,
                shortage,
                new ConnectionFlow(options.tagging() ? tagger : null, registry, borrows, farewells, shortage, problems),
                weaver);
    }

    private static BorrowStacks stacks(Options.StackMode mode) {
        if (mode == Options.StackMode.ALWAYS) {
            return BorrowStacks.always();
        }
        return mode == Options.StackMode.BUDGET ? BorrowStacks.budget() : BorrowStacks.never();
    }

    private record TellsReturn(Weaver weaver) implements Predicate<Class<?>> {
        @Override
        public boolean test(Class<?> handle) {
            return weaver.tellsReturn(handle);
        }
    }

    private record IsBesideDataSource(Weaver weaver) implements Predicate<Class<?>> {
        @Override
        public boolean test(Class<?> type) {
            return weaver.isBesideDataSource(type);
        }
    }

    private record TellFailures(Weaver weaver) implements Consumer<Class<?>> {
        @Override
        public void accept(Class<?> handle) {
            weaver.tellFailures(handle);
        }
    }

    private record Wake(PatrolThread thread) implements Runnable {
        @Override
        public void run() {
            thread.wake();
        }
    }
}
