// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Prints what the services of a failed test have written. Registered for all tests through {@code META-INF/services};
 * JUnit gives such an extension no way to meet the services but a static one.
 */
public final class FailedTestPrintsServices implements AfterEachCallback {
    private static final Queue<Remembered> SERVICES = new ConcurrentLinkedQueue<>();

    private record Remembered(Object service, BooleanSupplier alive) {}

    static void remember(Object service, BooleanSupplier alive) {
        SERVICES.add(new Remembered(service, alive));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (test.getExecutionException().isPresent()) {
            System.out.println(test.getUniqueId() + " failed; its services:");
            SERVICES.forEach(remembered -> System.out.println(remembered.service()));
        }
        SERVICES.removeIf(remembered -> !remembered.alive().getAsBoolean());
    }
}
