// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.Jdks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One cell of the matrix: a JDK, a version of pgjdbc, a version of PostgreSQL. */
record Cell(Path javaHome, String driver, int major) {
    /**
     * With {@code -Dpgleash.test.whole=true} all there are. Else, on the JDK of the services, the diagonal from the
     * oldest driver and server to the newest, and its opposite corners. Sorted by JDK and driver.
     */
    static List<Cell> all() {
        boolean whole = Boolean.getBoolean("pgleash.test.whole");
        List<Cell> cells = new ArrayList<>();
        for (Path javaHome : whole ? Jdks.neighbours(17, 25) : List.of(Jdks.configured())) {
            for (String driver : Drivers.ALL) {
                for (int major : PostgresServers.majors()) {
                    if (whole || isOnDiagonal(driver, major) || isInCorner(driver, major)) {
                        cells.add(new Cell(javaHome, driver, major));
                    }
                }
            }
        }
        return cells;
    }

    private static boolean isOnDiagonal(String driver, int major) {
        return Math.round(place(Drivers.ALL, driver) * (PostgresServers.majors().size() - 1))
                == PostgresServers.majors().indexOf(major);
    }

    private static boolean isInCorner(String driver, int major) {
        return place(Drivers.ALL, driver) + place(PostgresServers.majors(), major) == 1
                && isEnd(place(Drivers.ALL, driver));
    }

    private static boolean isEnd(double place) {
        return place == 0 || place == 1;
    }

    /** Where it stands between the oldest, 0, and the newest, 1. */
    private static <T> double place(List<T> versions, T version) {
        return versions.size() == 1 ? 1 : (double) versions.indexOf(version) / (versions.size() - 1);
    }

    @Override
    public String toString() {
        return "pgjdbc " + driver + ", PostgreSQL " + major + ", " + javaHome.getFileName();
    }
}
