// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pgleash.compatibility.BuildFolder;
import io.github.pgleash.compatibility.service.ProgramJvm;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real Tomcat, started as its script does, with its manager application to deploy others by HTTP. */
final class TomcatServer implements AutoCloseable {
    private static final String SERVER = """
            <Server port="-1">
              <Listener className="org.apache.catalina.core.JreMemoryLeakPreventionListener"/>
              <Listener className="org.apache.catalina.core.ThreadLocalLeakPreventionListener"/>
              <Service name="Catalina">
                <Connector port="0" address="127.0.0.1"/>
                <Engine name="Catalina" defaultHost="localhost">
                  <Realm className="org.apache.catalina.realm.MemoryRealm"/>
                  <Host name="localhost" appBase="webapps" autoDeploy="false"/>
                </Engine>
              </Service>
            </Server>
            """;
    private static final String USERS = """
            <tomcat-users><user username="robot" password="secret" roles="manager-script"/></tomcat-users>""";

    private final ProgramJvm program;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    private TomcatServer(ProgramJvm program) {
        this.program = program;
        String ready = program.awaitStderr("Starting ProtocolHandler \\[\"http-nio-127.0.0.1-auto-\\d+-\\d+\"");
        this.port = Integer.parseInt(ready.replaceFirst(".*-(\\d+)\".*", "$1"));
        program.awaitStderr("Server startup in");
    }

    /** @param base an empty folder, for its configuration and applications */
    static TomcatServer start(Path base, String... jvmArguments) {
        Path home = home();
        furnish(home, base);
        List<String> arguments = new ArrayList<>(List.of(jvmArguments));
        // As bin/catalina.sh has them.
        for (String opened : List.of(
                "base/java.lang",
                "base/java.io",
                "base/java.util",
                "base/java.util.concurrent",
                "rmi/sun.rmi.transport")) {
            arguments.add("--add-opens=java." + opened + "=ALL-UNNAMED");
        }
        arguments.addAll(List.of(
                "-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"),
                "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
                "-Dcatalina.base=" + base,
                "-Dcatalina.home=" + home,
                "-Djava.io.tmpdir=" + base.resolve("temp"),
                "-cp",
                home.resolve("bin/bootstrap.jar") + File.pathSeparator + home.resolve("bin/tomcat-juli.jar"),
                "org.apache.catalina.startup.Bootstrap",
                "start"));
        ProgramJvm program = ProgramJvm.start(arguments, Map.of());
        try {
            return new TomcatServer(program);
        } catch (RuntimeException | Error failed) {
            program.close();
            throw failed;
        }
    }

    private static Path home() {
        try (Stream<Path> versions = Files.list(BuildFolder.resolve("tomcat"))) {
            return versions.filter(folder -> folder.getFileName().toString().startsWith("apache-tomcat-"))
                    .max(Path::compareTo)
                    .orElseThrow();
        } catch (IOException missing) {
            throw new IllegalStateException("no Tomcat; run Maven up to generate-test-resources first", missing);
        }
    }

    private static void furnish(Path home, Path base) {
        try {
            copy(home.resolve("conf"), base.resolve("conf"));
            copy(home.resolve("webapps/manager"), base.resolve("webapps/manager"));
            Files.createDirectories(base.resolve("temp"));
            Files.createDirectories(base.resolve("logs"));
            Files.writeString(base.resolve("conf/server.xml"), SERVER);
            Files.writeString(base.resolve("conf/tomcat-users.xml"), USERS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    void deploy(String path, byte[] war) {
        String answer = manager("deploy?path=" + path, BodyPublishers.ofByteArray(war), "PUT");
        if (!answer.startsWith("OK")) {
            throw new AssertionError(answer);
        }
    }

    void undeploy(String path) {
        String answer = manager("undeploy?path=" + path, BodyPublishers.noBody(), "GET");
        if (!answer.startsWith("OK")) {
            throw new AssertionError(answer);
        }
    }

    /** Applications whose class loader is still there after they were stopped, and after a garbage collection. */
    String leakedLoaders() {
        return manager("findleaks", BodyPublishers.noBody(), "GET").strip();
    }

    /** What an application answers. */
    String get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    ProgramJvm program() {
        return program;
    }

    /** Its own warnings, without times and threads; HikariCP's threads end a little later than its pool at times. */
    List<String> warnings() {
        return program.stderr().stream()
                .filter(line -> line.contains(" WARNING [") || line.contains(" SEVERE [") || line.contains("Exception"))
                .filter(line -> !line.startsWith("pgleash ") && !line.contains("thread named [shop:"))
                .map(line -> line.replaceFirst("^\\S+ \\S+ ", "").replaceFirst("\\[[^]]*]", "[thread]"))
                .toList();
    }

    @Override
    public void close() {
        program.close();
    }

    private String manager(String command, BodyPublisher body, String method) {
        String robot = Base64.getEncoder().encodeToString("robot:secret".getBytes(UTF_8));
        return send(HttpRequest.newBuilder(uri("/manager/text/" + command))
                .header("Authorization", "Basic " + robot)
                .method(method, body)
                .build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private String send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(request + ": " + response.statusCode() + "\n" + response.body());
            }
            return response.body();
        } catch (IOException failed) {
            throw new UncheckedIOException(request + "\n" + program, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
