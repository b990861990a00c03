// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import static io.github.pgleash.compatibility.server.PostgresServer.APP;
import static io.github.pgleash.compatibility.server.PostgresServer.SECRET;

import io.github.pgleash.compatibility.server.PostgresServer;
import io.github.pgleash.compatibility.service.ServiceJvm;
import io.github.pgleash.compatibility.service.Stage;
import io.github.pgleash.jmx.BackendsMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;

/** A till in an OSGi framework, Apache Felix, in a service's JVM: driver, pool and application are bundles. */
final class FelixTill implements World {
    private static final String FRAMEWORK = "framework";

    private final ServiceJvm service;

    private FelixTill(ServiceJvm service) {
        this.service = service;
    }

    /**
     * Starts it.
     *
     * @param folder an empty one
     * @param guessesForOutsiders whether Felix shall find classes of the class path in a bundle's loader, for whoever is
     *     no bundle itself; its default
     */
    static FelixTill start(
            ServiceJvm service,
            PostgresServer server,
            Path folder,
            Path driver,
            Path pool,
            boolean guessesForOutsiders) {
        HashMap<String, String> all = new HashMap<>();
        all.put("felix.bootdelegation.implicit", Boolean.toString(guessesForOutsiders));
        all.put("till.url", server.url());
        all.put("till.user", APP);
        all.put("till.password", SECRET);
        all.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.slf4j;version=1.7");
        List<String> files = List.of(
                driver.toUri().toString(),
                pool.toUri().toString(),
                ownBundle(folder).toUri().toString());
        service.run(stage -> launch(stage, all, files));
        return new FelixTill(service);
    }

    private static void launch(Stage stage, Map<String, String> settings, List<String> files) throws BundleException {
        Framework framework = stage.put(FRAMEWORK, new FrameworkFactory().newFramework(settings));
        framework.start();
        for (String file : files) {
            framework.getBundleContext().installBundle(file);
        }
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            bundle.start();
        }
    }

    /** Whether the loader of the bundle with the driver finds the agent's door, when asked as the agent asks. */
    static boolean driverSeesDoor(Stage stage) {
        for (Bundle bundle :
                stage.get(FRAMEWORK, Framework.class).getBundleContext().getBundles()) {
            if ("org.postgresql.jdbc".equals(bundle.getSymbolicName())) {
                return seesDoor(bundle.adapt(BundleWiring.class).getClassLoader());
            }
        }
        throw new IllegalStateException("no bundle with the driver");
    }

    private static boolean seesDoor(ClassLoader loader) {
        try {
            Class.forName("io.github.pgleash.connect.Door", false, loader);
            return true;
        } catch (ClassNotFoundException isHidden) {
            return false;
        }
    }

    private static Path ownBundle(Path folder) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, "till");
        attributes.putValue(Constants.BUNDLE_ACTIVATOR, TillActivator.class.getName());
        attributes.putValue(
                Constants.IMPORT_PACKAGE, "org.osgi.framework,javax.sql,org.postgresql.ds,com.zaxxer.hikari");
        Path jar = folder.resolve("till.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String type : List.of("Till", "TillActivator", "TillActivator$Deed")) {
                String name = Till.class.getPackageName().replace('.', '/') + "/" + type + ".class";
                out.putNextEntry(new ZipEntry(name));
                try (InputStream code =
                        Objects.requireNonNull(Till.class.getClassLoader()).getResourceAsStream(name)) {
                    Objects.requireNonNull(code).transferTo(out);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return jar;
    }

    @Override
    public int forget() {
        return service.start("cashier", stage -> ask(stage, "forget")).join();
    }

    @Override
    public int count() {
        return service.call(stage -> ask(stage, "count"));
    }

    private static int ask(Stage stage, String name) throws InvalidSyntaxException {
        BundleContext context = stage.get(FRAMEWORK, Framework.class).getBundleContext();
        return context.getService(context.getServiceReferences(IntSupplier.class, "(name=" + name + ")")
                        .iterator()
                        .next())
                .getAsInt();
    }

    @Override
    public String frame() {
        return Till.class.getName() + ".forget(Till.java:";
    }

    @Override
    public String owner() {
        return "cashier #";
    }

    @Override
    public BackendsMXBean backends() {
        return service.backends();
    }
}
