// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Methods that lend connections in every shape that a compiler makes. Of JDK types only, so that any loader can load a
 * copy. Each is called with several modes, which choose the way through it.
 */
@SuppressWarnings("all")
class TrickyCalls {
    /** What a copy lends and throws; shared by all copies, so that results can be compared. */
    abstract static class Base {
        public Connection[] pool;
        public Throwable[] failures;
        public int mode;

        Connection lend(int i) {
            return pool[Math.floorMod(i, pool.length)];
        }

        <T extends Throwable> void fail(int i) throws T {
            @SuppressWarnings("unchecked")
            T failure = (T) failures[Math.floorMod(i, failures.length)];
            throw failure;
        }
    }

    static class Plain extends Base {
        public Connection getConnection() {
            return lend(mode);
        }
    }

    static class Nothing extends Base {
        public Connection getConnection() {
            return null;
        }
    }

    static class ManyLocals extends Base {
        public Connection getConnection(String user, String password) throws SQLException {
            int a = mode;
            long b = a * 3L;
            double c = b / 2.0;
            String d = user + password + c;
            Object[] e = {a, b, c, d};
            byte f = (byte) a;
            boolean g = a > 2;
            float h = f;
            Connection result = null;
            for (int i = 0; i < e.length; i++) {
                long inner = i + b;
                if (inner > 4 && g) {
                    result = lend((int) inner);
                    break;
                }
                double other = inner * c + h;
                result = other > 7 ? lend(f) : result;
            }
            a += 300;
            return result == null ? lend(d.length() + a) : result;
        }
    }

    static class WideParameters extends Base {
        public Connection getConnection(
                int mode, long one, double two, String three, long four, byte five, double six, Object seven) {
            long sum = one + four;
            for (long i = 0; i < 5; i++) {
                if (two * i > six) {
                    return lend((int) (sum + i));
                }
                sum += five;
            }
            double mean = sum / 5.0;
            seven = mean;
            return lend((int) mean + mode);
        }
    }

    static class OnlyWideParameters extends Base {
        public Connection getConnection(double one, long two) {
            while (two-- > one) {
                if (two == 3 && mode == 3) {
                    return lend(3);
                }
            }
            return lend(mode);
        }
    }

    static class LoopAtTheStart extends Base {
        public Connection getConnection() {
            do {
                if (mode-- <= 0) {
                    return lend(1);
                }
            } while (true);
        }
    }

    static class LoopAtTheStartWithParameters extends Base {
        public Connection getConnection(int mode, long rounds) throws SQLException {
            for (; ; ) {
                if (mode == 5) {
                    this.<SQLException>fail(1);
                }
                if (rounds-- <= 0) {
                    return lend(mode);
                }
                int left = (int) rounds;
                this.mode += left;
            }
        }
    }

    static class ReusedParameters extends Base {
        public Connection getConnection(Object user, int mode, String password) {
            user = Integer.valueOf(mode);
            if (mode > 2) {
                password = null;
                user = "x";
            }
            while (mode < 10) {
                mode += 4;
                user = mode % 2 == 0 ? user : (Object) password;
            }
            return lend(mode + (user == null ? 1 : 0));
        }
    }

    static class CatchAndFinally extends Base {
        public Connection getConnection(int mode) throws SQLException {
            int seen = 0;
            try {
                if (mode == 1) {
                    this.<SQLException>fail(0);
                }
                if (mode == 2) {
                    this.<RuntimeException>fail(1);
                }
                if (mode == 3) {
                    this.<Error>fail(2);
                }
                return lend(mode);
            } catch (SQLException expected) {
                seen++;
                if (expected == failures[0]) {
                    return lend(4);
                }
                throw expected;
            } catch (RuntimeException rethrown) {
                seen += 2;
                throw rethrown;
            } finally {
                seen += 4;
                pool[0].hashCode();
                this.mode = seen;
            }
        }
    }

    static class FinallyThatReturns extends Base {
        public Connection getConnection(int mode) {
            try {
                this.<RuntimeException>fail(mode);
                return lend(1);
            } finally {
                if (mode < 4) {
                    return lend(mode);
                }
            }
        }
    }

    static class NestedTries extends Base {
        public Connection getConnection(int mode, long unused) throws Exception {
            for (int i = 0; ; i++) {
                try {
                    try {
                        if (mode-- > 0) {
                            this.<Exception>fail(mode);
                        }
                        return lend(i);
                    } catch (IOException io) {
                        throw new SQLException[] {(SQLException) failures[0]}[0];
                    } finally {
                        unused += i;
                    }
                } catch (SQLException again) {
                    if (i > 2) {
                        throw again;
                    }
                    double wide = i + unused;
                    this.mode += (int) wide;
                }
            }
        }
    }

