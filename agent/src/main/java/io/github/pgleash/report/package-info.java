// SPDX-License-Identifier: Apache-2.0
/**
 * What people and programs see: the MBean, receipts, text, the log. Knows all but the composition root.
 */
@NullMarked
package io.github.pgleash.report;

import org.jspecify.annotations.NullMarked;
