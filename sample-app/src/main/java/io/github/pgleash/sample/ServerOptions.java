// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.sample;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which PostgreSQL to use, as command-line options. */
final class ServerOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "your PostgreSQL, jdbc:postgresql://HOST:PORT/DATABASE; without it an embedded one is started. "
                            + "Tables are made in its schema pgleash_sample.")
    private @Nullable String url;

    @Option(names = "--user", paramLabel = "USER", description = "role for --url")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            defaultValue = "${env:PGPASSWORD}",
            description = "password for --url; better given as environment variable PGPASSWORD")
    private @Nullable String password;

    /** Fails before anything is started when the options do not go together. */
    Server open() throws IOException {
        if (url == null || url.isBlank()) {
            if (user != null) {
                throw new WrongArgument("--user is for your own server: give its --url too");
            }
            return Server.embedded();
        }
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new WrongArgument("--url must begin with jdbc:postgresql:");
        }
        return Server.given(url, user, password);
    }
}
