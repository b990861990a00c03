// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Jdks;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rule file: changed, broken and mended while the service runs; and tried out beforehand. */
final class RuleFileIT {
    private final Onlooker onlooker = new Onlooker(PostgresServers.shared());

    @TempDir
    private Path folder;

    @Test
    void a_change_takes_effect_without_a_restart_and_a_broken_file_does_not() {
        Rulebook book = Rulebook.in(folder, "rule.watch.match.pool = " + Shop.POOL);
        try (Shop shop = Shop.open(book.options(",action=terminate,action.after=500ms"))) {
            BackendsMXBean bean = shop.bean();
            book.awaitInForce(shop, "watch, default");
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            // The file's rule takes it, and only reports: the options' rule does not get it.
            Rulebook.assertNoMoreThan(shop, 0);

            book.write("rule.watch.match.pool = " + Shop.POOL, "", "rule.watch.action = kill");
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(bean.getProblems())
                            .singleElement()
                            .asString()
                            .contains(
                                    book.file()
                                            + " is refused as a whole: line 3: rule.watch.action: write one of report",
                                    "the last good rules stay in force"));
            Rulebook.assertNoMoreThan(shop, 0);
            assertThat(bean.preview())
                    .contains("rules: watch, default, from " + book.file())
                    .contains("the file as it is now is refused: line 3: ");

            book.write("rule.leaks.match.verdict = leaked", "rule.leaks.action = terminate", "rule.leaks.after = 1s");
            assertThat(Rulebook.awaitReceipts(shop, 1))
                    .extracting(Receipt::by, Receipt::outcome)
                    .containsExactly(tuple("rule leaks", "GONE"));
            book.awaitInForce(shop, "leaks, default");
            assertThat(bean.getProblems()).isEmpty();
            assertThat(told(shop, "is refused as a whole")).hasSize(1);
            assertThat(onlooker.state(pid)).isEqualTo(Onlooker.GONE);
        }
    }

    /** The option may be what the file was to narrow down. */
    @Test
    void with_a_file_that_was_never_good_nothing_acts() {
        Rulebook book = Rulebook.in(folder, "rule.a.match.pool = (");
        try (Shop shop = Shop.open(book.options(",action=terminate,action.after=0"))) {
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            Rulebook.assertNoMoreThan(shop, 0);
            assertThat(shop.service().backends().getProblems())
                    .singleElement()
                    .asString()
                    .contains("line 1: rule.a.match.pool: not a regular expression")
                    .contains("until it is mended, no rule acts, nor does the option action");
            book.write("# no rules");
            assertThat(Rulebook.awaitReceipts(shop, 1)).extracting(Receipt::by).containsExactly("rule default");
        }
    }

    @Test
    void a_file_that_goes_away_leaves_its_rules_in_force() throws Exception {
        Rulebook book = Rulebook.in(folder, "rule.watch.match.pool = " + Shop.POOL);
        try (Shop shop = Shop.open(book.options(",action=terminate,action.after=0"))) {
            BackendsMXBean bean = shop.bean();
            book.awaitInForce(shop, "watch, default");
            Files.delete(book.file());
            await().atMost(ServiceJvm.DEADLINE)
                    .untilAsserted(() -> assertThat(bean.getProblems())
                            .singleElement()
                            .asString()
                            .contains("NoSuchFileException", "the last good rules stay in force"));
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            Rulebook.assertNoMoreThan(shop, 0);
        }
    }

    @Test
    void a_saved_listing_is_replayed_by_the_jar_itself() throws Exception {
        Rulebook book = Rulebook.in(folder, "rule.watch.match.verdict = leaked");
        Path listing = folder.resolve("listing.txt");
        String id;
        try (Shop shop = Shop.open(book.options(""))) {
            int pid = shop.forgotten("orders");
            shop.awaitVerdict(pid, "leaked");
            id = onlooker.id(pid);
            String text = shop.service().backends().listing();
            assertThat(text).contains("backend=" + id + "\n", "verdict=leaked\n", "pool=" + Shop.POOL + "\n");
            Files.writeString(listing, text);
            assertThat(run("--test-rules", book.file().toString(), listing.toString()))
                    .startsWith("0 1 backends are leaked or stuck: 0 would be cancelled and 0 terminated now")
                    .contains("rule watch: report; matches 1", "report " + id);
        }
        book.write(
                "rule.leaks.action = terminate",
                "rule.leaks.after = 0",
                "rule.leaks.match.borrowedFrom = \\.checkout\\(");
        assertThat(run("--test-rules", book.file().toString(), listing.toString()))
                .startsWith("0 1 backends are leaked or stuck: 0 would be cancelled and 1 terminated now")
                .contains("rule leaks: terminate, victims oldest, after 0 ms; matches 1", "TERMINATE " + id);
        assertThat(run("--test-rules", book.file().toString()))
                .startsWith("0 rule leaks: terminate")
                .contains("rule default: report");
    }

    @Test
    void what_cannot_be_replayed_is_told_in_one_line() throws Exception {
        Rulebook book = Rulebook.in(folder, "rule.a.action = report", "rule.a.colour = red");
        assertThat(run("--test-rules", book.file().toString()))
                .isEqualTo(
                        "1 pgleash: " + book.file()
                                + ": line 2: rule.a.colour: no such key; there are action, after, escalate, victims, confidence, include, match.…, ignore.…\n");
        assertThat(run("--test-rules")).startsWith("1 pgleash: usage: ");
        assertThat(run("--test-rules", folder.resolve("none").toString())).contains("1 pgleash: ", "cannot be read");
    }

    /** Exit status, and all that it says. */
    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Jdks.configured().resolve("bin/java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-Dsun.stderr.encoding=UTF-8",
                "-jar",
                ServiceJvm.agentJar().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + text;
    }

    private static List<String> told(Shop shop, String text) {
        return shop.service().stderr().stream()
                .filter(line -> line.contains(text))
                .toList();
    }
}
