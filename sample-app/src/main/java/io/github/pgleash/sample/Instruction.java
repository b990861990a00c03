// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.util.Locale;

/** What the service can be told to do, on standard input or with {@code --do}. */
enum Instruction {
    LEAK("ReportJob borrows a connection and forgets it; its thread ends"),
    IDLE("CheckoutFlow updates a row and then waits for ever, idle in transaction, holding the row lock"),
    QUERY("SalesStatistics runs a query for ten minutes"),
    BLOCK("PriceChange waits for the row lock that the last 'idle' holds"),
    STATUS("show the orders taken and what the pool counts"),
    HELP("show this"),
    QUIT("close the pool and stop");

    private final String description;

    Instruction(String description) {
        this.description = description;
    }

    /** The instruction that {@code text} names, in any case. */
    static Instruction of(String text) {
        try {
            return valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "'" + text.strip() + "' is not an instruction; 'help' lists them", unknown);
        }
    }

    static String help() {
        StringBuilder help = new StringBuilder("type one of these:");
        for (Instruction instruction : values()) {
            help.append(String.format("%n  %-8s%s", instruction, instruction.description));
        }
        return help.toString();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
