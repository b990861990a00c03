// SPDX-License-Identifier: Apache-2.0
/** Connection pools, driven through {@link javax.sql.DataSource} and by reflection, each with its own class loader. */
@NullMarked
package io.github.pgleash.compatibility.pools;

import org.jspecify.annotations.NullMarked;
