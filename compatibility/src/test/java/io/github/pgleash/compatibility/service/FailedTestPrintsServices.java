// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.service;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Prints what the services of a failed test have written. Registered for all tests through {@code META-INF/services};
 * JUnit gives such an extension no way to meet the services but a static one.
 */
public final class FailedTestPrintsServices implements AfterEachCallback {
    private static final Queue<ServiceJvm> SERVICES = new ConcurrentLinkedQueue<>();

    static void remember(ServiceJvm service) {
        SERVICES.add(service);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        if (test.getExecutionException().isPresent()) {
            System.out.println(test.getUniqueId() + " failed; its services:");
            SERVICES.forEach(System.out::println);
        }
        SERVICES.removeIf(service -> !service.isAlive());
    }
}
