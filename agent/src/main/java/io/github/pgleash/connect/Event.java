// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.List;

/** What a hook point tells: a method of {@link Door}, which values of the woven method it takes, and what it answers. */
enum Event {
    OPENING("opening", Answer.NOTHING, Value.THIS, Value.PROPERTIES),
    OPENED("opened", Answer.NOTHING, Value.THIS, Value.PROPERTIES),
    CLOSING("closing", Answer.NOTHING, Value.THIS),
    CLOSED("closed", Answer.NOTHING, Value.THIS),
    USED("used", Answer.NOTHING, Value.THIS),
    ENLISTED("enlisted", Answer.NOTHING, Value.CONNECTION),
    BORROWING("borrowing", Answer.TICKET),
    BORROWED("borrowed", Answer.NOTHING, Value.THIS, Value.RESULT, Value.TICKET),
    BORROW_FAILED("borrowFailed", Answer.NOTHING, Value.THIS, Value.RESULT, Value.TICKET),
    RETURNING("returning", Answer.GO_ON, Value.THIS),
    FAILED("failed", Answer.NOTHING, Value.THIS, Value.RESULT);

    /** A value of the woven method that woven code hands through the door. */
    enum Value {
        THIS("Ljava/lang/Object;"),
        /** The first parameter of type {@link java.util.Properties}, wherever it stands: its place differs by version. */
        PROPERTIES("Ljava/util/Properties;"),
        /** The first parameter that is a driver's connection. */
        CONNECTION("Ljava/lang/Object;"),
        /** What the method returns, or throws. */
        RESULT("Ljava/lang/Object;"),
        /** The answer of {@link #BORROWING} at the method's entry. */
        TICKET("J");

        final String descriptor;

        Value(String descriptor) {
            this.descriptor = descriptor;
        }
    }

    /** What comes back through the door. */
    enum Answer {
        NOTHING("V"),
        TICKET("J"),
        /** False: leave the method at once. */
        GO_ON("Z");

        final String descriptor;

        Answer(String descriptor) {
            this.descriptor = descriptor;
        }
    }

    final String doorMethod;
    final Answer answer;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    final List<Value> values;

    Event(String doorMethod, Answer answer, Value... values) {
        this.doorMethod = doorMethod;
        this.answer = answer;
        this.values = List.of(values);
    }

    String descriptor() {
        StringBuilder descriptor = new StringBuilder("(");
        for (Value value : values) {
            descriptor.append(value.descriptor);
        }
        return descriptor.append(')').append(answer.descriptor).toString();
    }
}
