// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.benchmarks;

import java.util.List;

/** One question of the comparison. */
interface Part {
    List<Table> run(Field field) throws Exception;
}
