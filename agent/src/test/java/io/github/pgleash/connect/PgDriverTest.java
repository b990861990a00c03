// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.postgresql.jdbc.PgConnection;

class PgDriverTest {
    @Test
    void a_drivers_connection_is_known_by_the_name_of_its_class() {
        assertThat(PgDriver.isConnection(PgConnection.class)).isTrue();
        assertThat(PgDriver.isConnection(Connection.class)).isFalse();
        assertThat(PgDriver.isConnection(String.class)).isFalse();
    }
}
