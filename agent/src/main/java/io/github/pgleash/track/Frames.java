// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.track;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose a stack frame is, by its class name: the application's frame is the first that is nobody else's. */
public final class Frames {
    private static final String[] PLATFORM = {"java.", "javax.", "jdk.", "sun.", "com.sun."};

    private static final String[] DRIVER = {"org.postgresql."};

    private static final String[] POOLS = {
        "com.zaxxer.hikari.",
        "org.apache.tomcat.jdbc.",
        "org.apache.tomcat.dbcp.",
        "org.apache.commons.dbcp2.",
        "org.apache.commons.pool2.",
        "com.mchange.",
        "io.agroal.",
        "com.alibaba.druid.",
        "org.vibur.",
        "oracle.ucp.",
        "com.atomikos.",
        "com.arjuna.",
        "org.jboss.jca.",
        "net.ttddyy.dsproxy.",
        "com.p6spy.",
        "com.vladmihalcea.flexypool.",
    };

    private static final String[] FRAMEWORKS = {
        "org.springframework.",
        "org.hibernate.",
        "org.eclipse.persistence.",
        "org.mybatis.",
        "org.apache.ibatis.",
        "org.jooq.",
        "org.jdbi.",
        "com.querydsl.",
        "io.ebean.",
        "org.flywaydb.",
        "liquibase.",
        "io.quarkus.",
        "io.smallrye.",
        "io.micronaut.",
        "jakarta.",
        "org.apache.",
        "org.jboss.",
        "org.wildfly.",
        "org.eclipse.jetty.",
        "io.undertow.",
        "io.netty.",
        "io.vertx.",
        "io.opentelemetry.",
        "kotlin.",
        "scala.",
        "groovy.",
        "org.codehaus.groovy.",
        "com.sun.proxy.",
        "$Proxy",
    };

    /** What CGLIB puts behind the name of the class it makes a proxy of: in Spring, in Guice. */
    private static final String[] PROXIES = {"$$SpringCGLIB$$", "$$EnhancerBy"};

    private static final String FAST_CLASS = "$$FastClass";

    private Frames() {}

    static boolean isDriver(String className) {
        return startsWithAny(className, DRIVER);
    }

    /** Stands between those who want a connection, an application or a pool, and those who make one. */
    static boolean isGoBetween(String className) {
        return startsWithAny(className, PLATFORM) || isDriver(className) || startsWithAny(className, FRAMEWORKS);
    }

    static boolean isPool(String className) {
        return startsWithAny(className, POOLS);
    }

    private static boolean isSupport(String className) {
        return startsWithAny(className, PLATFORM) || isDriver(className) || isPool(className);
    }

    private static boolean isFramework(StackTraceElement frame) {
        return startsWithAny(frame.getClassName(), FRAMEWORKS)
                || frame.getClassName().contains(FAST_CLASS)
                || frame.getMethodName().startsWith("CGLIB$");
    }

    /**
     * The class whose code it is. A CGLIB proxy stands for its target: a transaction borrows before the target itself is
     * called, so that the proxy is all that is known of the method then.
     */
    static String className(StackTraceElement frame) {
        String name = frame.getClassName();
        for (String proxy : PROXIES) {
            int end = name.indexOf(proxy);
            if (end > 0) {
                return name.substring(0, end);
            }
        }
        return name;
    }

    /** Whether both are in the same method, of a class or of its proxy. */
    public static boolean isSameMethod(StackTraceElement one, StackTraceElement other) {
        return one.getMethodName().equals(other.getMethodName())
                && className(one).equals(className(other));
    }

    /**
     * The innermost frame of the application itself; where there is none, the innermost that is not the platform's, the
     * driver's or a pool's.
     *
     * @param lender class name of an unknown data source, whose own frames are not the application's either
     */
    public static @Nullable StackTraceElement application(List<StackTraceElement> stack, @Nullable String lender) {
        StackTraceElement framework = null;
        for (StackTraceElement frame : stack) {
            String name = frame.getClassName();
            if (isSupport(name) || isOf(name, lender)) {
                continue;
            }
            if (!isFramework(frame)) {
                return frame;
            }
            framework = framework == null ? frame : framework;
        }
        return framework;
    }

    /** As a stack trace shows it, without the names of loaders and modules. */
    public static String text(StackTraceElement frame) {
        String className = className(frame);
        String file = className.equals(frame.getClassName()) ? frame.getFileName() : "proxy";
        String place = frame.isNativeMethod() ? "native" : file == null ? "unknown source" : file;
        String line = frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "";
        return className + "." + frame.getMethodName() + "(" + place + line + ")";
    }

    private static boolean isOf(String className, @Nullable String lender) {
        return lender != null && (className.equals(lender) || className.startsWith(lender + "$"));
    }

    private static boolean startsWithAny(String className, String[] prefixes) {
        for (String prefix : prefixes) {
            if (className.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
