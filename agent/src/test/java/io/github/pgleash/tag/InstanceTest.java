// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.tag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTest {
    @Test
    void an_instance_is_this_jvm_and_every_run_has_another_id() {
        Instance one = Instance.ofThisJvm();
        Instance two = Instance.ofThisJvm();

        assertThat(one.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(one.id()).matches("[0-9a-f]{8}").isNotEqualTo(two.id());
        assertThat(one.host()).isNotBlank().doesNotContain("\n");
        assertThat(one.application()).isNotBlank();
    }

    @Test
    void the_names_that_others_configure_come_in_this_order() {
        Properties system = new Properties();
        system.setProperty("sun.java.command", "com.example.Main");
        assertThat(Instance.applicationName(system, Map.of())).isEqualTo("Main");
        assertThat(Instance.applicationName(system, Map.of("OTEL_SERVICE_NAME", "otel-env")))
                .isEqualTo("otel-env");
        system.setProperty("otel.service.name", "otel");
        assertThat(Instance.applicationName(system, Map.of("OTEL_SERVICE_NAME", "otel-env")))
                .isEqualTo("otel");
        assertThat(Instance.applicationName(system, Map.of("SPRING_APPLICATION_NAME", "spring-env")))
                .isEqualTo("spring-env");
        system.setProperty("spring.application.name", " spring ");
        assertThat(Instance.applicationName(system, Map.of("SPRING_APPLICATION_NAME", "spring-env")))
                .isEqualTo("spring");
    }

    @Test
    void without_any_name_it_is_java() {
        assertThat(Instance.applicationName(new Properties(), Map.of())).isEqualTo("java");
        assertThat(fromCommand("")).isEqualTo("java");
        assertThat(fromCommand("  ")).isEqualTo("java");
        assertThat(Instance.applicationName(new Properties(), Map.of("OTEL_SERVICE_NAME", " ")))
                .isEqualTo("java");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            com.example.Main                                    | Main
            com.example.Main --port 80                          | Main
            com.example.Main /data/input.jar                    | Main
            com.example.Main input.jar                          | Main
            Main                                                | Main
            com.example.Outer$Main                              | Outer$Main
            org.apache.catalina.startup.Bootstrap start         | Bootstrap
            my.jar.Main                                         | Main
            service.jar                                         | service
            service.jar --name=a.jar                            | service
            /opt/service-1.2.3.jar                              | service-1.2.3
            /opt/service.jar run x.jar                          | service
            /opt/my app/service.jar --x                         | service
            /opt/my app/service.jar                             | service
            ./my app/service.jar -c /etc/a b.conf               | service
            C:\\apps\\service.jar                               | service
            C:\\apps\\service.jar run                           | service
            C:\\Program Files\\Acme\\service.jar                | service
            C:\\Program Files\\Acme\\service.jar run            | service
            C:/Program Files/Acme/service.jar                   | service
            /opt/jars.d/x.jars/service.jar                      | service
            /opt/shop.war                                       | shop
            shop.war --server.port=80                           | shop
            /opt/service                                        | service
            C:\\apps\\service                                   | service
            jdk.compiler/com.sun.tools.javac.launcher.Main X.java | Main
            """)
    void the_command_tells_the_main_class_or_the_jar(String command, String name) {
        assertThat(fromCommand(command)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "acme.shop/com.acme.Main, Main",
        "acme.shop/com.acme.Main /data/input.jar, Main",
        "acme.shop/com.acme.Main input.jar, Main",
        "acme/Main a.jar b, Main"
    })
    void in_a_module_it_is_the_main_class_whatever_its_arguments_are(String command, String name) {
        Properties system = new Properties();
        system.setProperty("sun.java.command", command);
        system.setProperty("jdk.module.main", "acme.shop");

        assertThat(Instance.applicationName(system, Map.of())).isEqualTo(name);
    }

    private static String fromCommand(String command) {
        Properties system = new Properties();
        system.setProperty("sun.java.command", command);
        return Instance.applicationName(system, Map.of());
    }
}
