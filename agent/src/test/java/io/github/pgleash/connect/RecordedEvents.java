// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Writes down what comes through the door. */
final class RecordedEvents implements ConnectionEvents {
    final List<String> names = new ArrayList<>();
    final List<Properties> infos = new ArrayList<>();
    final List<Connection> begun = new ArrayList<>();
    final List<Connection> connections = new ArrayList<>();

    @Override
    public void opening(Connection connection, PgDriver driver, Properties info) {
        names.add("opening");
        begun.add(connection);
        infos.add(info);
        info.setProperty("ApplicationName", "changed on the way");
    }

    @Override
    public void opened(Connection connection, PgDriver driver, Properties info) {
        names.add("opened");
        infos.add(info);
        connections.add(connection);
    }

    @Override
    public void closed(Connection connection) {
        names.add("closed");
        connections.add(connection);
    }

    @Override
    public void used(Connection connection) {
        names.add("used");
        connections.add(connection);
    }
}
