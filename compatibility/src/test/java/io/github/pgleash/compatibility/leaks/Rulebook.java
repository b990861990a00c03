// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A rule file of the test, and what came of it. */
record Rulebook(Path file) {
    static Rulebook in(Path folder, String... lines) {
        Rulebook book = new Rulebook(folder.resolve("pgleash.rules"));
        book.write(lines);
        return book;
    }

    void write(String... lines) {
        try {
            Files.write(file, List.of(lines));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The agent's options, with this file. */
    String options(String more) {
        return Shop.EAGER + ",rules=" + file + more;
    }

    /** Waits until the log says that these rules are in force. */
    void awaitInForce(Shop shop, String names) {
        String unused = shop.service().awaitStderr("rules in force: " + names + "$");
    }

    /** Waits for that many receipts; oldest first. Reading them wakes nobody. */
    static List<Receipt> awaitReceipts(Shop shop, int count) {
        await(count + " receipts")
                .atMost(ServiceJvm.DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(receipts(shop)).hasSizeGreaterThanOrEqualTo(count));
        return receipts(shop);
    }

    static List<Receipt> receipts(Shop shop) {
        Receipt[] newestFirst = shop.service().backends().getReceipts();
        Receipt[] oldestFirst = new Receipt[newestFirst.length];
        Arrays.setAll(oldestFirst, i -> newestFirst[newestFirst.length - 1 - i]);
        return List.of(oldestFirst);
    }

    /** Nothing more is done, for several patrols. */
    static void assertNoMoreThan(Shop shop, int count) {
        await().during(Duration.ofSeconds(2))
                .atMost(ServiceJvm.DEADLINE)
                .untilAsserted(() -> assertThat(receipts(shop)).hasSize(count));
    }
}
