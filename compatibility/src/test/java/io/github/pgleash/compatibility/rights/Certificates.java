// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of our own, and what it has signed, made with {@code openssl} in a folder. */
record Certificates(Path folder) {
    private static final String DAYS = "2";

    /** Skips the test where there is no {@code openssl}. */
    static Certificates in(Path folder) {
        Certificates certificates = new Certificates(folder);
        certificates.openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                DAYS,
                "-subj",
                "/CN=authority",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt");
        return certificates;
    }

    Path authority() {
        return folder.resolve("ca.crt");
    }

    /** Of a server's host, or of a role. */
    Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** As the driver wants it. */
    Path binaryKey(String name) {
        return folder.resolve(name + ".pk8");
    }

    Certificates sign(String name) {
        openssl(
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr");
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                DAYS,
                "-out",
                name + ".crt");
        openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", name + ".key", "-out", name + ".pk8");
        return this;
    }

    private void openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Path log = folder.resolve("openssl.log");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + Files.readString(log));
            }
        } catch (IOException missing) {
            abort("needs openssl: " + missing);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
