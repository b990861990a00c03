// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The servers of the tests. Where they come from is chosen with {@code -Dpgleash.test.postgres=}
 *
 * <ul>
 *   <li>left out: unpacked from Maven Central's jars and run as our own processes; {@code -Dpgleash.test.major=} for
 *       another version of the shared one, {@code -Dpgleash.test.majors=10,14,18} for those of the version tests;
 *   <li>{@code testcontainers}: containers of {@code -Dpgleash.test.image=}, {@code postgres:18} if not given;
 *   <li>{@code jdbc:postgresql://host:port/database?user=…&password=…}: a given server, reached as its superuser. It
 *       gets the role and the database of {@link PostgresServer}, and keeps them.
 * </ul>
 *
 * A test that needs what the chosen source cannot give is skipped and says why.
 */
public final class PostgresServers {
    private static final String EMBEDDED = "embedded";
    private static final String TESTCONTAINERS = "testcontainers";
    private static final String JDBC = "jdbc:";

    /**
     * Tells a service's JVM where the test's shared server is: static fields of a test class are initialised there, too,
     * once it runs a lambda of that class.
     */
    private static final String SHARED = "compatibility.shared.postgres";

    private PostgresServers() {}

    /** The one server that most tests use: started when first asked for, closed with the JVM. Not to be stopped. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** A server of its own and of this version, which the caller closes. */
    public static PostgresServer start(int major) {
        return plan(major).start();
    }

    /** A server of its own, of the shared one's version, to be started with other settings. */
    public static ServerPlan plan() {
        return new ServerPlan(OptionalInt.empty());
    }

    /** A server of its own and of this version, to be started with other settings. */
    public static ServerPlan plan(int major) {
        return new ServerPlan(OptionalInt.of(major));
    }

    /** The versions to run the version tests on: those that the build copied, or those chosen. */
    public static List<Integer> majors() {
        String chosen = System.getProperty("pgleash.test.majors", "");
        return chosen.isEmpty()
                ? PostgresBinaries.all().stream().map(PostgresBinaries::major).toList()
                : Stream.of(chosen.split(",", -1)).map(Integer::valueOf).toList();
    }

    static PostgresServer start(ServerPlan plan) {
        if (origin().startsWith(JDBC)) {
            throw new TestAbortedException("needs a server of its own, but " + JDBC + "… gave one for all");
        }
        PostgresServer server = furnish(source(plan));
        int version = server.version();
        if (plan.major().orElse(version) != version) {
            server.close();
            throw new TestAbortedException(
                    "needs PostgreSQL " + plan.major().getAsInt() + ", but the image has " + version);
        }
        return server;
    }

    private static PostgresServer startShared() {
        @Nullable String address = System.getProperty(SHARED);
        if (address != null) {
            return new PostgresServer(new GivenSource(Address.parse(address)));
        }
        Source source = source(plan());
        System.setProperty(SHARED, source.address().toString());
        return furnish(source);
    }

    private static Source source(ServerPlan plan) {
        String origin = origin();
        return switch (origin) {
            case EMBEDDED -> closedWithTheJvm(EmbeddedSource.start(plan.major().orElse(usualMajor()), plan.settings()));
            case TESTCONTAINERS -> closedWithTheJvm(ContainerSource.start(image(), plan.settings()));
            default -> new GivenSource(Address.parse(origin));
        };
    }

    private static PostgresServer furnish(Source source) {
        PostgresServer server = new PostgresServer(source);
        server.createRole(PostgresServer.APP, PostgresServer.SECRET, "");
        server.createDatabase(PostgresServer.SHOP, PostgresServer.APP);
        return server;
    }

    /** Closing twice does no harm, and a test that forgot to, or was interrupted, leaves nothing behind. */
    private static Source closedWithTheJvm(Source source) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(source::close, "closes " + source.address().port()));
        return source;
    }

    private static String origin() {
        String origin = System.getProperty("pgleash.test.postgres", EMBEDDED);
        if (origin.startsWith(JDBC) || List.of(EMBEDDED, TESTCONTAINERS).contains(origin)) {
            return origin;
        }
        throw new IllegalArgumentException("pgleash.test.postgres is " + origin + "; leave it out, or make it "
                + TESTCONTAINERS + " or a URL that begins with " + JDBC);
    }

    private static int usualMajor() {
        return Integer.parseInt(System.getProperty("pgleash.test.major", "18"));
    }

    private static String image() {
        return System.getProperty("pgleash.test.image", "postgres:18");
    }

    /** Loaded, and so started, when first asked for. */
    private static final class Shared {
        static final PostgresServer SERVER = startShared();
    }
}
