// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pgleash.act.Actions;
import io.github.pgleash.act.Backends;
import io.github.pgleash.act.Claims;
import io.github.pgleash.act.Errand;
import io.github.pgleash.act.Logins;
import io.github.pgleash.act.Problems;
import io.github.pgleash.act.Receipt;
import io.github.pgleash.act.Strangers;
import io.github.pgleash.act.Survey;
import io.github.pgleash.act.Targets;
import io.github.pgleash.cleanup.Candidates;
import io.github.pgleash.cleanup.Cleanup;
import io.github.pgleash.cleanup.RuleBook;
import io.github.pgleash.jmx.BackendsMXBean;
import io.github.pgleash.jmx.BackendsObjectName;
import io.github.pgleash.judge.Judge;
import io.github.pgleash.judge.Thresholds;
import io.github.pgleash.observe.ControlConnections;
import io.github.pgleash.observe.StatementText;
import io.github.pgleash.rules.Budget;
import io.github.pgleash.rules.Measure;
import io.github.pgleash.tag.Instance;
import io.github.pgleash.tag.TagPattern;
import io.github.pgleash.tag.Tagger;
import io.github.pgleash.track.BorrowRegistry;
import io.github.pgleash.track.BorrowStacks;
import io.github.pgleash.track.Farewells;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import javax.management.Attribute;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The MBean as a client sees it, on an MBean server of its own, with connections to a server that answers nothing. */
class DescribedBeanTest {
    private static final String[] BACKEND = {"java.lang.String"};

    @TempDir
    private Path folder;

