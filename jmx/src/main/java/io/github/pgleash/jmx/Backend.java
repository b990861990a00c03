// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.jmx;

import org.jspecify.annotations.Nullable;

/**
 * One of this JVM's backends: a row of {@code pg_stat_activity} under PostgreSQL's own column names, joined with what
 * this JVM knows of the connection. Columns of the server are null where the server did not tell: it was not asked yet,
 * could not be reached, or hides them from our role. Times are ISO 8601, UTC, by the server's clock; {@code borrowedAt}
 * by this JVM's.
 *
 * @param id what to give to {@code terminate} and {@code cancel}: {@code pid@host:port#start}, with {@code start}
 *     ({@code backend_start} in microseconds since 1970) once the server has told it
 * @param server address of the server as the driver chose it, {@code host:port}
 * @param pid process id of the backend on the server
 * @param usename role
 * @param datname database
 * @param application_name as the server shows it now
 * @param client_addr address the server sees us come from; null on Unix-domain sockets
 * @param state {@code active}, {@code idle}, {@code idle in transaction}, …
 * @param backend_start when the backend was started
 * @param xact_start when its transaction began; null outside of one
 * @param state_change when {@code state} last changed
 * @param wait_event_type what kind of thing it waits for, {@code Lock} for instance
 * @param wait_event what it waits for
 * @param query the current or last statement, shown as the {@code query} option allows
 * @param blockedBy pids of the sessions whose locks it waits for, comma-separated; {@code 0} is a prepared transaction
 * @param pool the pool that lent it
 * @param owner the thread that borrowed it, name and id
 * @param ownerState what that thread does now
 * @param borrowedAt when it was borrowed
 * @param borrowedFrom the application's frame that borrowed it
 * @param verdict what pgleash thinks: {@code healthy}, {@code leaked}, {@code stuck}, {@code orphaned}
 * @param evidence why, in words
 * @param notes what else an operator should know, for instance {@code tag lost}
 */
public record Backend(
        String id,
        String server,
        int pid,
        @Nullable String usename,
        @Nullable String datname,
        @Nullable String application_name,
        @Nullable String client_addr,
        @Nullable String state,
        @Nullable String backend_start,
        @Nullable String xact_start,
        @Nullable String state_change,
        @Nullable String wait_event_type,
        @Nullable String wait_event,
        @Nullable String query,
        @Nullable String blockedBy,
        @Nullable String pool,
        @Nullable String owner,
        @Nullable String ownerState,
        @Nullable String borrowedAt,
        @Nullable String borrowedFrom,
        String verdict,
        String evidence,
        String notes) {}
