// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.observe;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server without a server: answers what a control connection asks at login, and counts what is open. */
final class FakeSession implements Login {
    private static final @Nullable String[] FACTS = {
        "180006", "18.6", "127.0.0.1", "5432", "", "joe", "off", "joe", "pg_catalog"
    };

    private static final @Nullable String[] LINE = {"4711", "40000"};

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();

    int open() {
        return open.get();
    }

    int opened() {
        return opened.get();
    }

    @Override
    public String name() {
        return "joe@db:5432";
    }

    @Override
    public long edition() {
        return 1;
    }

    @Override
    public Connection open(Map<String, String> settings) {
        opened.incrementAndGet();
        open.incrementAndGet();
        AtomicInteger closes = new AtomicInteger();
        return as(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "createStatement" -> statement();
            case "close" -> closes.incrementAndGet() == 1 ? discard(open.decrementAndGet()) : null;
            default -> null;
        });
    }

    @Override
    public @Nullable Connection openAsApplication(Map<String, String> settings) {
        return null;
    }

    @Override
    public Line line(Connection connection) {
        return new Line(4711, 40_000);
    }

    private static Statement statement() {
        return as(Statement.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "executeQuery" -> row(String.valueOf(arguments[0]).contains("pg_backend_pid") ? LINE : FACTS);
            case "execute" -> false;
            default -> null;
        });
    }

    private static ResultSet row(@Nullable String[] texts) {
        return as(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "next" -> true;
            case "getString" -> texts[(Integer) arguments[0] - 1];
            case "getInt" -> Integer.valueOf(String.valueOf(texts[(Integer) arguments[0] - 1]));
            case "getTimestamp" -> new Timestamp(0);
            default -> null;
        });
    }

    private static @Nullable Object discard(int ignored) {
        return null;
    }

    private static <T> T as(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
