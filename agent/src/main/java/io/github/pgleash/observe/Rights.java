// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the role of the control connection may do to the sessions of one other role, or of its own, as the server says
 * itself. Asked with each look, since a DBA may grant it meanwhile.
 *
 * @param role whose sessions they are
 * @param sees whether we are shown when a session began; without that it cannot be told from another's
 * @param ends whether we may cancel and terminate
 * @param superuser whether theirs is one: such a session can be ended by a superuser only
 */
public record Rights(String role, boolean sees, boolean ends, boolean superuser) {
    /**
     * What is shown is read off our own sessions, where there are some: which membership counts for {@code
     * pg_read_all_stats}, an inherited one or any, differs by version. The rule for signals is that of
     * {@code pg_signal_backend} in signalfuncs.c. 9.6 has no {@code pg_read_all_stats}.
     */
    private static final String QUERY = """
            select r.rolname::text,
                   coalesce((select bool_and(a.backend_start is not null)
                               from pg_catalog.pg_stat_activity a
                              where a.pid in (select pg_catalog.unnest(?::int[])) and a.usesysid = r.oid),
                            pg_has_role(r.oid, 'usage') or %s),
                   case when r.rolsuper
                        then (select m.rolsuper from pg_catalog.pg_roles m where m.rolname = current_user)
                        else pg_has_role(r.oid, 'usage') or %s end,
                   r.rolsuper
              from pg_catalog.pg_roles r
             where r.rolname = any (?::text[])
             order by 1""".formatted(has("pg_read_all_stats"), has("pg_signal_backend"));

    /**
     * Asks the server.
     *
     * @param roles whose sessions we mean; one that has been dropped meanwhile is left out
     * @param pids those of our own sessions
     */
    public static List<Rights> read(
            ControlConnection.Session session, Collection<String> roles, Collection<Integer> pids) throws SQLException {
        List<Rights> rights = new ArrayList<>();
        try (PreparedStatement statement = session.connection().prepareStatement(QUERY)) {
            statement.setArray(1, Activity.array(session, pids));
            statement.setArray(2, session.connection().createArrayOf("text", roles.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rights.add(new Rights(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4)));
                }
            }
        }
        return rights;
    }

    private static String has(String predefined) {
        return "exists (select 1 from pg_catalog.pg_roles p where p.rolname = '" + predefined
                + "' and pg_has_role(p.oid, 'usage'))";
    }
}