    private final Notifications notifications = new Notifications();
    private final MBeanServer jmx = MBeanServerFactory.newMBeanServer();
    private Backends backends;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
        Logger log = LineLogger.to(folder.resolve("log.txt"));
        JmxRegistration.register(jmx, bean(new Receipts(notifications, log), null), notifications);
    }

    @AfterEach
    void stop() throws Exception {
        backends.close();
    }

    @Test
    void every_attribute_has_a_description_that_says_more_than_its_name() throws Exception {
        assertThat(info().getAttributes())
                .extracting(MBeanFeatureInfo::getName)
                .contains("Application", "Backends", "Table", "Receipts", "Leaked", "Terminated", "AutomaticActions");
        assertThat(info().getAttributes()).allSatisfy(DescribedBeanTest::isDescribed);
        assertThat(info().getDescription()).isEqualTo("PostgreSQL backends of this JVM");
    }

    @Test
    void every_operation_and_every_parameter_has_one_too() throws Exception {
        for (MBeanOperationInfo operation : info().getOperations()) {
            isDescribed(operation);
            assertThat(operation.getSignature()).allSatisfy(DescribedBeanTest::isDescribed);
        }
    }

    private static void isDescribed(MBeanFeatureInfo feature) {
        assertThat(feature.getDescription())
                .as(feature.getName())
                .isNotBlank()
                .isNotEqualToIgnoringCase(feature.getName())
                .hasSizeGreaterThan(5)
                .doesNotContain("\n");
    }

    @Test
    void operations_look_like_this_in_a_console() throws Exception {
        assertThat(Arrays.stream(info().getOperations()).map(DescribedBeanTest::shown))
                .containsExactlyInAnyOrder(
                        "INFO refresh()",
                        "INFO table()",
                        "INFO explain(backend)",
                        "INFO preview()",
                        "INFO listing()",
                        "ACTION cancel(backend)",
                        "ACTION terminate(backend)",
                        "ACTION terminateLeaked(dryRun)",
                        "ACTION terminateIdleInTransaction(longerThanSeconds, dryRun)",
                        "ACTION terminateActive(longerThanSeconds, dryRun)");
    }

    private static String shown(MBeanOperationInfo operation) {
        String impact = operation.getImpact() == MBeanOperationInfo.ACTION
                ? "ACTION"
                : operation.getImpact() == MBeanOperationInfo.INFO ? "INFO" : "unknown";
        return impact + " " + operation.getName() + "("
                + String.join(
                        ", ",
                        Arrays.stream(operation.getSignature())
                                .map(MBeanFeatureInfo::getName)
                                .toList())
                + ")";
    }

    @Test
    void only_the_panic_switch_can_be_written() throws Exception {
        assertThat(info().getAttributes())
                .filteredOn(MBeanAttributeInfo::isWritable)
                .extracting(MBeanFeatureInfo::getName)
                .containsExactly("AutomaticActions");

        jmx.setAttribute(BackendsObjectName.BACKENDS, new Attribute("AutomaticActions", false));
        assertThat(get("AutomaticActions")).isEqualTo(false);
    }

    @Test
    void every_attribute_can_be_read_without_any_server_answering() throws Exception {
        backends.open(7, Backends.TAG);

        for (MBeanAttributeInfo attribute : info().getAttributes()) {
            assertThat(get(attribute.getName())).as(attribute.getName()).isNotNull();
        }
        assertThat(get("Connections")).isEqualTo(1);
        assertThat(get("SnapshotAgeMillis")).isEqualTo(-1L);
        assertThat((String[]) get("Servers")).containsExactly("joe@" + backends.address() + ": not asked yet");
    }

    @Test
    void a_backend_is_data_that_any_client_can_read() throws Exception {
        backends.open(7, Backends.TAG).bind(17);

        CompositeData[] rows = (CompositeData[]) get("Backends");

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.get("id")).isEqualTo("7@" + backends.address() + "#17");
            assertThat(row.get("pid")).isEqualTo(7);
            assertThat(row.get("usename")).isEqualTo("joe");
            assertThat(row.get("state")).isNull();
            assertThat(row.getCompositeType().keySet())
                    .contains("datname", "application_name", "blockedBy", "ownerState", "borrowedFrom", "evidence");
        });
    }

    @Test
    void so_is_a_receipt() throws Exception {
        CompositeData receipt = (CompositeData)
                jmx.invoke(BackendsObjectName.BACKENDS, "terminate", new Object[] {"nonsense"}, BACKEND);

        assertThat(receipt.get("outcome")).isEqualTo("REFUSED");
        assertThat(receipt.get("action")).isEqualTo("terminate");
        assertThat(receipt.get("backend")).isEqualTo("nonsense");
        assertThat(receipt.get("rung")).isEqualTo("none");
        assertThat(receipt.get("slotFreed")).isEqualTo(false);
        assertThat((String) receipt.get("reason")).startsWith("this is no backend id");
        assertThat((CompositeData[]) get("Receipts")).hasSize(1);
        assertThat(get("Refused")).isEqualTo(1L);
    }

    @Test
    void no_id_at_all_is_refused_as_any_other_that_is_wrong() throws Exception {
        for (Object id : new Object[] {null, "", " ", "<html>", "x".repeat(100_000)}) {
            CompositeData receipt =
                    (CompositeData) jmx.invoke(BackendsObjectName.BACKENDS, "cancel", new Object[] {id}, BACKEND);
            assertThat(receipt.get("outcome")).isEqualTo("REFUSED");
        }
        assertThat(jmx.invoke(BackendsObjectName.BACKENDS, "explain", new Object[] {null}, BACKEND))
                .asString()
                .startsWith("this is no backend id");
    }

    @Test
    void with_typed_proxies_the_contracts_own_types_come_back() {
        BackendsMXBean proxy = BackendsObjectName.newProxy(jmx);

        assertThat(proxy.getInstance()).isEqualTo("0123abcd");
        assertThat(proxy.getBackends()).isEmpty();
        assertThat(proxy.terminate("nonsense").outcome()).isEqualTo(io.github.pgleash.jmx.Outcome.REFUSED.name());
        assertThat(proxy.table()).isEqualTo("no backends: this JVM has no open PostgreSQL connection");
        assertThat(proxy.refresh()).startsWith("0 backends");
        assertThat(proxy.terminateLeaked(true)).isEmpty();
        assertThat(proxy.terminateActive(1, false)).isEmpty();
        assertThat(proxy.terminateIdleInTransaction(Long.MAX_VALUE, false)).isEmpty();
    }

    @Test
    void exceptions_can_be_read_by_a_client_that_has_no_class_of_ours() throws Exception {
        assertThatThrownBy(() -> jmx.invoke(
                        BackendsObjectName.BACKENDS, "terminateActive", new Object[] {0L, true}, new String[] {
                            "long", "boolean"
                        }))
                .isInstanceOf(RuntimeMBeanException.class)
                .cause()
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longerThanSeconds must be at least 1")
                .hasNoCause();
    }

    @Test
    void trouble_of_our_own_comes_out_as_an_exception_of_the_jdk_without_a_cause() throws Exception {
        MBeanServer other = MBeanServerFactory.newMBeanServer();
        JmxRegistration.register(
                other,
                bean(new Receipts(notifications, LineLogger.to(folder.resolve("other.txt"))), receipt -> {
                    throw new OwnTrouble(new IllegalStateException("deeper"));
                }),
                new Notifications());

        assertThatThrownBy(() -> other.invoke(BackendsObjectName.BACKENDS, "cancel", new Object[] {"x"}, BACKEND))
                .isInstanceOf(RuntimeMBeanException.class)
                .cause()
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageContaining("OwnTrouble")
                .hasNoCause();
    }

    @Test
    void registering_twice_is_refused_with_the_name() {
        BackendsMXBean again = bean(new Receipts(notifications, LineLogger.to(folder.resolve("again.txt"))), null);

        assertThatThrownBy(() -> JmxRegistration.register(jmx, again, notifications))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("pgleash:type=Backends is registered already");
    }

    private MBeanInfo info() throws Exception {
        return jmx.getMBeanInfo(BackendsObjectName.BACKENDS);
    }

    private Object get(String attribute) throws Exception {
        return jmx.getAttribute(BackendsObjectName.BACKENDS, attribute);
    }

    private BackendsMXBean bean(
            Receipts receipts, @org.jspecify.annotations.Nullable Consumer<Receipt> insteadOfReceipts) {
        Logger log = LineLogger.to(folder.resolve("problems.txt"));
        Problems problems = new Problems(log);
        Logins logins = new Logins(null, null, null);
        ControlConnections controls = new ControlConnections("control", false, Duration.ofSeconds(30));
        BorrowRegistry borrows =
                new BorrowRegistry(type -> true, BorrowStacks.never(), backends.registry, type -> false);
        Survey survey = new Survey(
                backends.registry,
                borrows,
                controls,
                logins,
                new Judge(new Thresholds(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                problems);
        Actions actions = new Actions(
                new Targets(backends.registry),
                survey,
                controls,
                logins,
                new Strangers(backends.registry, controls, logins),
                new Claims(borrows, new Farewells(type -> {})),
                insteadOfReceipts == null ? receipts : insteadOfReceipts);
        Instance instance = new Instance("0123abcd", "client", 1, "orders");
        return new BackendsBean(
                new BackendsBean.About(instance, new Tagger(new TagPattern("{app}"), instance, null), true, "1.0"),
                backends.registry,
                borrows,
                survey,
                actions,
                receipts,
                problems,
                new Attention(() -> {}),
                new Exhaustion(survey, notifications, log),
                new Rows(StatementText.MASKED),
                new Cleanup(
                        new RuleBook(null, Measure.REPORT, Duration.ofMinutes(5), problems, log),
                        new Candidates(StatementText.MASKED),
                        survey,
                        actions,
                        new Cleanup.Limits(new Budget(1, Duration.ofMinutes(1)), Duration.ofSeconds(30)),
                        new Cleanup.Reports(problems, log, notifications::halted),
                        Errand::run,
                        System::nanoTime),
                new Watchdog(Duration.ofSeconds(10), problems));
    }

    private static final class OwnTrouble extends RuntimeException {
        OwnTrouble(Throwable cause) {
            super("OwnTrouble", cause);
        }
    }
}
