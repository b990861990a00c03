// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The service's two tables, in a schema of their own. */
final class Schema {
    static final String NAME = "pgleash_sample";

    /** Articles are numbered from 1 to this. */
    static final int ARTICLES = 20;

    private Schema() {}

    /** Makes what is missing; two services may do so at the same time. */
    static void create(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // "if not exists" alone fails when two sessions find it missing together.
                statement.execute("select pg_advisory_xact_lock(hashtext('pgleash_sample'))");
                statement.execute("create schema if not exists pgleash_sample");
                statement.execute("""
                        create table if not exists pgleash_sample.stock (
                            article integer primary key,
                            quantity bigint not null check (quantity >= 0),
                            price numeric not null)""");
                statement.execute("""
                        create table if not exists pgleash_sample.orders (
                            id bigint generated always as identity primary key,
                            article integer not null references pgleash_sample.stock,
                            placed_at timestamptz not null default now())""");
                statement.execute("""
                        insert into pgleash_sample.stock
                        select article, 1000000000, 10 * article from generate_series(1, %d) article
                        on conflict do nothing""".formatted(ARTICLES));
            }
            connection.commit();
        }
    }
}
