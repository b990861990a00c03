// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;

/** Opens and closes connections; tells the median, in nanoseconds, of the later ones. */
public final class Connects {
    private Connects() {}

    public static void main(String[] args) throws SQLException {
        String url = args[0];
        int count = Integer.parseInt(args[1]);
        connect(url, count);
        long[] nanos = connect(url, count);
        Arrays.sort(nanos);
        System.out.println("median=" + nanos[count / 2]);
    }

    private static long[] connect(String url, int count) throws SQLException {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            Connection connection = DriverManager.getConnection(url);
            nanos[i] = System.nanoTime() - before;
            connection.close();
        }
        return nanos;
    }
}
