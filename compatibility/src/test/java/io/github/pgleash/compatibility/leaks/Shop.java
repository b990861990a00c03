// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.leaks;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Running;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.ServicePlan;
import io.github.pgleash.compatibility.service.Stage;
import io.github.pgleash.compatibility.track.Listing;
import io.github.pgleash.jmx.Backend;
import io.github.pgleash.jmx.BackendsMXBean;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A service with a HikariCP pool and {@link Orders} as its application. Scripts are written here, and not in the tests,
 * since what they capture must travel.
 */
final class Shop implements AutoCloseable {
    /** Where the pool is on the stage, and its name. */
    static final String POOL = "orders-pool";

    /** Thresholds that need no patience. */
    static final String EAGER = "app=shop,leak.after=1s,idleInTransaction.after=1s,patrol.interval=200ms";

    private final ServiceJvm service;

    private Shop(ServiceJvm service) {
        this.service = service;
    }

    static Shop open(String options) {
        return open(ServiceJvm.plan().agent(options), 20, 0);
    }

    static Shop open(ServicePlan plan, int most, int idle) {
        return open(PostgresServers.shared(), plan, most, idle, ServiceJvm.DEADLINE);
    }

    /**
     * Starts the service and its pool.
     *
     * @param most connections
     * @param idle how many of them are kept open while nobody wants them
     * @param patience of who borrows
     */
    static Shop open(PostgresServer server, ServicePlan plan, int most, int idle, Duration patience) {
        Shop shop = new Shop(plan.start());
        String url = server.url();
        shop.service.run(stage -> stage.put(POOL, pool(url, APP, most, idle, patience)));
        return shop;
    }

    /** From now on the shop borrows from a pool of this role, and of one connection. */
    void changeRole(PostgresServer server, String role) {
        server.createRole(role, SECRET, "");
        String url = server.url();
        service.run(stage -> stage.put(POOL, pool(url, role, 1, 0, ServiceJvm.DEADLINE)));
    }

    private static HikariDataSource pool(String url, String role, int most, int idle, Duration patience) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(POOL);
        pool.setJdbcUrl(url);
        pool.setUsername(role);
        pool.setPassword(SECRET);
        pool.setMaximumPoolSize(most);
        pool.setMinimumIdle(idle);
        pool.setConnectionTimeout(patience.toMillis());
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    static String errand(String name) {
        return name + " errand";
    }

    ServiceJvm service() {
        return service;
    }

    /** The MBean, which is there from the first connection on: so there is a loan, for a moment. */
    BackendsMXBean bean() {
        service.run(
                stage -> stage.get(POOL, HikariDataSource.class).getConnection().close());
        return service.backends();
    }

    /** A borrow whose owner ends without returning it. */
    int forgotten(String name) {
        return Integer.parseInt(service.start("checkout " + name, stage -> Orders.checkout(stage, name))
                .join());
    }

    /** A borrow whose owner, a pool's thread, went on to something else without returning it. */
    int forgottenByWorker(String name) {
        int pid = Integer.parseInt(service.call(stage -> {
            ExecutorService worker = stage.put(
                    worker(name), Executors.newSingleThreadExecutor(work -> new Thread(work, "worker of " + name)));
            return worker.submit(() -> Orders.checkout(stage, name)).get();
        }));
        service.run(stage -> {
            Errand errand = stage.put(errand(name), new Errand());
            stage.get(worker(name), ExecutorService.class).execute(() -> {
                try {
                    Orders.otherWork(errand);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
        });
        return pid;
    }

    /** Ends the thread of {@link #forgottenByWorker}. */
    void endWorker(String name) {
        service.run(stage -> {
            ExecutorService worker = stage.get(worker(name), ExecutorService.class);
            worker.shutdownNow();
            worker.awaitTermination(ServiceJvm.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** A borrow whose owner waits in the method that borrowed. */
    int held(String name) {
        return begun("holder of ", name, Orders::hold);
    }

    /** A borrow whose owner streams a result. */
    int streaming(String name) {
        return begun("reader of ", name, Orders::stream);
    }

    /** A borrow whose owner has ended, and that another thread uses. */
    int handedOn(String name) {
        forgotten(name);
        return begun("heir of ", name, Orders::use);
    }

    /** Leaks on and on, until it ends. */
    void leaking(String name) {
        begun("leaker of ", name, Orders::leakOnAndOn);
    }

    /** Borrows and returns, until it ends. */
    void working(String name) {
        begun("worker of ", name, Orders::work);
    }

    /** Ends that, and says how many loans there were. */
    int worked(String name) {
        end(name);
        service.join("worker of " + name, ServiceJvm.DEADLINE);
        return service.<Integer>call(stage -> stage.get(name + " done", Integer.class));
    }

    private int begun(String thread, String name, Deed deed) {
        prepare(name);
        service.start(thread + name, stage -> {
            try {
                deed.run(stage, name);
                return null;
            } catch (Exception failed) {
                stage.get(errand(name), Errand.class).failed(failed);
                throw failed;
            }
        });
        return pid(name);
    }

    /** What a thread of the application does until its errand ends. */
    private interface Deed extends Serializable {
        void run(Stage stage, String name) throws Exception;
    }

    /** Has something begun that {@link #pid} will wait for. */
    void prepare(String name) {
        service.run(stage -> stage.put(errand(name), new Errand()));
    }

    /** Waits until the errand has begun. */
    int pid(String name) {
        return Integer.parseInt(
                service.call(stage -> stage.get(errand(name), Errand.class).pid()));
    }

    /** Ends the errand: a holder returns its connection. */
    void end(String name) {
        service.run(stage -> stage.get(errand(name), Errand.class).end());
    }

    /** Borrows where the pool has nothing left. */
    Fate borrowInVain() {
        return service.call(stage -> Fate.of(() -> Orders.checkout(stage, "in vain")));
    }

    void giveBack(String name) {
        service.run(stage -> stage.close(name));
    }

    void execute(String name, String sql) {
        service.run(stage -> stage.execute(name, sql));
    }

    /** Runs a statement on a thread of its own; what becomes of it. */
    Running<Fate> fateOf(String name, String sql) {
        return service.start("user of " + name, stage -> Fate.of(() -> stage.execute(name, sql)));
    }

    void begin(String name) {
        service.run(stage -> stage.connection(name).setAutoCommit(false));
        execute(name, "SELECT 1");
    }

    /** What the list says now, after a look. */
    Backend row(int pid) {
        return Listing.of(service).row(Integer.toString(pid));
    }

    /** Waits until the list, read as JConsole reads it, calls the backend that. */
    Backend awaitVerdict(int pid, String verdict) {
        await(pid + " is " + verdict)
                .atMost(ServiceJvm.DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(read(pid).verdict())
                        .as(() -> read(pid).toString())
                        .isEqualTo(verdict));
        return read(pid);
    }

    /** Waits until nobody has it. */
    Backend awaitReturned(int pid) {
        await(pid + " is returned")
                .atMost(ServiceJvm.DEADLINE)
                .untilAsserted(() -> assertThat(row(pid).owner()).isNull());
        return row(pid);
    }

    private Backend read(int pid) {
        for (Backend backend : service.backends().getBackends()) {
            if (backend.pid() == pid) {
                return backend;
            }
        }
        throw new AssertionError("no pid " + pid);
    }

    @Override
    public void close() {
        service.close();
    }

    private static String worker(String name) {
        return name + " worker";
    }
}