    static class Resources extends Base {
        public Connection getConnection(int mode) throws Exception {
            try (AutoCloseable one = () -> this.mode++;
                    AutoCloseable two = mode == 2 ? null : () -> this.mode += 2) {
                if (mode == 3) {
                    this.<Exception>fail(1);
                }
                return lend(one == two ? 0 : mode);
            }
        }
    }

    static class Switches extends Base {
        public Connection getConnection(int mode, String name) {
            switch (mode) {
                case 0:
                    return lend(0);
                case 1:
                case 2: {
                    long wide = mode;
                    return lend((int) wide);
                }
                case 4_000:
                    return null;
                default:
            }
            String key = name + mode;
            Connection found =
                    switch (key) {
                        case "x3" -> lend(3);
                        case "x4" -> {
                            for (int i = 0; i < 3; i++) {
                                mode += i;
                            }
                            yield lend(mode);
                        }
                        default -> null;
                    };
            return found;
        }
    }

    static class Lambdas extends Base {
        public Connection getConnection(int mode, String user) throws Exception {
            IntFunction<Callable<Connection>> factory = i -> {
                Supplier<Connection> inner = () -> lend(i + mode + user.length());
                return () -> {
                    if (i == 3) {
                        this.<Exception>fail(mode);
                    }
                    return inner.get();
                };
            };
            return factory.apply(mode).call();
        }
    }

    static class Locked extends Base {
        private final Object lock = new Object();

        public synchronized Connection getConnection(int mode) {
            synchronized (lock) {
                if (mode == 1) {
                    this.<RuntimeException>fail(1);
                }
                synchronized (this) {
                    if (mode == 2) {
                        return lend(2);
                    }
                }
            }
            if (Thread.holdsLock(lock)) {
                throw new AssertionError("the lock was not released");
            }
            return lend(mode);
        }
    }

    static class Throwing extends Base {
        public Connection getConnection(int mode) throws Exception {
            this.<Exception>fail(mode);
            throw (Exception) failures[0];
        }
    }

    static class OnlyThrows extends Base {
        public Connection getConnection() {
            throw (RuntimeException) failures[1];
        }
    }

    static class Recursive extends Base {
        public Connection getConnection(int mode) {
            return mode <= 0 ? lend(1) : getConnection(mode - 1);
        }
    }

    static class Overloaded extends Base {
        public Connection getConnection() throws SQLException {
            return getConnection("joe", "zecret");
        }

        public Connection getConnection(String user, String password) throws SQLException {
            if (mode == 2) {
                this.<SQLException>fail(0);
            }
            return lend(user.length() + mode);
        }

        /** Not one that lends. */
        public int getConnection(int number) {
            return number;
        }

        /** Has no this. */
        public static Connection getConnection(Connection given) {
            return given;
        }
    }

    interface Lender<T, K> {
        T getConnection(K key) throws SQLException;
    }

    /** With a bridge that returns Object. */
    static class Generic extends Base implements Lender<Connection, String> {
        @Override
        public Connection getConnection(String key) throws SQLException {
            if (mode == 1) {
                this.<SQLException>fail(0);
            }
            return lend(key.length() + mode);
        }
    }

    interface Special extends Connection {}

    interface Plainly {
        Connection getConnection();
    }

    /** With a bridge that returns Connection around a method that returns another type. */
    static class Covariant extends Base implements Plainly {
        @Override
        public Special getConnection() {
            if (mode == 1) {
                this.<RuntimeException>fail(1);
            }
            return null;
        }
    }

    static class ManyReturns extends Base {
        public Connection getConnection(int mode, double limit) {
            if (mode == 0) {
                return lend(0);
            }
            Connection last = null;
            for (int i = 0; i < mode; i++) {
                if (i > limit) {
                    return last;
                }
                last = mode % 2 == 0 ? lend(i) : lend(-i);
                if (last == pool[0]) {
                    continue;
                }
                if (i == 2) {
                    return pool[2];
                }
            }
            return last;
        }
    }

    static class Patterns extends Base {
        public Connection getConnection(Object user, int mode) {
            Object what = mode == 0 ? "text" : mode == 1 ? (Object) 3 : List.of(mode);
            if (what instanceof String text && text.length() == 4) {
                return lend(text.length());
            } else if (what instanceof Integer number) {
                return lend(number);
            }
            return what instanceof List<?> list && !list.isEmpty() ? lend(list.size()) : null;
        }
    }
}
