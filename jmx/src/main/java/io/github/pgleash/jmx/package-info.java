// SPDX-License-Identifier: Apache-2.0
/**
 * What operators and scripts see of pgleash over JMX. Only {@code java.*} types, so that any JMX client can use it
 * without a class of ours; with this small jar it can also use typed proxies.
 */
@NullMarked
package io.github.pgleash.jmx;

import org.jspecify.annotations.NullMarked;
