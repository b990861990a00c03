// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ProgramJvm;
import io.github.pgleash.jmx.BackendsMXBean;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.opentest4j.TestAbortedException;

/**
 * The real WildFly, started by its own script, with pgjdbc as a module, a datasource of one connection, and the till
 * deployed. Its home stays as it is: configuration, module and deployment lie in a folder of the test.
 */
final class WildFly implements World, AutoCloseable {
    private static final String MODULE = """
            <module xmlns="urn:jboss:module:1.9" name="org.postgresql">
              <resources><resource-root path="postgresql.jar"/></resources>
              <dependencies><module name="java.se"/><module name="jakarta.transaction.api"/></dependencies>
            </module>
            """;

    private static final String DATASOURCE = """
            <datasource jndi-name="java:jboss/datasources/shop" pool-name="shop">
              <connection-url>%s</connection-url>
              <driver>postgresql</driver>
              <pool><max-pool-size>1</max-pool-size></pool>
              <security user-name="%s" password="%s"/>
            </datasource>
            <drivers>
              <driver name="postgresql" module="org.postgresql"/>
            """;

    /** As its documentation has it: the script's own settings, and one more. */
    private static final String SETTINGS = """
            . "$JBOSS_HOME/bin/standalone.conf"
            JAVA_OPTS="$JAVA_OPTS -Djava.rmi.server.hostname=127.0.0.1 %s"
            """;

    private final ProgramJvm program;
    private final Site site;

    private WildFly(ProgramJvm program) {
        this.program = program;
        String listens = program.awaitStdout("HTTP listener default listening on 127.0.0.1:\\d+");
        this.site = new Site(Integer.parseInt(listens.replaceFirst(".*:(\\d+)\\D*$", "$1")));
        program.awaitStdout("WFLYSRV0025"); // started, and with it what was deployed
    }

    /** @param base an empty folder */
    static WildFly start(Path base, PostgresServer server, String agent) {
        Path home = home();
        try {
            furnish(home, base, server, agent);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        ProgramJvm program = ProgramJvm.script(
                "jboss-modules.jar",
                List.of(
                        home.resolve("bin/standalone.sh").toString(),
                        "-b=127.0.0.1",
                        "-bmanagement=127.0.0.1",
                        "-Djboss.server.base.dir=" + base,
                        "-Djboss.http.port=0",
                        "-Djboss.https.port=0",
                        "-Djboss.management.http.port=0"),
                Map.of(
                        "JBOSS_HOME",
                        home.toString(),
                        "JBOSS_MODULEPATH",
                        home.resolve("modules") + File.pathSeparator + base.resolve("modules"),
                        "RUN_CONF",
                        base.resolve("standalone.conf").toString(),
                        // Else its script would not end with it.
                        "LAUNCH_JBOSS_IN_BACKGROUND",
                        "true"));
        try {
            return new WildFly(program);
        } catch (RuntimeException | Error failed) {
            program.close();
            throw failed;
        }
    }

    private static Path home() {
        try (Stream<Path> versions = Files.list(BuildFolder.resolve("wildfly"))) {
            return versions.filter(folder -> folder.getFileName().toString().startsWith("wildfly-"))
                    .max(Path::compareTo)
                    .orElseThrow();
        } catch (IOException missing) {
            throw new TestAbortedException("no WildFly; build with -Dpgleash.test.whole=true to have it", missing);
        }
    }

    private static void furnish(Path home, Path base, PostgresServer server, String agent) throws IOException {
        Path configuration = Files.createDirectories(base.resolve("configuration"));
        try (Stream<Path> files = Files.list(home.resolve("standalone/configuration"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, configuration.resolve(file.getFileName()));
            }
        }
        Path standalone = configuration.resolve("standalone.xml");
        Files.writeString(
                standalone,
                Files.readString(standalone)
                        .replace("<drivers>", DATASOURCE.formatted(server.url().replace("&", "&amp;"), APP, SECRET)));
        Path module = Files.createDirectories(base.resolve("modules/org/postgresql/main"));
        Files.writeString(module.resolve("module.xml"), MODULE);
        Files.copy(Drivers.jar(Drivers.ALL.get(Drivers.ALL.size() - 1)), module.resolve("postgresql.jar"));
        Files.writeString(base.resolve("standalone.conf"), SETTINGS.formatted(agent));
        deploy(Files.createDirectories(base.resolve("deployments")).resolve("ROOT.war"));
    }

    private static void deploy(Path war) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
            for (Class<?> type : List.of(Till.class, TillServlet.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                zip.putNextEntry(new ZipEntry("WEB-INF/classes/" + name));
                try (InputStream code =
                        Objects.requireNonNull(type.getClassLoader()).getResourceAsStream(name)) {
                    Objects.requireNonNull(code).transferTo(zip);
                }
            }
        }
    }

    @Override
    public int forget() {
        return Integer.parseInt(site.get("/forget"));
    }

    @Override
    public int count() {
        return Integer.parseInt(site.get("/count"));
    }

    @Override
    public String frame() {
        return Till.class.getName() + ".forget(Till.java:";
    }

    @Override
    public String owner() {
        return "default task-";
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
