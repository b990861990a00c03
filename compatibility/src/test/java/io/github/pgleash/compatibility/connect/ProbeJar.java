// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Another agent's jar: nothing but a manifest, since the agent's class is on the class path. */
final class ProbeJar {
    private ProbeJar() {}

    static Path of(Class<?> agent, Path folder) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", agent.getName());
        attributes.putValue("Agent-Class", agent.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        Path jar = folder.resolve(agent.getSimpleName() + ".jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
