// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pgleash.compatibility.observe.Sessions;
import io.github.pgleash.compatibility.server.PostgresServers;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.jmx.BackendsObjectName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The names that users script against, and what JConsole shows of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ContractIT {
    private static final List<String> ATTRIBUTES = List.of(
            "Application",
            "Instance",
            "Tag",
            "Version",
            "Servers",
            "Connections",
            "Borrowed",
            "Active",
            "Idle",
            "IdleInTransaction",
            "WaitingForLock",
            "Leaked",
            "Stuck",
            "LongestBorrowSeconds",
            "LongestTransactionSeconds",
            "SnapshotAgeMillis",
            "Cancelled",
            "Terminated",
            "Refused",
            "SlotsFreed",
            "Backends",
            "Table",
            "Receipts",
            "Problems",
            "AutomaticActions");

    private static final Map<String, List<String>> INFORMING = Map.of(
            "refresh", List.of(),
            "table", List.of(),
            "preview", List.of(),
            "listing", List.of(),
            "explain", List.of("backend String"));

    private static final Map<String, List<String>> ACTING = Map.of(
            "cancel", List.of("backend String"),
            "terminate", List.of("backend String"),
            "terminateLeaked", List.of("dryRun boolean"),
            "terminateIdleInTransaction", List.of("longerThanSeconds long", "dryRun boolean"),
            "terminateActive", List.of("longerThanSeconds long", "dryRun boolean"));

    private final ServiceJvm service = ServiceJvm.plan().agent("app=contract").start();

    ContractIT() {
        Sessions.of(service, PostgresServers.shared()).idle("orders");
        service.backends().refresh();
    }

    @AfterAll
    void close() {
        service.close();
    }

    @Test
    void every_attribute_has_its_name_and_a_description() throws JMException, IOException {
        assertThat(info().getAttributes()).extracting(MBeanFeatureInfo::getName).containsAll(ATTRIBUTES);
        assertThat(info().getAttributes())
                .allSatisfy(attribute ->
                        assertThat(attribute.getDescription()).isNotBlank().isNotEqualTo(attribute.getName()));
    }

    @Test
    void only_the_panic_switch_can_be_set() throws JMException, IOException {
        assertThat(info().getAttributes())
                .filteredOn(MBeanAttributeInfo::isWritable)
                .extracting(MBeanFeatureInfo::getName)
                .containsExactly("AutomaticActions");
    }

    @Test
    void numbers_are_numbers_so_that_they_can_be_drawn() throws JMException, IOException {
        assertThat(info().getAttributes())
                .filteredOn(attribute -> ATTRIBUTES.subList(5, 20).contains(attribute.getName()))
                .hasSize(15)
                .extracting(MBeanAttributeInfo::getType)
                .containsOnly("int", "long");
    }

    @Test
    void every_operation_has_its_name_parameters_impact_and_description() throws JMException, IOException {
        MBeanOperationInfo[] operations = info().getOperations();
        assertThat(operations)
                .extracting(MBeanFeatureInfo::getName)
                .doesNotHaveDuplicates()
                .containsAll(INFORMING.keySet())
                .containsAll(ACTING.keySet());
        for (MBeanOperationInfo operation : operations) {
            assertThat(operation.getDescription()).isNotBlank().isNotEqualTo(operation.getName());
            assertThat(operation.getSignature())
                    .extracting(MBeanParameterInfo::getDescription)
                    .allSatisfy(description -> assertThat(description).isNotBlank());
            if (INFORMING.containsKey(operation.getName())) {
                assertThat(operation.getImpact()).isEqualTo(MBeanOperationInfo.INFO);
                assertThat(parameters(operation)).isEqualTo(INFORMING.get(operation.getName()));
            }
            if (ACTING.containsKey(operation.getName())) {
                assertThat(operation.getImpact()).isEqualTo(MBeanOperationInfo.ACTION);
                assertThat(parameters(operation)).isEqualTo(ACTING.get(operation.getName()));
            }
        }
    }

    @Test
    void rows_and_receipts_have_their_columns() throws JMException, IOException {
        assertThat(rows("Backends")[0].getCompositeType().keySet())
                .contains(
                        "id",
                        "server",
                        "pid",
                        "usename",
                        "datname",
                        "application_name",
                        "client_addr",
                        "state",
                        "backend_start",
                        "xact_start",
                        "state_change",
                        "wait_event_type",
                        "wait_event",
                        "query",
                        "blockedBy",
                        "pool",
                        "owner",
                        "ownerState",
                        "borrowedAt",
                        "borrowedFrom",
                        "verdict",
                        "evidence");
        service.backends().terminate("1");
        assertThat(rows("Receipts")[0].getCompositeType().keySet())
                .contains(
                        "time",
                        "action",
                        "backend",
                        "outcome",
                        "reason",
                        "by",
                        "rung",
                        "elapsedMillis",
                        "slotFreed",
                        "evidence");
    }

    private static List<String> parameters(MBeanOperationInfo operation) {
        return Arrays.stream(operation.getSignature())
                .map(parameter ->
                        parameter.getName() + " " + parameter.getType().replace("java.lang.", ""))
                .toList();
    }

    private CompositeData[] rows(String attribute) throws JMException, IOException {
        return (CompositeData[]) service.jmx().getAttribute(BackendsObjectName.BACKENDS, attribute);
    }

    private MBeanInfo info() throws JMException, IOException {
        return service.jmx().getMBeanInfo(BackendsObjectName.BACKENDS);
    }
}
