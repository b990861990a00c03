// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.jmx.BackendsMXBean;

/** A running {@link TillProgram}. */
final class ProgramTill implements World, AutoCloseable {
    private final ProgramJvm program;
    private int told;

    ProgramTill(ProgramJvm program) {
        this.program = program;
    }

    private int ask(String command) {
        int number = ++told;
        program.tell(number + " " + command);
        return Integer.parseInt(program.awaitStdout("^answer " + number + ": ").replaceFirst("^answer \\d+: ", ""));
    }

    /** Ends it orderly. */
    void end() {
        program.tell("end");
        if (program.awaitExit() != 0) {
            throw new AssertionError("it failed\n" + program);
        }
    }

    @Override
    public int forget() {
        return ask("forget");
    }

    @Override
    public int count() {
        return ask("count");
    }

    @Override
    public String frame() {
        return Till.class.getName() + ".forget(Till.java:";
    }

    @Override
    public String owner() {
        return "main #";
    }

    @Override
    public BackendsMXBean backends() {
        return program.backends();
    }

    ProgramJvm program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
    }
}
