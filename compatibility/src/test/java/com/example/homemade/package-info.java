// SPDX-License-Identifier: Apache-2.0
/** A pool such as somebody wrote for himself years ago: nobody lists it anywhere. */
@NullMarked
package com.example.homemade;

import org.jspecify.annotations.NullMarked;
