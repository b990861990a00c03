// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atomikos.icatch.jta.UserTransactionManager;
import com.atomikos.jdbc.AtomikosDataSourceBean;
import io.github.pgleash.compatibility.observe.Onlooker;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.sql.XAConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.xa.PGXADataSource;

/** Connections of distributed transactions are shown, and left to their transaction manager. */
final class XaIT {
    private static final String OPTIONS = "app=shop,leak.after=1s,patrol.interval=200ms";

    private final PostgresServer server = PostgresServers.shared();

    @Test
    void the_drivers_own_xa_connection_is_shown_and_never_leaked() {
        String url = server.url();
        try (ServiceJvm service = ServiceJvm.plan().agent(OPTIONS).start()) {
            int pid = Integer.parseInt(service.start("xa", stage -> {
                        PGXADataSource source = new PGXADataSource();
                        source.setUrl(url);
                        source.setUser(APP);
                        source.setPassword(SECRET);
                        XAConnection connection = stage.put("xa", source.getXAConnection());
                        stage.put("orders", connection.getConnection());
                        return String.valueOf(stage.query("orders", Orders.PID));
                    })
                    .join());
            assertIsLeftAlone(service, pid);
        }
    }

    @Test
    void a_branch_that_a_transaction_manager_forgot_is_shown_and_never_leaked(@TempDir Path logs) {
        String url = server.url();
        ServicePlan plan = ServiceJvm.plan()
                .systemProperty("com.atomikos.icatch.log_base_dir", logs.toString())
                .systemProperty("com.atomikos.icatch.registered", "true")
                .agent(OPTIONS);
        try (ServiceJvm service = plan.start()) {
            service.run(stage -> {
                AtomikosDataSourceBean pool = new AtomikosDataSourceBean();
                pool.setUniqueResourceName("orders");
                pool.setXaDataSourceClassName(PGXADataSource.class.getName());
                Properties settings = new Properties();
                settings.setProperty("url", url);
                settings.setProperty("user", APP);
                settings.setProperty("password", SECRET);
                pool.setXaProperties(settings);
                pool.setMaxPoolSize(2);
                stage.put("manager", new UserTransactionManager()).init();
                stage.put(Shop.POOL, pool);
            });
            int pid = Integer.parseInt(service.start("xa", stage -> {
                        stage.get("manager", UserTransactionManager.class).begin();
                        return Orders.checkout(stage, "orders");
                    })
                    .join());
            Backend row = assertIsLeftAlone(service, pid);
            assertThat(row.owner()).startsWith("xa #");
            assertThat(row.notes()).contains("it takes part in distributed transactions");

            assertThat(service.backends().terminateIdleInTransaction(1, false))
                    .singleElement()
                    .satisfies(receipt -> assertThat(receipt.outcome()).isEqualTo("REFUSED"));
            assertIsLeftAlone(service, pid);
        }
    }

    private Backend assertIsLeftAlone(ServiceJvm service, int pid) {
        Onlooker onlooker = new Onlooker(server);
        onlooker.awaitAge(pid, Duration.ofMillis(1_100));
        await().during(Duration.ofSeconds(1)).atMost(ServiceJvm.DEADLINE).untilAsserted(() -> {
            Backend row = Listing.of(service).row(Integer.toString(pid));
            assertThat(row.notes()).contains("XA");
            assertThat(row.verdict()).isEqualTo("healthy");
        });
        assertThat(service.backends().terminateLeaked(false)).isEmpty();
        assertThat(onlooker.state(pid)).isNotEqualTo(Onlooker.GONE);
        assertThat(service.backends().getLeaked()).isZero();
        return Listing.of(service).row(Integer.toString(pid));
    }
}
