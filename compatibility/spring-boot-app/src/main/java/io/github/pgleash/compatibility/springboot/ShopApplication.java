// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service: does what it is told on stdin, and answers on stdout. */
@SpringBootApplication
public class ShopApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(ShopApplication.class, arguments);
    }
}
