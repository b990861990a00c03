// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.FakePostgres;
import io.github.pgleash.connect.HookPoint.Place;
import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

class HookVisitorTest {
    private static final String PG_CONNECTION = "org.postgresql.jdbc.PgConnection";

    private final RecordedEvents events = new RecordedEvents();

    @BeforeEach
    void open() {
        Door.open(events);
    }

    @AfterEach
    void close() {
        Door.open(ConnectionEvents.NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_woven_driver_tells_of_a_connection_from_beginning_to_end(boolean near) throws Exception {
        WovenLoader loader = new WovenLoader(near, "org.postgresql.").weave(PG_CONNECTION, near);
        try (FakePostgres server = new FakePostgres()) {
            Connection connection = loader.connect(server.url(), FakePostgres.settings());

            assertThat(events.names).containsSubsequence("opening", "opened").doesNotContain("closed");
            assertThat(events.infos.get(0)).isSameAs(events.infos.get(1));
            assertThat(events.begun).singleElement().isSameAs(connection);
            assertThat(events.connections.get(0)).isSameAs(connection);
            assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("changed on the way");
            assertThat(PgDriver.of(connection.getClass()).applicationName(connection))
                    .as("as the server got it")
                    .isEqualTo("changed on the way");

            connection.close();
            assertThat(events.names).endsWith("closed");
            assertThat(events.connections).allSatisfy(seen -> assertThat(seen).isSameAs(connection));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_connection_is_met_at_its_next_use_where_that_is_woven(boolean near) throws Exception {
        WovenLoader loader = new WovenLoader(near, "org.postgresql.").weave(PG_CONNECTION, near);
        try (FakePostgres server = new FakePostgres();
                Connection connection = loader.connect(server.url(), FakePostgres.settings())) {
            events.names.clear();

            connection.getClass().getMethod("getQueryExecutor").invoke(connection);

            assertThat(events.names).containsExactly("used");
        }
    }

    @Test
    void trouble_behind_the_door_does_not_reach_the_application() throws Exception {
        Door.open(new ConnectionEvents() {
            @Override
            public void opening(Connection connection, PgDriver driver, Properties info) {
                throw new StackOverflowError("on purpose");
            }
        });
        WovenLoader loader = new WovenLoader(true, "org.postgresql.").weave(PG_CONNECTION, true);
        try (FakePostgres server = new FakePostgres();
                Connection connection = loader.connect(server.url(), FakePostgres.settings())) {
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @Test
    void weaving_the_same_twice_gives_the_same() throws Exception {
        List<HookPoint> points = pointsOfTheTable();

        assertThat(Loom.weave(WovenLoader.bytes(PG_CONNECTION), points, true))
                .isEqualTo(Loom.weave(WovenLoader.bytes(PG_CONNECTION), points, true))
                .isNotEqualTo(WovenLoader.bytes(PG_CONNECTION));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothing_is_added_to_the_class(boolean near) throws Exception {
        Class<?> woven = new WovenLoader(true, "org.postgresql.")
                .weave(PG_CONNECTION, near)
                .loadClass(PG_CONNECTION);

        assertThat(members(woven)).isEqualTo(members(PgConnection.class));
        assertThat(woven.getInterfaces()).hasSameSizeAs(PgConnection.class.getInterfaces());
    }

    @Test
    void far_code_names_jdk_types_only() throws Exception {
        byte[] far = Loom.weave(WovenLoader.bytes(PG_CONNECTION), pointsOfTheTable(), false);

        assertThat(text(far)).doesNotContain("io/github/pgleash").contains("io.github.pgleash.connect.Door");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abstractOne", "staticOne", "nativeOne", "noSuchMethod"})
    void a_method_without_this_or_without_a_body_is_left_alone(String method) throws Exception {
        for (Place place : List.of(Place.AT_ENTRY, Place.BEFORE_RETURN)) {
            assertThat(weave(Bodiless.class, new HookPoint("", method, place, Event.CLOSED)))
                    .isNull();
        }
    }

    @Test
    void a_method_without_properties_cannot_tell_them() throws Exception {
        assertThat(weave(Bodiless.class, new HookPoint("", "close", Place.AT_ENTRY, Event.OPENING)))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource
    void a_constructor_that_makes_objects_for_its_super_constructor_tells_once_and_after_it(
            Class<?> constructed, boolean near) throws Exception {
        WovenLoader loader = new WovenLoader(true, constructed.getName())
                .weave(
                        constructed.getName(),
                        List.of(
                                new HookPoint("", "<init>", Place.AFTER_SUPER, Event.OPENING),
                                new HookPoint("", "<init>", Place.BEFORE_RETURN, Event.OPENED)),
                        near);
        try (FakePostgres server = new FakePostgres()) {
            int port =
                    Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
            Properties info = FakePostgres.settings();
            info.setProperty("PGDBNAME", "shop");

            Constructor<?> constructor = loader.loadClass(constructed.getName())
                    .getDeclaredConstructor(long.class, Properties.class, int.class);
            constructor.setAccessible(true);
            Object connection = constructor.newInstance(1L, info, port);

            assertThat(events.names).containsExactly("opening", "opened");
            assertThat(events.infos).allSatisfy(seen -> assertThat(seen).isSameAs(info));
            assertThat(events.connections).singleElement().isSameAs(connection);
            ((Connection) connection).close();
        }
    }

    static Stream<Arguments> a_constructor_that_makes_objects_for_its_super_constructor_tells_once_and_after_it() {
        return Stream.of(NestedNew.class, NewInBranches.class, ManyReturns.class)
                .flatMap(type -> Stream.of(Arguments.of(type, true), Arguments.of(type, false)));
    }

    private static List<HookPoint> pointsOfTheTable() {
        return HookPoint.byClass().getOrDefault(PG_CONNECTION.replace('.', '/'), List.of());
    }

    private static byte @Nullable [] weave(Class<?> type, HookPoint point) throws Exception {
        return Loom.weave(WovenLoader.bytes(type.getName()), List.of(point), true);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static List<String> members(Class<?> type) {
        List<Member> members = new ArrayList<>();
        members.addAll(Arrays.asList(type.getDeclaredMethods()));
        members.addAll(Arrays.asList(type.getDeclaredConstructors()));
        members.addAll(Arrays.asList(type.getDeclaredFields()));
        return members.stream()
                .map(member -> Modifier.toString(member.getModifiers()) + " " + member)
                .sorted()
                .toList();
    }

    abstract static class Bodiless implements AutoCloseable {
        abstract void abstractOne();

        static void staticOne() {}

        native void nativeOne();

        @Override
        public void close() {}
    }

    /** Objects within objects among the arguments of super. */
    static class NestedNew extends PgConnection {
        NestedNew(long two, Properties info, int port) throws SQLException {
            super(
                    new HostSpec[] {
                        new HostSpec(new String(new char[] {'1', '2', '7', '.', '1'}), port + (int) (two - 1))
                    },
                    info,
                    new String("jdbc:postgresql:"));
        }
    }

    /** One of two objects, as it turns out. */
    static class NewInBranches extends PgConnection {
        NewInBranches(long two, Properties info, int port) throws SQLException {
            super(
                    new HostSpec[] {two > 0 ? new HostSpec("127.0.0.1", port) : new HostSpec(new String("::1"), port)},
                    info,
                    two > 1 ? new String("jdbc:postgresql:") : "jdbc:postgresql:");
        }
    }

    /** Objects after super, and returns in the middle. */
    static class ManyReturns extends PgConnection {
        ManyReturns(long two, Properties info, int port) throws SQLException {
            super(new HostSpec[] {new HostSpec("127.0.0.1", port)}, info, "jdbc:postgresql:");
            if (two > 2) {
                assertThat(new String("x")).isNotEmpty();
                return;
            }
            for (int i = 0; i < two; i++) {
                if (new StringBuilder("y").length() > i) {
                    return;
                }
            }
        }
    }
}
