// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.act.Backends;
import io.github.pgleash.jmx.BackendsObjectName;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.report.Notifications.Kind;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.SimpleType;
import org.junit.jupiter.api.Test;

class NotificationsTest {
    private final ReceivedNotifications client = new ReceivedNotifications();

    @Test
    void a_notification_is_a_sentence_with_data_of_open_types_only() throws Exception {
        try (Backends backends = new Backends()) {
            client.notifications.send(
                    Kind.STUCK,
                    "one\nline",
                    new Rows(StatementText.MASKED).backend(Findings.stuck(backends.open(7, Backends.TAG))));
        }

        Notification notification = client.received.get(0);
        assertThat(notification.getType()).isEqualTo("pgleash.stuck");
        assertThat(notification.getMessage()).isEqualTo("one line");
        assertThat(notification.getSource()).isEqualTo(BackendsObjectName.BACKENDS);
        assertThat(notification.getTimeStamp()).isPositive();
        CompositeData data = ReceivedNotifications.data(notification);
        assertThat(data.get("pid")).isEqualTo(7);
        assertThat(data.get("verdict")).isEqualTo("stuck");
        assertThat(data.get("pool")).isNull();
        assertThat(data.getCompositeType().keySet())
                .allSatisfy(
                        key -> assertThat(data.getCompositeType().getType(key)).isInstanceOf(SimpleType.class));
    }

    @Test
    void its_data_needs_no_class_of_ours() throws Exception {
        client.notifications.send(Kind.EXHAUSTED, "none left", new Exhaustion.Report("line"));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(client.received.get(0));
        }
        assertThat(ReceivedNotifications.data(client.received.get(0)).get("report"))
                .isEqualTo("line");
        assertThat(ReceivedNotifications.data(client.received.get(0)).getClass().getName())
                .startsWith("javax.management.openmbean.");
    }

    @Test
    void they_are_numbered() {
        client.notifications.send(Kind.ACTED, "one", new Exhaustion.Report(""));
        client.notifications.send(Kind.REFUSED, "two", new Exhaustion.Report(""));

        assertThat(client.received).extracting(Notification::getSequenceNumber).containsExactly(1L, 2L);
    }

    /** Twenty a second: a thousand that are sent in less than that are forty at most, should a second end meanwhile. */
    @Test
    void more_than_a_listener_can_take_are_dropped() {
        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            client.notifications.send(Kind.ACTED, "again", new Exhaustion.Report(""));
        }
        long seconds = 2 + (System.nanoTime() - began) / 1_000_000_000;

        assertThat(client.received).hasSizeBetween(20, (int) (20 * seconds));
    }

    @Test
    void every_kind_is_described_and_named_as_in_the_contract() {
        List<MBeanNotificationInfo> infos =
                Arrays.asList(client.notifications.broadcaster().getNotificationInfo());

        assertThat(infos)
                .flatExtracting(info -> Arrays.asList(info.getNotifTypes()))
                .containsExactly(
                        "pgleash.leak.suspected",
                        "pgleash.leak.confirmed",
                        "pgleash.leak.returned",
                        "pgleash.stuck",
                        "pgleash.acted",
                        "pgleash.refused",
                        "pgleash.exhausted",
                        "pgleash.halted");
        assertThat(infos).allSatisfy(info -> assertThat(info.getDescription()).isNotBlank());
    }
}
