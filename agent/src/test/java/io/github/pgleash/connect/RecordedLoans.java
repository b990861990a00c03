// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** Writes down what is lent, returned and failed. */
final class RecordedLoans implements ConnectionEvents {
    /** @param subject the handle, or the exception */
    record Told(String event, Object source, Object subject, long ticket) {}

    final List<Told> told = new ArrayList<>();
    boolean goOn = true;
    private long tickets;

    /** The ticket of the first call since the last {@link #forget}. */
    long first;

    void forget() {
        told.clear();
        first = tickets;
    }

    @Override
    public long borrowing() {
        return tickets++;
    }

    @Override
    public void borrowed(Object lender, Connection handle, long ticket) {
        told.add(new Told("borrowed", lender, handle, ticket));
    }

    @Override
    public void borrowFailed(Object lender, Throwable failure, long ticket) {
        told.add(new Told("borrowFailed", lender, failure, ticket));
    }

    @Override
    public void failed(Object source, Throwable failure) {
        told.add(new Told("failed", source, failure, 0));
    }

    @Override
    public boolean returning(Object handle) {
        told.add(new Told("returning", handle, handle, 0));
        return goOn;
    }
}
