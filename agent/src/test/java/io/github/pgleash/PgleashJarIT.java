// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is in the one file that users take. It sits on the class path of every application: nothing may be in it that
 * could be taken for somebody else's.
 */
class PgleashJarIT {
    private static final int JAVA_8 = 52;
    private static final int JAVA_17 = 61;

    private static JarFile jar;
    private static List<String> names;

    @BeforeAll
    static void open() throws Exception {
        // Not by release: META-INF/versions is to be seen as any other folder.
        jar = new JarFile(Child.AGENT);
        names = jar.stream().map(ZipEntry::getName).toList();
    }

    @AfterAll
    static void close() throws Exception {
        jar.close();
    }

    @Test
    void there_is_nothing_but_the_agent_and_its_licences() {
        assertThat(files())
                .filteredOn(name -> !name.startsWith("io/github/pgleash/"))
                .containsExactlyInAnyOrder(
                        "META-INF/MANIFEST.MF",
                        "META-INF/LICENSE",
                        "META-INF/NOTICE",
                        "META-INF/licenses/asm.txt",
                        "META-INF/licenses/byte-buddy.txt",
                        "META-INF/licenses/slf4j.txt");
        assertThat(files())
                .filteredOn(name -> name.startsWith("io/github/pgleash/"))
                .allMatch(name -> name.endsWith(".class"));
    }

    @Test
    void it_has_these_packages() {
        Set<String> packages = new TreeSet<>();
        for (String name : files()) {
            if (name.endsWith(".class")) {
                packages.add(name.substring(0, name.lastIndexOf('/')));
            }
        }
        assertThat(packages)
                .containsExactly(
                        "io/github/pgleash",
                        "io/github/pgleash/act",
                        "io/github/pgleash/cleanup",
                        "io/github/pgleash/connect",
                        "io/github/pgleash/jmx",
                        "io/github/pgleash/judge",
                        "io/github/pgleash/observe",
                        "io/github/pgleash/options",
                        "io/github/pgleash/report",
                        "io/github/pgleash/rules",
                        "io/github/pgleash/shaded/bytebuddy/jar/asm",
                        "io/github/pgleash/shaded/slf4j",
                        "io/github/pgleash/shaded/slf4j/event",
                        "io/github/pgleash/shaded/slf4j/helpers",
                        "io/github/pgleash/shaded/slf4j/spi",
                        "io/github/pgleash/tag",
                        "io/github/pgleash/track");
    }

    @Test
    void no_entry_is_there_twice() {
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void the_manifest_names_the_entry_points() throws Exception {
        Attributes manifest = jar.getManifest().getMainAttributes();
        assertThat(manifest.getValue("Premain-Class")).isEqualTo("io.github.pgleash.Premain");
        assertThat(manifest.getValue("Agent-Class")).isEqualTo("io.github.pgleash.Premain");
        assertThat(manifest.getValue("Main-Class")).isEqualTo("io.github.pgleash.Help");
        assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Implementation-Title")).isEqualTo("pgleash");
        assertThat(manifest.getValue("Implementation-Version")).isNotBlank();
        assertThat(manifest.getValue("Boot-Class-Path"))
                .as("would end class data sharing with a warning")
                .isNull();
        assertThat(manifest.getValue("Launcher-Agent-Class")).isNull();
        assertThat(manifest.getValue("Class-Path")).isNull();
        assertThat(manifest.getValue("Multi-Release")).isNull();
    }

    @Test
    void java_17_can_load_every_class_and_java_8_the_first() throws Exception {
        for (String name : files()) {
            if (name.endsWith(".class")) {
                assertThat(classFile(name).major()).as(name).isLessThanOrEqualTo(JAVA_17);
            }
        }
        assertThat(classFile("io/github/pgleash/Premain.class").major()).isEqualTo(JAVA_8);
    }

    @Test
    void no_class_speaks_of_a_library_by_its_own_name() throws Exception {
        List<String> leftovers = new ArrayList<>();
        for (String name : files()) {
            if (name.endsWith(".class")) {
                for (String text : classFile(name).texts()) {
                    if (text.matches("\\S*(org[/.]slf4j|net[/.]bytebuddy)\\S*")) {
                        leftovers.add(name + ": " + text);
                    }
                }
            }
        }
        assertThat(leftovers).isEmpty();
    }

    @Test
    void nothing_of_ours_tells_when_it_was_built() {
        // Otherwise two builds of one commit would differ. What comes from a library has the time that it has there.
        Set<LocalDateTime> times = new TreeSet<>();
        jar.stream()
                .filter(entry -> !entry.getName().startsWith("io/github/pgleash/shaded/"))
                .forEach(entry -> times.add(entry.getTimeLocal()));
        assertThat(times).hasSize(1);
    }

    @Test
    void it_is_small() {
        assertThat(jar.stream().mapToLong(ZipEntry::getCompressedSize).sum()).isLessThan(1_000_000);
    }

    private static List<String> files() {
        return names.stream().filter(name -> !name.endsWith("/")).toList();
    }

    private static ClassFile classFile(String name) throws Exception {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return ClassFile.read(in);
        }
    }
}
