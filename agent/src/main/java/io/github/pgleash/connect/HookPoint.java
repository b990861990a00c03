// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of the table of hook points: at this place of this method, tell this event.
 *
 * @param className internal name, {@code org/postgresql/jdbc/PgConnection}; {@link #ANY_DATA_SOURCE} and {@link
 *     #ANY_HANDLE} stand for classes that are recognised by what they are
 * @param method all overloads of that name are woven: parameter lists differ between driver versions
 */
record HookPoint(String className, String method, Place place, Event event, When when) {
    enum Place {
        /** In a constructor, as soon as {@code this} exists. */
        AFTER_SUPER,
        /** Before the method's own code; an event that can say no leaves the method here. */
        AT_ENTRY,
        /** Before every normal return. */
        BEFORE_RETURN,
        /** Where an exception leaves the method. */
        ON_FAILURE,
        /** Around the whole call: one event at entry, one with the result, one with the exception. */
        AROUND
    }

    /** When a class gets it. */
    enum When {
        /** When it is loaded; at once where it was loaded before. */
        AT_LOAD,
        /** If it is loaded for the first connection, a tenth of a second later, by the patrol: so nobody waits for it. */
        LATER,
        /** Only where it was loaded before an attach. */
        ON_ATTACH
    }

    /** Classes that look like a data source; whether they are one is asked at run time. */
    static final String ANY_DATA_SOURCE = "?DataSource";

    /** Classes of handles that a data source was seen to lend. */
    static final String ANY_HANDLE = "?handle";

    /** Classes of handles one of which has a verdict, of its statements and results: its owner will be told why they fail. */
    static final String ANY_SUSPECT_HANDLE = "?suspect";

    private static final String QUERY_EXECUTOR = "org/postgresql/core/v3/QueryExecutorImpl";
    private static final String PG_CONNECTION = "org/postgresql/jdbc/PgConnection";

    private static final HookPoint[] TABLE = {
        // Every way to a connection ends in this constructor, of 42.2.5 to 42.7.14; only here the settings are merged.
        new HookPoint(PG_CONNECTION, "<init>", Place.AFTER_SUPER, Event.OPENING),
        new HookPoint(PG_CONNECTION, "<init>", Place.BEFORE_RETURN, Event.OPENED),
        new HookPoint(PG_CONNECTION, "close", Place.AT_ENTRY, Event.RETURNING),
        new HookPoint(PG_CONNECTION, "close", Place.AT_ENTRY, Event.CLOSING),
        new HookPoint(PG_CONNECTION, "close", Place.BEFORE_RETURN, Event.CLOSED),
        new HookPoint(PG_CONNECTION, "abort", Place.AT_ENTRY, Event.CLOSING),
        new HookPoint(PG_CONNECTION, "abort", Place.BEFORE_RETURN, Event.CLOSED),
        // Every statement asks for the executor: a connection opened before an attach is met here at its next use.
        new HookPoint(PG_CONNECTION, "getQueryExecutor", Place.AT_ENTRY, Event.USED, When.ON_ATTACH),
        new HookPoint("org/postgresql/xa/PGXAConnection", "<init>", Place.BEFORE_RETURN, Event.ENLISTED),
        // DriverManager's connections are borrowed from nobody but the driver.
        new HookPoint("org/postgresql/Driver", "connect", Place.AROUND, Event.BORROWED),
        new HookPoint(ANY_DATA_SOURCE, "getConnection", Place.AROUND, Event.BORROWED),
        // What the owner of a terminated session sees is thrown here; methods of these names exist in all versions.
        new HookPoint(PG_CONNECTION, "checkClosed", Place.ON_FAILURE, Event.FAILED),
        // The driver's largest class takes longest to weave, and its first moments have nothing to tell.
        new HookPoint(QUERY_EXECUTOR, "execute", Place.ON_FAILURE, Event.FAILED, When.LATER),
        new HookPoint(QUERY_EXECUTOR, "fetch", Place.ON_FAILURE, Event.FAILED, When.LATER),
        new HookPoint(QUERY_EXECUTOR, "fastpathCall", Place.ON_FAILURE, Event.FAILED, When.LATER),
        new HookPoint(QUERY_EXECUTOR, "startCopy", Place.ON_FAILURE, Event.FAILED, When.LATER),
        new HookPoint(ANY_SUSPECT_HANDLE, "createStatement", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "prepareStatement", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "prepareCall", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "commit", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "rollback", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "setAutoCommit", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "getAutoCommit", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_SUSPECT_HANDLE, "checkClosed", Place.ON_FAILURE, Event.FAILED),
        new HookPoint(ANY_HANDLE, "close", Place.AT_ENTRY, Event.RETURNING),
    };

    /** As most are: woven {@link When#AT_LOAD}. */
    HookPoint(String className, String method, Place place, Event event) {
        this(className, method, place, event, When.AT_LOAD);
    }

    static Map<String, List<HookPoint>> byClass() {
        Map<String, List<HookPoint>> byClass = new HashMap<>();
        for (HookPoint point : TABLE) { // no lambda: this runs in premain
            List<HookPoint> ofClass = byClass.get(point.className);
            if (ofClass == null) {
                ofClass = new ArrayList<>();
                byClass.put(point.className, ofClass);
            }
            ofClass.add(point);
        }
        return byClass;
    }
}
