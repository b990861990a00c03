// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Plain JdbcTemplate; Spring wraps it in a CGLIB proxy, to translate exceptions. */
@Repository
class OrderRepository {
    private final JdbcTemplate jdbc;

    OrderRepository(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Nullable
    Long count() {
        return jdbc.queryForObject("select count(*) from spring_orders", Long.class);
    }

    /** Takes its time, in one statement. */
    @Nullable
    Long countSlowly(double seconds) {
        return jdbc.queryForObject(
                "select (select count(*) from spring_orders) from pg_sleep(" + seconds + ")", Long.class);
    }

    void add(String item) {
        jdbc.update("insert into spring_orders (item) values (?)", item);
    }
}
