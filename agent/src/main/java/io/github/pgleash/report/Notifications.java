// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import io.github.pgleash.jmx.BackendsObjectName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;

/**
 * JMX notifications: a sentence as message, and a row or receipt of the contract as user data, in open types, so that a
 * client needs no class of ours. Limited to a rate that no listener chokes on. Called by the patrol and JMX threads.
 */
public final class Notifications {
    /** What a notification is about; its JMX type is {@code pgleash.} and the text. */
    enum Kind {
        LEAK_SUSPECTED("leak.suspected", "a borrow looks leaked"),
        LEAK_CONFIRMED("leak.confirmed", "a borrow is leaked for certain"),
        LEAK_RETURNED("leak.returned", "a borrow that looked leaked was returned after all"),
        STUCK("stuck", "a backend is in one state for too long"),
        ACTED("acted", "a backend was cancelled or terminated, or would be in a dry run"),
        REFUSED("refused", "an action was refused"),
        EXHAUSTED("exhausted", "a pool or a server has no connection left"),
        HALTED("halted", "automatic clean-up has stopped itself");

        final String type;
        final String description;

        Kind(String type, String description) {
            this.type = "pgleash." + type;
            this.description = description;
        }
    }

    private static final int MOST_A_SECOND = 20;

    private static final Map<Class<?>, SimpleType<?>> OPEN_TYPES = Map.of(
            String.class, SimpleType.STRING,
            int.class, SimpleType.INTEGER,
            long.class, SimpleType.LONG,
            boolean.class, SimpleType.BOOLEAN);

    private final NotificationBroadcasterSupport broadcaster = new NotificationBroadcasterSupport(infos());
    private final AtomicLong sequence = new AtomicLong();
    private long second;
    private int inThisSecond;

    private static MBeanNotificationInfo[] infos() {
        List<MBeanNotificationInfo> infos = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            infos.add(new MBeanNotificationInfo(
                    new String[] {kind.type}, Notification.class.getName(), kind.description));
        }
        return infos.toArray(new MBeanNotificationInfo[0]);
    }

    NotificationBroadcasterSupport broadcaster() {
        return broadcaster;
    }

    /** Automatic clean-up has stopped itself, for that reason. */
    public void halted(String message) {
        send(Kind.HALTED, message, new Halt(OneLine.of(message)));
    }

    /** The user data of that. */
    record Halt(String reason) {}

    /** @param data a record of the contract */
    void send(Kind kind, String message, Record data) {
        if (!mayBeSent()) {
            return;
        }
        Notification notification = new Notification(
                kind.type,
                BackendsObjectName.BACKENDS,
                sequence.incrementAndGet(),
                System.currentTimeMillis(),
                OneLine.of(message));
        notification.setUserData(openData(data));
        broadcaster.sendNotification(notification);
    }

    private synchronized boolean mayBeSent() {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            second = now;
            inThisSecond = 0;
        }
        return ++inThisSecond <= MOST_A_SECOND;
    }

    private static CompositeDataSupport openData(Record data) {
        RecordComponent[] components = data.getClass().getRecordComponents();
        String[] names = new String[components.length];
        Object[] values = new Object[components.length];
        OpenType<?>[] types = new OpenType<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                names[i] = components[i].getName();
                values[i] = components[i].getAccessor().invoke(data);
                types[i] = Objects.requireNonNull(OPEN_TYPES.get(components[i].getType()));
            }
            String name = data.getClass().getName();
            return new CompositeDataSupport(new CompositeType(name, name, names, names, types), names, values);
        } catch (OpenDataException | ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
