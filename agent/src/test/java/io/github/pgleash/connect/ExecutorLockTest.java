// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorLockTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        over.set(true);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(classes = {Monitored.class, Locked.class})
    void it_is_free_when_nobody_talks(Class<? extends Executor> type) throws Exception {
        assertThat(new ExecutorLock(type).isFree(executor(type), Duration.ZERO)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {Monitored.class, Locked.class})
    void it_is_not_while_somebody_talks_and_is_again_afterwards(Class<? extends Executor> type) throws Exception {
        ExecutorLock lock = new ExecutorLock(type);
        Executor executor = executor(type);
        Future<?> talk = talk(executor);
        assertThat(lock.isFree(executor, Duration.ZERO)).isFalse();
        assertThat(lock.isFree(executor, Duration.ofMillis(20))).isFalse();
        over.set(true);
        assertThat(lock.isFree(executor, LONG)).isTrue();
        talk.get();
        assertThat(lock.isFree(executor, Duration.ZERO)).isTrue();
    }

    /** Threads that begin and end take monitors of the JDK's own, and may be blocked by those as well. */
    @Test
    void a_monitor_that_is_free_is_never_taken_for_one_that_is_held() throws Exception {
        for (int i = 0; i < 2; i++) {
            threads.execute(this::startThreads);
        }
        ExecutorLock lock = new ExecutorLock(Monitored.class);
        for (int i = 0; i < 2_000; i++) {
            assertThat(lock.isFree(new Monitored(), Duration.ZERO))
                    .as("time %d", i)
                    .isTrue();
        }
    }

    @Test
    void who_asks_at_the_same_time_is_not_taken_for_one_who_talks() throws Exception {
        ExecutorLock lock = new ExecutorLock(Monitored.class);
        Monitored executor = new Monitored();
        Future<Boolean> other = threads.submit(() -> isAlwaysFree(lock, executor));
        assertThat(isAlwaysFree(lock, executor)).isTrue();
        assertThat(other.get()).isTrue();
    }

    @Test
    void one_thread_waits_for_a_monitor_however_often_it_is_asked() throws Exception {
        ExecutorLock lock = new ExecutorLock(Monitored.class);
        Monitored executor = new Monitored();
        Future<?> talk = talk(executor);
        for (int i = 0; i < 20; i++) {
            assertThat(lock.isFree(executor, Duration.ZERO)).isFalse();
        }
        List<Thread> probes = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pgleash probe") && thread.getState() == State.BLOCKED)
                .toList();
        assertThat(probes).hasSize(1);
        over.set(true);
        probes.get(0).join(LONG.toMillis());
        assertThat(probes.get(0).isAlive()).isFalse();
        talk.get();
    }

    private static boolean isAlwaysFree(ExecutorLock lock, Monitored executor) {
        for (int i = 0; i < 2_000; i++) {
            if (!lock.isFree(executor, Duration.ZERO)) {
                return false;
            }
        }
        return true;
    }

    private void startThreads() {
        while (!over.get()) {
            Thread thread = new Thread(() -> {});
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    /** Returns when it holds the lock, until the test is over. */
    private Future<?> talk(Executor executor) throws InterruptedException {
        CountDownLatch talking = new CountDownLatch(1);
        Future<?> talk = threads.submit(() -> executor.talk(() -> {
            talking.countDown();
            while (!over.get()) {
                Thread.onSpinWait();
            }
        }));
        assertThat(talking.await(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        return talk;
    }

    private static Executor executor(Class<? extends Executor> type) throws ReflectiveOperationException {
        return type.getDeclaredConstructor().newInstance();
    }

    private interface Executor {
        void talk(Runnable conversation);
    }

    /** As the driver's before 42.6. */
    static final class Monitored implements Executor {
        @Override
        public synchronized void talk(Runnable conversation) {
            conversation.run();
        }
    }

    static final class Locked implements Executor {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        public void talk(Runnable conversation) {
            lock.lock();
            try {
                conversation.run();
            } finally {
                lock.unlock();
            }
        }
    }
}
