// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.springboot;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Two statements in one transaction; Spring borrows its connection before this code is reached. */
@Service
public class CheckoutService {
    private final OrderRepository orders;

    CheckoutService(OrderRepository orders) {
        this.orders = orders;
    }

    @Transactional
    public @Nullable Long pay() {
        orders.add("umbrella");
        return orders.count();
    }
}
