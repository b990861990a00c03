// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An order service that misbehaves on command, to see what pgleash makes of it. */
@Command(
        name = "LeakyService",
        description =
                "Takes orders from a HikariCP pool, and leaks, idles in transaction, blocks or queries when told to "
                        + "on standard input. Run it with -javaagent:pgleash.jar to see it all over JMX.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:stopped as told", "1:could not go on", "2:wrong arguments"})
final class LeakyService implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(LeakyService.class);
    private static final Duration FIRST_ORDERS_WAIT = Duration.ofSeconds(30);

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(
            names = "--do",
            split = ",",
            paramLabel = "INSTRUCTION",
            description = "what to do once the first orders are taken, for instance leak,idle; one or more of: "
                    + "${COMPLETION-CANDIDATES}")
    private List<Instruction> instructions = List.of();

    @Option(
            names = "--pool-size",
            paramLabel = "N",
            defaultValue = "10",
            description = "most connections of the pool (default: ${DEFAULT-VALUE})")
    private int poolSize;

    @Option(
            names = "--stop-with-stdin",
            description = "stop when standard input ends, as a child of another program should; otherwise go on")
    private boolean stopWithStdin;

    private LeakyService() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return OneSentence.on(new LeakyService());
    }

    @Override
    public Integer call() throws Exception {
        if (poolSize < 1) {
            throw new WrongArgument("--pool-size must be at least 1, but is " + poolSize);
        }
        try (Cleanup cleanup = Cleanup.alsoAtExit()) {
            Server opened = cleanup.add(server.open());
            OrderService service = cleanup.add(OrderService.open(opened, poolSize));
            long pid = ProcessHandle.current().pid();
            LOG.info("takes orders on {}; pid {}", opened, pid);
            LOG.info("with the agent, open it with: jconsole {}, MBeans tab, pgleash > Backends", pid);
            serve(service);
        }
        return 0;
    }

    private void serve(OrderService service) throws IOException, InterruptedException {
        if (!instructions.isEmpty() && !service.awaitFirstOrders(FIRST_ORDERS_WAIT)) {
            LOG.warn("hardly any order within {} s", FIRST_ORDERS_WAIT.toSeconds());
        }
        for (Instruction instruction : instructions) {
            if (!follow(instruction, service)) {
                return;
            }
        }
        if (!stopWithStdin) {
            System.out.println(Instruction.help());
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (!line.isBlank() && !follow(line, service)) {
                return;
            }
        }
        if (!stopWithStdin) {
            LOG.info("standard input has ended; goes on until the process is stopped");
            new CountDownLatch(1).await();
        }
    }

    private static boolean follow(String line, OrderService service) throws InterruptedException {
        try {
            return follow(Instruction.of(line), service);
        } catch (IllegalArgumentException unknown) {
            LOG.warn(unknown.getMessage());
            return true;
        }
    }

    /** Returns whether to go on. */
    private static boolean follow(Instruction instruction, OrderService service) throws InterruptedException {
        switch (instruction) {
            case LEAK -> service.leak();
            case IDLE -> service.idle();
            case QUERY -> service.query();
            case BLOCK -> service.block();
            case STATUS -> System.out.println(service.status());
            case HELP -> System.out.println(Instruction.help());
            case QUIT -> {
                return false;
            }
        }
        return true;
    }
}
