// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import java.util.ArrayList;
import java.util.List;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;

/** What a JMX client gets to hear. */
final class ReceivedNotifications {
    final Notifications notifications = new Notifications();
    final List<Notification> received = new ArrayList<>();

    ReceivedNotifications() {
        notifications
                .broadcaster()
                .addNotificationListener((notification, handback) -> received.add(notification), null, null);
    }

    List<String> types() {
        return received.stream().map(Notification::getType).toList();
    }

    static CompositeData data(Notification notification) {
        return (CompositeData) notification.getUserData();
    }
}
