// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.util.List;

/** What a hook point tells: a method of {@link Door}, and which values of the woven method it takes. */
enum Event {
    OPENING("opening", Value.THIS, Value.PROPERTIES),
    OPENED("opened", Value.THIS, Value.PROPERTIES),
    CLOSED("closed", Value.THIS),
    USED("used", Value.THIS);

    /** A value of the woven method that woven code hands through the door. */
    enum Value {
        THIS("Ljava/lang/Object;"),
        /** The first parameter of type {@link java.util.Properties}, wherever it stands: its place differs by version. */
        PROPERTIES("Ljava/util/Properties;");

        final String descriptor;

        Value(String descriptor) {
            this.descriptor = descriptor;
        }
    }

    final String doorMethod;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    final List<Value> values;

    Event(String doorMethod, Value... values) {
        this.doorMethod = doorMethod;
        this.values = List.of(values);
    }

    String descriptor() {
        StringBuilder descriptor = new StringBuilder("(");
        for (Value value : values) {
            descriptor.append(value.descriptor);
        }
        return descriptor.append(")V").toString();
    }
}
