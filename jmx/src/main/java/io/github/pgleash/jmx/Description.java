// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.jmx;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What JConsole and VisualVM show of an attribute, an operation or a parameter. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface Description {
    /** Of every parameter that names a backend. */
    String BACKEND_ID = "id from the list, pid@host:port#start; or a pid, where only one backend has it";

    String value();
}
