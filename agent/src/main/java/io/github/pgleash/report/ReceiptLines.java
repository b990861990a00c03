// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.pgleash.jmx.Receipt;
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
        return new JsonLine()
                .put("time", receipt.time())
                .put("action", receipt.action())
                .put("backend", receipt.backend())
                .put("outcome", receipt.outcome())
                .put("reason", receipt.reason())
                .put("by", receipt.by())
                .put("rung", receipt.rung())
                .put("elapsedMillis", receipt.elapsedMillis())
                .put("slotFreed", receipt.slotFreed())
                .put("evidence", receipt.evidence())
                .toString();
    }
}
