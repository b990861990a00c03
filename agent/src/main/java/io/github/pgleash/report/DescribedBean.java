// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.Description;
import io.github.pgleash.jmx.Signals;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.StandardEmitterMBean;
import org.jspecify.annotations.Nullable;

/**
 * The MBean with names, descriptions and impact as the contract's annotations tell them: without this, JConsole shows
 * {@code terminate( p0 )} of unknown impact.
 */
final class DescribedBean extends StandardEmitterMBean {
    DescribedBean(BackendsMXBean backends, Notifications notifications) {
        super(backends, BackendsMXBean.class, true, notifications.broadcaster());
    }

    @Override
    protected String getDescription(@Nullable MBeanInfo info) {
        return description(BackendsMXBean.class, "PostgreSQL backends of this JVM");
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        return description(method((info.isIs() ? "is" : "get") + info.getName()), info.getName());
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return description(method(info.getName()), info.getName());
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo info, int sequence) {
        return description(parameter(operation, sequence), info.getName());
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo info, int sequence) {
        Parameter parameter = parameter(operation, sequence);
        return parameter == null ? info.getName() : parameter.getName();
    }

    @Override
    protected int getImpact(MBeanOperationInfo operation) {
        Method method = method(operation.getName());
        boolean signals = method != null && method.isAnnotationPresent(Signals.class);
        return signals ? MBeanOperationInfo.ACTION : MBeanOperationInfo.INFO;
    }

    private static String description(@Nullable AnnotatedElement element, String otherwise) {
        Description description = element == null ? null : element.getAnnotation(Description.class);
        return description == null ? otherwise : description.value();
    }

    private static @Nullable Parameter parameter(MBeanOperationInfo operation, int sequence) {
        Method method = method(operation.getName());
        return method == null || sequence >= method.getParameterCount() ? null : method.getParameters()[sequence];
    }

    /** There are no overloads. */
    private static @Nullable Method method(String name) {
        for (Method method : BackendsMXBean.class.getMethods()) {
            if (method.getName().equals(name)) {
                return method;
            }
        }
        return null;
    }
}
