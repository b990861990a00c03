// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH, one fork at a time, so that contenders can take turns. */
final class JmhRuns {
    /**
     * Seconds. Threads that fill all CPUs leave the compiler little, and what runs until it is done counts its calls in
     * memory that they all write.
     */
    private static final int CROWDED_WARMUP = 6;

    private final Field field;

    JmhRuns(Field field) {
        this.field = field;
    }

    /** @param bytes allocated by one operation */
    record Score(double time, double bytes) {}

    /** By the name of the benchmark method. */
    Map<String, Score> fork(Contender contender, Class<?> benchmark, int threads, Map<String, String> parameters)
            throws Exception {
        TimeValue second = TimeValue.milliseconds(field.quick() ? 100 : 1_000);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName().replace("$", "\\$") + "\\.")
                .jvm(field.javaHome().resolve("bin").resolve("java").toString())
                .jvmArgs(contender.jvmArguments().toArray(String[]::new))
                .forks(1)
                .threads(threads)
                .warmupIterations(field.quick() ? 1 : threads == 1 ? 2 : CROWDED_WARMUP)
                .warmupTime(second)
                .measurementIterations(field.quick() ? 1 : 3)
                .measurementTime(second)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach((name, value) -> options.param(name, value));
        Collection<RunResult> results = new Runner(options.build()).run();
        Map<String, Score> scores = new LinkedHashMap<>();
        for (RunResult result : results) {
            String method = List.of(result.getParams().getBenchmark().split("\\.", -1))
                    .get(result.getParams().getBenchmark().split("\\.", -1).length - 1);
            Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            if (bytes == null) {
                bytes = result.getSecondaryResults().get("·gc.alloc.rate.norm");
            }
            scores.put(
                    method,
                    new Score(result.getPrimaryResult().getScore(), bytes == null ? Double.NaN : bytes.getScore()));
        }
        return scores;
    }
}
