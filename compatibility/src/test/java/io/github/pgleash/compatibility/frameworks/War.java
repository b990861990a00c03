// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pgleash.compatibility.Drivers;
import io.github.pgleash.compatibility.frameworks.webapp.OrdersServlet;
import io.github.pgleash.compatibility.frameworks.webapp.ShopPool;
import io.github.pgleash.compatibility.server.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A web application as a file, with its own driver. */
final class War {
    private static final String DESCRIPTOR = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              %s
              <listener><listener-class>%s</listener-class></listener>
              <servlet><servlet-name>orders</servlet-name><servlet-class>%s</servlet-class></servlet>
              <servlet-mapping><servlet-name>orders</servlet-name><url-pattern>/orders</url-pattern></servlet-mapping>
            </web-app>
            """;

    private static final String RESOURCE = """
            <Context>
              <Resource name="jdbc/shop" type="javax.sql.DataSource" auth="Container" closeMethod="close"
                        factory="org.apache.tomcat.jdbc.pool.DataSourceFactory" driverClassName="org.postgresql.Driver"
                        url="%s" username="%s" password="%s" maxActive="1" maxIdle="1" minIdle="1" initialSize="1"/>
            </Context>
            """;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    private War() {}

    /** With a pool of its own. */
    static byte[] withHikari(PostgresServer server) {
        War war = new War();
        war.common(parameter("url", server.url())
                + parameter("user", PostgresServer.APP)
                + parameter("password", PostgresServer.SECRET));
        war.jar(com.zaxxer.hikari.HikariDataSource.class);
        war.jar(org.slf4j.Logger.class);
        return war.finished();
    }

    /** With a pool of the server's, Tomcat's JDBC pool, which takes the application's driver. */
    static byte[] withResource(PostgresServer server) {
        War war = new War();
        war.common(parameter("resource", "java:comp/env/jdbc/shop"));
        war.text(
                "META-INF/context.xml",
                RESOURCE.formatted(server.url().replace("&", "&amp;"), PostgresServer.APP, PostgresServer.SECRET));
        return war.finished();
    }

    private static String parameter(String name, String value) {
        return "<context-param><param-name>" + name + "</param-name><param-value>" + value.replace("&", "&amp;")
                + "</param-value></context-param>";
    }

    private void common(String parameters) {
        text(
                "WEB-INF/web.xml",
                DESCRIPTOR.formatted(parameters, ShopPool.class.getName(), OrdersServlet.class.getName()));
        List.of(ShopPool.class, OrdersServlet.class).forEach(this::type);
        file("WEB-INF/lib/postgresql.jar", Drivers.jar(Drivers.ALL.get(Drivers.ALL.size() - 1)));
    }

    private void type(Class<?> type) {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream code = Objects.requireNonNull(type.getClassLoader()).getResourceAsStream(name)) {
            entry("WEB-INF/classes/" + name, Objects.requireNonNull(code).readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void jar(Class<?> within) {
        try {
            Path jar = Path.of(
                    within.getProtectionDomain().getCodeSource().getLocation().toURI());
            file("WEB-INF/lib/" + jar.getFileName(), jar);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void file(String name, Path file) {
        try {
            entry(name, Files.readAllBytes(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void text(String name, String text) {
        entry(name, text.getBytes(UTF_8));
    }

    private void entry(String name, byte[] content) {
        try {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private byte[] finished() {
        try {
            zip.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
