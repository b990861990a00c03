// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks.programs;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Runs statements under the Flight Recorder, and tells in how many samples of its thread pgleash was on the stack. */
public final class Selects {
    private Selects() {}

    public static void main(String[] args) throws Exception {
        long nanos = Long.parseLong(args[1]) * 1_000_000_000;
        Path file = Path.of(args[2]);
        long statements = 0;
        try (Connection connection = DriverManager.getConnection(args[0]);
                PreparedStatement statement = connection.prepareStatement("select ?::int")) {
            try (Recording recording = new Recording()) {
                for (String event : new String[] {"jdk.ExecutionSample", "jdk.NativeMethodSample"}) {
                    recording.enable(event).withPeriod(Duration.ofMillis(10));
                }
                recording.start();
                long end = System.nanoTime() + nanos;
                while (System.nanoTime() - end < 0) {
                    statement.setInt(1, 1);
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                    }
                    statements++;
                }
                recording.stop();
                recording.dump(file);
            }
        }
        tell(file, statements);
    }

    private static void tell(Path file, long statements) throws Exception {
        long samples = 0;
        long ours = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            boolean isMain = event.hasField("sampledThread")
                    && event.getThread("sampledThread") != null
                    && "main".equals(event.getThread("sampledThread").getJavaName());
            if (isMain && event.getStackTrace() != null) {
                samples++;
                if (event.getStackTrace().getFrames().stream().anyMatch(Selects::isOurs)) {
                    ours++;
                }
            }
        }
        System.out.println("statements=" + statements);
        System.out.println("samples=" + samples);
        System.out.println("ours=" + ours);
    }

    private static boolean isOurs(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.startsWith("io.github.pgleash.") && !type.startsWith("io.github.pgleash.benchmarks.");
    }
}
