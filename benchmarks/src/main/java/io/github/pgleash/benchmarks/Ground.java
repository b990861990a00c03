// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the jars are that take part.
 *
 * @param home the folder of benchmarks.jar
 * @param agent the agent under test
 */
record Ground(Path home, Path agent) {
    static final String NONE = "no agent";
    static final String EMPTY = "empty agent";
    static final String PGLEASH = "pgleash";

    Ground {
        if (!Files.isRegularFile(agent)) {
            throw new IllegalArgumentException("there is no " + agent + "; build it, or name it with --agent");
        }
    }

    Contender none() {
        return new Contender(NONE, List.of());
    }

    Contender empty() {
        return new Contender(
                EMPTY, List.of("-javaagent:" + home.resolve("agents").resolve("empty-agent.jar")));
    }

    Contender pgleash() {
        return pgleash("");
    }

    /** @param options of the agent; empty for the defaults */
    Contender pgleash(String options) {
        return new Contender(
                options.isEmpty() ? PGLEASH : PGLEASH + " " + options,
                List.of("-javaagent:" + agent + (options.isEmpty() ? "" : "=" + options)));
    }

    /** It writes down each statement; not into the folder that the comparison was started in. */
    Contender p6spy() {
        return new Contender("p6spy", List.of("-Dp6spy.config.logfile=" + home.resolve("spy.log")));
    }

    /** With all of its instrumentation, but nobody to send the results to. */
    Contender openTelemetry() {
        return new Contender(
                "OpenTelemetry",
                List.of(
                        "-javaagent:" + home.resolve("agents").resolve("opentelemetry-javaagent.jar"),
                        "-Dotel.traces.exporter=none",
                        "-Dotel.metrics.exporter=none",
                        "-Dotel.logs.exporter=none"));
    }

    /** The same. */
    Contender elastic() {
        return new Contender(
                "Elastic APM",
                List.of(
                        "-javaagent:" + home.resolve("agents").resolve("elastic-apm-agent.jar"),
                        "-Delastic.apm.disable_send=true",
                        "-Delastic.apm.central_config=false",
                        "-Delastic.apm.cloud_provider=NONE",
                        "-Delastic.apm.log_level=OFF"));
    }

    String smallClassPath(boolean driver) {
        String hello = home.resolve("agents").resolve("hello-program.jar").toString();
        return driver ? hello + java.io.File.pathSeparator + jar("postgresql-") : hello;
    }

    String classPath() {
        return home.resolve("benchmarks.jar") + java.io.File.pathSeparator + home.resolve("lib") + "/*";
    }

    private Path jar(String prefix) {
        try (var files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        } catch (java.io.IOException missing) {
            throw new IllegalStateException("no libraries beside benchmarks.jar: " + missing, missing);
        }
    }
}
