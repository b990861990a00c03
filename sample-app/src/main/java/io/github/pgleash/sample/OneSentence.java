// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells the user what went wrong in one sentence, instead of a stack trace or the whole help. */
final class OneSentence implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private OneSentence() {}

    static CommandLine on(Object command) {
        CommandLine commandLine = new CommandLine(command);
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("show this and stop")
                        .build());
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(new OneSentence())
                .setExecutionExceptionHandler(new OneSentence());
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        return wrong(message(failure), failure.getCommandLine());
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        if (failure instanceof WrongArgument) {
            return wrong(message(failure), command);
        }
        command.getErr().println(command.getCommandName() + " cannot go on: " + message(failure));
        command.getErr().flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static int wrong(String message, CommandLine command) {
        command.getErr().println(message);
        command.getErr().println("Try '" + command.getCommandName() + " --help'.");
        command.getErr().flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String message(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
