// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A running PostgreSQL with a database {@link #SHOP} that belongs to the plain role {@link #APP}. It may only log in
 * with its password, {@link #SECRET}.
 *
 * <p>The services under test get {@link #url()}; the test itself looks with {@link #look} and {@link #column} from its
 * own JVM, as superuser, over a second connection that no agent knows.
 */
public final class PostgresServer implements AutoCloseable {
    /** The plain role of the services. */
    public static final String APP = "app";
    /** Its password. */
    public static final String SECRET = "secret";
    /** Its database. */
    public static final String SHOP = "shop";

    private final Source source;

    PostgresServer(Source source) {
        this.source = source;
    }

    public String host() {
        return source.address().host();
    }

    public int port() {
        return source.address().port();
    }

    /** JDBC URL of {@link #SHOP}, without user and password. */
    public String url() {
        return url(SHOP);
    }

    /** JDBC URL of a database, without user and password. */
    public String url(String database) {
        return source.address().url(database);
    }

    /** Name of the superuser. */
    public String superuser() {
        return source.address().user();
    }

    /** Password of the superuser. */
    public String superuserPassword() {
        return source.address().password();
    }

    /** Major version: 10, 14, 18; 9 for 9.6. */
    public int version() {
        return Integer.parseInt(look("SELECT current_setting('server_version_num')::int / 10000"));
    }

    /** A second connection, to {@link #SHOP} as superuser. */
    public Connection connect() throws SQLException {
        return connect(SHOP, superuser(), superuserPassword());
    }

    public Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(url(database), user, password);
    }

    /** What the superuser sees: the first column of the only row, as text. */
    public String look(String sql, Object... parameters) {
        List<@Nullable String> values = column(sql, parameters);
        if (values.size() != 1 || values.get(0) == null) {
            throw new AssertionError("expected one value from " + sql + ", but it gave " + values);
        }
        return values.get(0);
    }

    /** What the superuser sees: the first column of all rows, as text. */
    public List<@Nullable String> column(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<@Nullable String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        } catch (SQLException failed) {
            throw new IllegalStateException("could not run " + sql, failed);
        }
    }

    /** Runs one statement as superuser, in autocommit. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException("could not run " + sql, failed);
        }
    }

    /**
     * Makes a role that may log in; one that is there gets the password.
     *
     * @param attributes more of them, for instance {@code CONNECTION LIMIT 3}
     */
    public void createRole(String role, String password, String attributes) {
        new Furnishing(source.address()).role(role, password, attributes);
    }

    /** Makes a database, unless it is there. */
    public void createDatabase(String database, String owner) {
        new Furnishing(source.address()).database(database, owner);
    }

    /** Skips the test where the server's processes are not ours to stop, start and freeze. */
    public OwnProcess requireOwnProcess() {
        return source.ownProcess()
                .orElseThrow(() -> new TestAbortedException(
                        "needs an embedded server, to stop it or its processes; this one is at " + url()));
    }

    /** Skips the test on a server that is older. */
    public void requireAtLeast(int major) {
        assumeTrue(version() >= major, () -> "needs PostgreSQL " + major + " or newer, this is " + version());
    }

    /** Ends the server if it was started for the tests. */
    @Override
    public void close() {
        source.close();
    }
}
