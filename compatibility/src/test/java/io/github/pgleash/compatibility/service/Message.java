// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.io.Serializable;

/**
 * What goes over the link between the test and the service.
 *
 * @param id of the request, the same in its answer
 * @param kind what it is
 * @param thread for {@link Kind#START}, the name of the new thread
 * @param content a {@link Script} in requests, its result or a {@link Failure} in answers
 */
record Message(long id, Kind kind, String thread, Parcel content) implements Serializable {
    enum Kind {
        /** To the service: run on the main thread. */
        CALL,
        /** To the service: run on a new thread. */
        START,
        /** To the service: end orderly. */
        EXIT,
        /** To the test: the secret of its own {@link Link}, so that it knows who connected. */
        HELLO,
        /** To the test: it returned. */
        RESULT,
        /** To the test: it threw. */
        FAILURE
    }

    Message answer(Kind answer, Parcel answered) {
        return new Message(id, answer, thread, answered);
    }
}
