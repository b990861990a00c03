// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.rights;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.pgleash.compatibility.service.ServiceJvm;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Everything that is alive in a service's heap, as a file. */
record HeapDump(Path file) implements AutoCloseable {
    static HeapDump of(ServiceJvm service, Path folder) throws IOException {
        Path file = folder.resolve("service.hprof");
        ManagementFactory.newPlatformMXBeanProxy(
                        service.jmx(), "com.sun.management:type=HotSpotDiagnostic", HotSpotDiagnosticMXBean.class)
                .dumpHeap(file.toString(), true);
        return new HeapDump(file);
    }

    /** Whether a text is in it: as a string of Latin letters, or as an array of chars, or as bytes. */
    boolean contains(String text) throws IOException {
        byte[] chars = text.getBytes(StandardCharsets.UTF_16BE);
        return contains(text.getBytes(StandardCharsets.ISO_8859_1))
                || contains(Arrays.copyOfRange(chars, 1, chars.length));
    }

    /** What is wanted must not have its first byte again, or a match might be missed. */
    private boolean contains(byte[] wanted) throws IOException {
        try (InputStream dump = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            int matched = 0;
            for (int b = dump.read(); b >= 0; b = dump.read()) {
                matched = (byte) b == wanted[matched] ? matched + 1 : (byte) b == wanted[0] ? 1 : 0;
                if (matched == wanted.length) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
