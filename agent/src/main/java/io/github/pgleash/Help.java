// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import io.github.pgleash.options.Option;

/** {@code java -jar pgleash.jar}: how to use it, and the table of options; with {@code --test-rules}, a replay. */
public final class Help {
    private Help() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(TestRules.ARGUMENT)) {
            TestRules.run(arguments);
        } else {
            System.out.print(text());
        }
    }

    static String text() {
        StringBuilder text = new StringBuilder("""
                pgleash %s keeps a JVM's PostgreSQL backends on a leash: it tags, tracks, lists, cancels and terminates them.

                At start:   java -javaagent:pgleash.jar=app=orders -jar service.jar
                Attached:   jcmd PID JVMTI.agent_load /path/pgleash.jar '"app=orders"'
                Look:       jconsole PID, tab MBeans, pgleash > Backends
                Try rules:  java -jar pgleash.jar --test-rules RULES [LISTING]; a LISTING is what listing() returns

                Options, as key=value,key=value behind the jar; or as system property pgleash.KEY; or in the environment as
                PGLEASH_KEY, dots as _; or in the properties file that the option config names. The first that has it wins.
                Durations are written 500ms, 30s, 5m, 1h; 0 is off.

                """.formatted(Agent.version()));
        for (Option option : Option.values()) {
            String standard = option.defaultText().isEmpty() ? "" : " (" + option.defaultText() + ")";
            text.append("  ")
                    .append(option.key())
                    .append(standard)
                    .append("\n      ")
                    .append(option.meaning())
                    .append('\n');
        }
        return text.toString();
    }
}
