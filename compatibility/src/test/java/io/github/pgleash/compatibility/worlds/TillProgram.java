// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.SQLException;

/**
 * A till as a program of its own. Does on the main thread what it reads from stdin, {@code 7 count} or {@code 8 forget},
 * and says {@code answer 7: pid}; ends with {@code end}. Arguments: URL, user, password.
 */
final class TillProgram {
    private TillProgram() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(arguments[0]);
            pool.setUsername(arguments[1]);
            pool.setPassword(arguments[2]);
            pool.setMaximumPoolSize(1);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = commands.readLine(); line != null && !line.equals("end"); line = commands.readLine()) {
                String[] command = line.split(" ", 2);
                int pid = command[1].equals("forget") ? Till.forget(pool) : Till.count(pool);
                System.out.println("answer " + command[0] + ": " + pid);
            }
        }
    }
}
