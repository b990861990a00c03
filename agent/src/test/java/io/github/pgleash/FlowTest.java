// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.github.pgleash.judge.Ages;
import io.github.pgleash.judge.Finding;
import io.github.pgleash.judge.Verdict;
import io.github.pgleash.observe.ActivityRow;
import io.github.pgleash.options.DurationText;
import io.github.pgleash.track.Borrow;
import io.github.pgleash.track.TrackedConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way data flows, as the table of the design has it: who may know whom. */
class FlowTest {
    private static final String ROOT = "io.github.pgleash";

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @ParameterizedTest
    @CsvSource({
        "jmx,",
        "connect,",
        "options,",
        "tag,",
        "observe,",
        "track,    connect",
        "judge,    track observe",
        "act,      judge track observe",
        "rules,    judge options",
        "cleanup,  rules act judge track observe",
        "report,   cleanup act judge observe track tag connect jmx",
    })
    void a_package_knows_these_of_ours_and_no_others(String name, @org.jspecify.annotations.Nullable String known) {
        List<String> packages = new ArrayList<>(List.of(ROOT + "." + name));
        if (known != null) {
            for (String other : known.split(" ", -1)) {
                packages.add(ROOT + "." + other);
            }
        }
        DescribedPredicate<JavaClass> others = resideInAPackage(ROOT + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(packages.toArray(new String[0]))));
        check(noClasses().that().resideInAPackage(ROOT + "." + name).should().dependOnClassesThat(others));
    }

    @Test
    void nobody_knows_the_root() {
        check(noClasses().that().resideOutsideOfPackage(ROOT).should().dependOnClassesThat(resideInAPackage(ROOT)));
    }

    /** And rules write durations as options do. */
    @Test
    void only_the_root_knows_the_options() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".options")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".options")
                        .and(DescribedPredicate.not(JavaClass.Predicates.type(DurationText.class)))));
    }

    @Test
    void there_are_no_cycles() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
    }

    @ParameterizedTest
    @CsvSource({
        "net.bytebuddy..,     connect",
        "java.lang.instrument.., connect",
        "org.slf4j..,         report act cleanup",
        "javax.management..,  report jmx",
        "javax.security..,    report",
        "java.sql..,          connect track observe act",
    })
    void what_is_not_ours_is_known_here_only_and_in_the_root(String foreign, String known) {
        List<String> packages = new ArrayList<>(List.of(ROOT));
        for (String name : known.split(" ", -1)) {
            packages.add(ROOT + "." + name);
        }
        check(noClasses()
                .that()
                .resideOutsideOfPackages(packages.toArray(new String[0]))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(foreign));
    }

    @Test
    void the_root_weaves_nothing_itself() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.bytebuddy.."));
    }

    @Test
    void the_root_only_hands_the_mbean_server_on() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.management.."));
    }

    @Test
    void the_judge_knows_only_values_of_the_two_sides() {
        // A finding carries on what it is about; who judges sees none of the two.
        DescribedPredicate<JavaClass> carried =
                JavaClass.Predicates.belongToAnyOf(TrackedConnection.class, Borrow.class);
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".judge")
                .and()
                .doNotBelongToAnyOf(Finding.class)
                .should()
                .dependOnClassesThat(carried));
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".judge")
                .should()
                .callMethodWhere(target(owner(JavaClass.Predicates.belongToAnyOf(Borrow.class)))));
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".judge")
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + ".track", ROOT + ".observe")
                        .and(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(
                                TrackedConnection.class, Borrow.class, ActivityRow.class)))));
    }

    @Test
    void rules_know_verdicts_and_nothing_else_of_the_judge() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".rules")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".judge")
                        .and(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(Verdict.class, Ages.class)))));
    }

    /** A wall clock that is set back or forward, by a person or by summer, moves no deadline of ours. */
    @Test
    void whoever_acts_by_itself_looks_at_no_wall_clock() {
        check(noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".cleanup", ROOT + ".judge", ROOT + ".rules")
                .or()
                .haveSimpleName("Patrol")
                .should()
                .callMethodWhere(target(nameMatching("now|currentTimeMillis|instant|getLastModifiedTime"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"judge", "rules"})
    void it_has_no_clock_no_input_and_no_output(String name) {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.time\\.(Clock|InstantSource)|java\\.lang\\.(System|Thread)|java\\.util\\.(Random|Timer)")
                .orShould()
                .callMethodWhere(target(nameMatching("now"))));
    }

    @Test
    void nobody_ends_the_jvm() {
        check(noClasses()
                .should()
                .callMethodWhere(target(nameMatching("exit|halt"))
                        .and(target(owner(nameMatching("java\\.lang\\.(System|Runtime)"))))));
    }

    @Test
    void nobody_touches_the_applications_logging() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache..", "ch.qos..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.System\\$Logger.*|org\\.slf4j\\.(LoggerFactory|MDC|MarkerFactory)"));
    }

    @Test
    void the_driver_is_known_by_name_only() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("org.postgresql..", "com.zaxxer.."));
    }

    @Test
    void the_contract_is_of_jdk_types_only() {
        check(classes()
                .that()
                .resideInAPackage(ROOT + ".jmx")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "javax.management..", "org.jspecify..", ROOT + ".jmx"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(classes);
    }
}
