// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.jmx;

/**
 * The PostgreSQL backends of this JVM, and what may be done to them.
 *
 * <p><b>Attributes never touch the network.</b> What comes from the server is the last snapshot; {@link
 * #getSnapshotAgeMillis()} tells how old it is. Reading an attribute of the server's side asks for a fresh one in the background, so that
 * somebody who looks every few seconds sees fresh numbers, and nothing is queried while nobody looks. What comes from
 * this JVM ({@code Connections}, {@code Borrowed}, the receipts) is always current. Any number is a point in time and
 * may be out of date when it is read.
 *
 * <p><b>Operations are synchronous and look afresh</b>, bounded by timeouts of a few seconds per server. They never
 * throw anything but JDK exceptions without a cause, and report what went wrong in their result wherever they can.
 *
 * <p>All methods may be called by any thread.
 */
public interface BackendsMXBean {
    /** The application name that pgleash puts into the tag. */
    @Description("Application name in the tag")
    String getApplication();

    /** Random id of this run of the JVM. */
    @Description("Random id of this run of the JVM")
    String getInstance();

    /** The {@code application_name} that new connections get; empty with {@code tagging=off}. */
    @Description("application_name of the newest connection; empty with tagging=off")
    String getTag();

    /** Version of the agent. */
    @Description("Version of pgleash")
    String getVersion();

    /** One line for each server and role: address, role, version, route, and what may be done there. */
    @Description("One line for each server and role: version, address, and what we may do there")
    String[] getServers();

    /** Open connections of this JVM that pgleash tracks; current. */
    @Description("Open connections of this JVM; current")
    int getConnections();

    /** Connections lent to the application at this moment; current. */
    @Description("Connections lent to the application; current")
    int getBorrowed();

    /** Backends in state {@code active}; last snapshot. */
    @Description("Backends that run a statement; last snapshot")
    int getActive();

    /** Backends in state {@code idle}; last snapshot. */
    @Description("Idle backends; last snapshot")
    int getIdle();

    /** Backends in state {@code idle in transaction}, also {@code (aborted)}; last snapshot. */
    @Description("Backends idle in transaction; last snapshot")
    int getIdleInTransaction();

    /** Backends whose {@code wait_event_type} is {@code Lock}; last snapshot. */
    @Description("Backends that wait for a lock; last snapshot")
    int getWaitingForLock();

    /** Backends judged leaked; last snapshot. */
    @Description("Backends judged leaked; last snapshot")
    int getLeaked();

    /** Backends judged stuck; last snapshot. */
    @Description("Backends judged stuck; last snapshot")
    int getStuck();

    /** Age of the oldest borrow in seconds, 0 without one; current. */
    @Description("Age of the oldest borrow in seconds; current")
    long getLongestBorrowSeconds();

    /** Age of the oldest open transaction in seconds, by the server's clock at the last snapshot; 0 without one. */
    @Description("Age of the oldest open transaction in seconds; last snapshot")
    long getLongestTransactionSeconds();

    /** Age of the snapshot in milliseconds; -1 when there is none yet. */
    @Description(
            "Age of the snapshot in milliseconds; -1 before the first. Reading attributes renews it in the background")
    long getSnapshotAgeMillis();

    /** How many statements were cancelled since the start. */
    @Description("Statements cancelled since the start")
    long getCancelled();

    /** How many backends were terminated since the start. */
    @Description("Backends terminated since the start")
    long getTerminated();

    /** How many actions were refused since the start. */
    @Description("Actions refused since the start")
    long getRefused();

    /** How many pool slots were given back since the start. */
    @Description("Pool slots given back since the start")
    long getSlotsFreed();

    /** One row for each backend; server's side of the last snapshot. */
    @Description("One row for each backend; server side of the last snapshot")
    Backend[] getBackends();

    /** The same for people: one line for each backend. */
    @Description("The same for people: one line for each backend, worst first")
    String[] getTable();

    /** The last actions, newest first. */
    @Description("The last actions, newest first")
    Receipt[] getReceipts();

    /** What pgleash could not do and why, newest first; empty when all is well. */
    @Description("What pgleash could not do and why, newest first")
    String[] getProblems();

    /**
     * Who held what when a borrow last timed out or a server had no slot left: the reason, then a line for each borrow,
     * oldest first. Empty when that has not happened; at most one report a minute.
     */
    @Description("Who held what at the last moment of exhaustion; empty when there was none")
    String[] getLastExhaustion();

    /**
     * Whether automatic clean-up may act. It becomes {@code false} by itself where clean-up does no good; {@code
     * Problems} then says why.
     */
    @Description("Whether automatic clean-up may act; false stops it at once")
    boolean isAutomaticActions();

    /** The panic switch: {@code false} stops all automatic action at once, until set to {@code true} again. */
    void setAutomaticActions(boolean automaticActions);

    /** Asks the servers now and returns what changed, as a sentence. */
    @Description("Asks the servers now")
    String refresh();

    /** Asks the servers now and returns the table as one text. */
    @Description("Asks the servers now and shows one line for each backend, worst first")
    String table();

    /**
     * Everything known of one backend, as text.
     *
     * @param backend id from the list, or a pid where only one backend has it
     */
    @Description("Everything known of one backend")
    String explain(@Description(Description.BACKEND_ID) String backend);

    /** Asks the servers now and returns what each rule of automatic clean-up would do, as text. Does nothing. */
    @Description("What each rule would do now, and why not; does nothing")
    String preview();

    /**
     * Asks the servers now and returns what the rules see: the leaked and stuck backends as text, to be saved and
     * replayed with {@code java -jar pgleash.jar --test-rules RULES LISTING}.
     */
    @Description("What the rules see, to be saved and replayed with java -jar pgleash.jar --test-rules RULES LISTING")
    String listing();

    /**
     * Cancels the statement that a backend is running; the session lives on.
     *
     * @param backend id from the list, or a pid where only one backend has it
     */
    @Description("Cancels the statement of one backend; its session lives on")
    @Signals
    Receipt cancel(@Description(Description.BACKEND_ID) String backend);

    /**
     * Ends a backend and waits until it is gone.
     *
     * @param backend id from the list, or a pid where only one backend has it
     */
    @Description("ENDS one backend and waits until it is gone")
    @Signals
    Receipt terminate(@Description(Description.BACKEND_ID) String backend);

    /**
     * Ends every backend that is judged leaked.
     *
     * @param dryRun true: only say what would be done
     */
    @Description("ENDS every backend judged leaked")
    @Signals
    Receipt[] terminateLeaked(@Description("true: only say what would be done") boolean dryRun);

    /**
     * Ends every backend that is idle in transaction for longer than the given time.
     *
     * @param longerThanSeconds at least 1
     * @param dryRun true: only say what would be done
     */
    @Description("ENDS every backend idle in transaction for longer than that")
    @Signals
    Receipt[] terminateIdleInTransaction(
            @Description("seconds, at least 1") long longerThanSeconds,
            @Description("true: only say what would be done") boolean dryRun);

    /**
     * Ends every backend whose statement runs longer than the given time.
     *
     * @param longerThanSeconds at least 1
     * @param dryRun true: only say what would be done
     */
    @Description("ENDS every backend whose statement runs for longer than that")
    @Signals
    Receipt[] terminateActive(
            @Description("seconds, at least 1") long longerThanSeconds,
            @Description("true: only say what would be done") boolean dryRun);
}
