// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.act;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static io.github.pgleash.compatibility.server.PostgresServer.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Receipt;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One JVM with several servers, roles and databases: each backend is looked for where it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralServersIT {
    private final PostgresServer first = PostgresServers.shared();
    private final PostgresServer second =
            PostgresServers.start(PostgresServers.majors().get(0));
    private ServiceJvm service;
    private int shop;
    private int archive;
    private int neighbour;
    private int elsewhere;

    @BeforeEach
    void openSessions() {
        service = ServiceJvm.plan().agent("app=wide").start();
        first.createRole("neighbour", SECRET, "");
        first.createDatabase("archive", APP);
        shop = Sessions.of(service, first).idleInTransaction("shop");
        archive = new Sessions(service, first.url("archive"), APP, SECRET).idleInTransaction("archive");
        neighbour = new Sessions(service, first.url(), "neighbour", SECRET).idleInTransaction("neighbour");
        elsewhere = Sessions.of(service, second).idleInTransaction("elsewhere");
    }

    @AfterEach
    void closeService() {
        service.close();
    }

    @AfterAll
    void closeServer() {
        second.close();
    }

    @Test
    void the_list_has_each_with_its_server_role_and_database() {
        BackendsMXBean bean = service.backends();
        bean.refresh();
        String here = first.host() + ":" + first.port();
        String there = second.host() + ":" + second.port();
        assertThat(bean.getBackends())
                .extracting(Backend::pid, Backend::server, Backend::usename, Backend::datname, Backend::state)
                .containsExactlyInAnyOrder(
                        tuple(shop, here, APP, SHOP, "idle in transaction"),
                        tuple(archive, here, APP, "archive", "idle in transaction"),
                        tuple(neighbour, here, "neighbour", SHOP, "idle in transaction"),
                        tuple(elsewhere, there, APP, SHOP, "idle in transaction"));
        assertThat(bean.getServers())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("app@" + here))
                .anySatisfy(line -> assertThat(line).startsWith("neighbour@" + here))
                .anySatisfy(line -> assertThat(line).startsWith("app@" + there));
    }

    @Test
    void terminating_addresses_the_right_one() {
        Onlooker here = new Onlooker(first);
        Onlooker there = new Onlooker(second);
        assertThat(terminate(there.id(elsewhere))).isEqualTo("GONE");
        assertThat(there.state(elsewhere)).isEqualTo(Onlooker.GONE);
        assertThat(terminate(here.shortId(neighbour))).isEqualTo("GONE");
        assertThat(here.state(neighbour)).isEqualTo(Onlooker.GONE);
        assertThat(terminate(Integer.toString(archive))).isEqualTo("GONE");
        assertThat(here.state(archive)).isEqualTo(Onlooker.GONE);
        assertThat(here.state(shop)).isEqualTo("idle in transaction");
        assertThat(terminate(there.shortId(shop))).isEqualTo("REFUSED");
        assertThat(here.state(shop)).isEqualTo("idle in transaction");
    }

    @Test
    void terminating_many_reaches_all_servers() {
        new Onlooker(first).awaitAge(neighbour, Duration.ofMillis(1_100));
        new Onlooker(second).awaitAge(elsewhere, Duration.ofMillis(1_100));
        assertThat(service.backends().terminateIdleInTransaction(1, false))
                .hasSize(4)
                .extracting(Receipt::outcome)
                .containsOnly("GONE");
        assertThat(new Onlooker(first).state(neighbour)).isEqualTo(Onlooker.GONE);
        assertThat(new Onlooker(second).state(elsewhere)).isEqualTo(Onlooker.GONE);
    }

    private String terminate(String id) {
        return service.backends().terminate(id).outcome();
    }
}
