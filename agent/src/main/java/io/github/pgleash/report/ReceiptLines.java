// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.pgleash.act.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Each receipt as one line of JSON, for programs: in the log, or alone in the file of the {@code receipts} option. The
 * file is opened for each, since there are few and it may have been rotated away. Any thread.
 */
public final class ReceiptLines {
    private final @Nullable Path file;
    private final Logger log;

    /** @param file null is the log; so is a file that cannot be written, which is said there */
    public ReceiptLines(@Nullable Path file, Logger log) {
        this.file = file;
        this.log = log;
    }

    void write(Receipt receipt) {
        String json = json(receipt);
        if (file == null) {
            log.info("receipt {}", json);
        } else {
            append(file, json);
        }
    }

    private synchronized void append(Path to, String json) {
        try {
            Files.write(
                    to,
                    (json + "\n").getBytes(US_ASCII),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException | RuntimeException unwritable) {
            log.warn("receipts file {} cannot be written ({}), this one goes here: {}", to, unwritable, json);
        }
    }

    /** The fields of the contract, in its order. */
    static String json(Receipt receipt) {
        io.github.pgleash.jmx.Receipt shown = Rows.receipt(receipt);
        return new JsonLine()
                .put("time", shown.time())
                .put("action", shown.action())
                .put("backend", shown.backend())
                .put("outcome", shown.outcome())
                .put("reason", shown.reason())
                .put("by", shown.by())
                .put("rung", shown.rung())
                .put("elapsedMillis", shown.elapsedMillis())
                .put("slotFreed", shown.slotFreed())
                .put("evidence", shown.evidence())
                .toString();
    }
}
