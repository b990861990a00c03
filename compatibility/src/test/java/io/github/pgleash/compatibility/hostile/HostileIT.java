// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.lang.reflect.RecordComponent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/**
 * Hostile roles, databases, pools, threads, application names, statements and ids, a few hundred: what JConsole and the
 * log get are single, bounded lines without markup, and nothing throws.
 */
final class HostileIT {
    private static final int SERVICES = 6;
    private static final int ROUNDS = 50;
    private static final int LONGEST = 16_000;
    private static final String PASSWORD = "zq7secret";

    private final HostileWords words = new HostileWords();

    @Test
    void whatever_they_are_called_and_run_the_lists_are_well_formed()
            throws SQLException, ReflectiveOperationException {
        PostgresServer server = PostgresServers.shared();
        for (int i = 0; i < SERVICES; i++) {
            String role = words.name();
            String database = words.name();
            make(server, role, database);
            String url = server.url(
                    URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20"));
            try (ServiceJvm service = ServiceJvm.plan()
                    .agent("query=" + (i % 2 == 0 ? "full" : "masked") + ",leak.after=1s,patrol.interval=200ms")
                    .systemProperty("pgleash.app", words.name())
                    .start()) {
                String pool = words.text();
                service.run(stage -> stage.put("shop", new HostileShop(pool, url, role, PASSWORD)));
                for (int round = 0; round < ROUNDS; round++) {
                    String thread = words.text();
                    String name = words.name();
                    String statement = words.statement();
                    service.run(stage -> stage.get("shop", HostileShop.class).next(thread, name, statement));
                    check(service.backends());
                }
                endTheLast(service.backends());
                service.stderr().stream()
                        .filter(line -> line.startsWith("pgleash "))
                        .forEach(this::assertLine);
                assertThat(service.backends().getProblems()).as(words.seed()).isEmpty();
            }
        }
        System.out.println(SERVICES * ROUNDS + " hostile sessions, " + words.seed());
    }

    private void check(BackendsMXBean bean) throws ReflectiveOperationException {
        bean.table().lines().forEach(this::assertLine);
        for (String line : bean.getTable()) {
            assertLine(line);
        }
        for (String line : bean.getServers()) {
            assertLine(line);
        }
        assertThat(bean.getBackends()).as(words.seed()).isNotEmpty();
        for (Backend backend : bean.getBackends()) {
            for (RecordComponent component : Backend.class.getRecordComponents()) {
                if (component.getAccessor().invoke(backend) instanceof String value) {
                    assertLine(value);
                }
            }
            assertThat(backend.state()).as(words.seed() + backend).isNotNull();
            bean.explain(backend.id()).lines().forEach(this::assertLine);
        }
        String id = words.text();
        bean.explain(id).lines().forEach(this::assertLine);
        assertReceipt(bean.cancel(id), "REFUSED");
        assertReceipt(bean.terminate(id), "REFUSED");
    }

    private void endTheLast(BackendsMXBean bean) {
        await().atMost(ServiceJvm.DEADLINE).until(() -> {
            bean.refresh();
            return bean.getLeaked() == 1;
        });
        Receipt[] receipts = bean.terminateLeaked(false);
        assertThat(receipts).hasSize(1);
        assertReceipt(receipts[0], "GONE");
        assertThat(receipts[0].slotFreed()).isTrue();
    }

    private void assertReceipt(Receipt receipt, String outcome) {
        assertThat(receipt.outcome()).as(words.seed() + receipt).isEqualTo(outcome);
        assertLine(receipt.backend());
        assertLine(receipt.reason());
        assertLine(receipt.by());
        receipt.evidence().lines().forEach(this::assertLine);
    }

    private void assertLine(String line) {
        assertThat(line.length()).as(words.seed()).isLessThanOrEqualTo(LONGEST);
        assertThat(line).as(words.seed()).doesNotStartWith("<").doesNotContain(PASSWORD);
        assertThat(line.codePoints().noneMatch(HostileIT::isOutOfPlace))
                .as(() -> words.seed() + ": " + line)
                .isTrue();
    }

    /** Half a surrogate pair, too, is a code point to itself. */
    private static boolean isOutOfPlace(int c) {
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || Character.getType(c) == Character.SURROGATE;
    }

    private static void make(PostgresServer server, String role, String database) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + statement.enquoteIdentifier(database, true));
            statement.execute("DROP ROLE IF EXISTS " + statement.enquoteIdentifier(role, true));
            statement.execute(
                    "CREATE ROLE " + statement.enquoteIdentifier(role, true) + " LOGIN PASSWORD '" + PASSWORD + "'");
            statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
        }
    }
}
