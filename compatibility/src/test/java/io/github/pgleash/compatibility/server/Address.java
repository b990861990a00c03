// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.server;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How to reach a server as its superuser. As text it is a JDBC URL with {@code user} and {@code password}, the same
 * that {@code -Dpgleash.test.postgres} takes.
 */
record Address(String host, int port, String database, String user, String password) {
    private static final String PREFIX = "jdbc:";
    private static final int DEFAULT_PORT = 5432;

    static Address parse(String jdbcUrl) {
        URI uri = URI.create(jdbcUrl.substring(PREFIX.length()));
        Map<String, String> parameters = Stream.of(
                        Objects.requireNonNullElse(uri.getRawQuery(), "").split("&", -1))
                .map(parameter -> parameter.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> decode(pair[1])));
        return new Address(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                uri.getPath().substring(1),
                parameters.getOrDefault("user", "postgres"),
                parameters.getOrDefault("password", ""));
    }

    /** Without user and password. */
    String url(String otherDatabase) {
        return PREFIX + "postgresql://" + host + ":" + port + "/" + otherDatabase;
    }

    @Override
    public String toString() {
        return url(database) + "?user=" + encode(user) + "&password=" + encode(password);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
