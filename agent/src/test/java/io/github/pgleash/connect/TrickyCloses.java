// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Handles whose methods have every shape that a compiler makes; of JDK types only. */
@SuppressWarnings("all")
class TrickyCloses {
    abstract static class Base {
        /** What the method itself did. */
        public final List<String> done = new ArrayList<>();

        public Throwable failure;
        public boolean fails;

        public abstract void close() throws Exception;

        <T extends Throwable> void maybeFail() throws T {
            if (fails) {
                @SuppressWarnings("unchecked")
                T thrown = (T) failure;
                throw thrown;
            }
        }
    }

    static class Plain extends Base {
        @Override
        public void close() throws Exception {
            done.add("closed");
            this.<Exception>maybeFail();
        }
    }

    static class Empty extends Base {
        @Override
        public void close() {}
    }

    static class Loop extends Base {
        private int left = 3;

        @Override
        public void close() throws Exception {
            do {
                done.add("round");
            } while (--left > 0);
            this.<Exception>maybeFail();
        }
    }

    static class EndlessLoop extends Base {
        private int left = 3;

        @Override
        public void close() throws Exception {
            while (true) {
                if (left-- == 0) {
                    return;
                }
                done.add("round");
                this.<Exception>maybeFail();
            }
        }
    }

    static class TryAtTheStart extends Base {
        @Override
        public void close() throws Exception {
            try {
                this.<Exception>maybeFail();
            } catch (IllegalStateException other) {
                done.add("caught");
            } finally {
                done.add("closed");
            }
        }
    }

    static class Locked extends Base {
        @Override
        public synchronized void close() throws Exception {
            synchronized (done) {
                long wide = done.size();
                done.add("closed" + wide);
                this.<Exception>maybeFail();
            }
        }
    }

    static class Inherited extends Plain {
        @Override
        public void close() throws Exception {
            done.add("outer");
            super.close();
        }
    }

    static class ManyReturns extends Base {
        @Override
        public void close() throws Exception {
            if (!done.isEmpty()) {
                return;
            }
            switch (fails ? 1 : 0) {
                case 0:
                    done.add("closed");
                    return;
                default:
            }
            this.<Exception>maybeFail();
        }
    }

    /** Other methods of that name are no return. */
    static class Overloaded extends Base {
        @Override
        public void close() throws Exception {
            close(true);
            close("x");
        }

        void close(boolean really) throws Exception {
            done.add("really");
            this.<Exception>maybeFail();
        }

        String close(String why) {
            done.add(why);
            return why;
        }

        static void close(Object other) {}
    }

    /** As the owner of a dead session uses it. */
    static class Statements extends Base {
        public Object createStatement() throws SQLException {
            this.<SQLException>maybeFail();
            return "statement";
        }

        public Object createStatement(int one, int two, int three) throws SQLException {
            for (int i = 0; ; i++) {
                if (i > one) {
                    return "loop";
                }
                long wide = i * 3L;
                if (wide > 2) {
                    this.<SQLException>maybeFail();
                }
            }
        }

        public Object prepareStatement(String sql, long wide, double wider) throws SQLException {
            try {
                this.<SQLException>maybeFail();
                return sql + wide + wider;
            } catch (IllegalStateException other) {
                throw other;
            } finally {
                done.add("finally");
            }
        }

        public synchronized void commit() throws Exception {
            do {
                synchronized (done) {
                    this.<Exception>maybeFail();
                }
            } while (done.size() > 5);
        }

        public boolean getAutoCommit() {
            this.<RuntimeException>maybeFail();
            return true;
        }

        public void setAutoCommit(boolean on) throws SQLException {
            throw (SQLException) failure;
        }

        @Override
        public void close() {}
    }
}
