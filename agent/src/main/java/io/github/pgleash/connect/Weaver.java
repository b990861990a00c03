// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.connect;

import io.github.pgleash.connect.HookPoint.When;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the classes of the hook table when they are loaded, and at install those that were loaded before; and the
 * class of a handle when a data source first lends one. Looks at names and constants before it touches anything; ASM
 * itself is loaded with the first class that is woven. Called by whatever thread loads a class.
 */
public final class Weaver implements ClassFileTransformer {
    /** Of all classes that the table has by name. */
    static final String DRIVER = "org/postgresql/";

    private final Instrumentation instrumentation;
    private final DataSourcePackages dataSourcePackages = new DataSourcePackages();
    private final Set<Class<?>> loadedBeforeAttach = weakSet();
    /** Of drivers that have a class which is woven later, and is not yet. */
    private final Set<ClassLoader> postponed = weakSet();

    private volatile boolean postponesNoMore;
    private volatile @Nullable HandleClasses handleClasses;

    public Weaver(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    static <T> Set<T> weakSet() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    /**
     * Begins to weave. Whoever is behind the door must be there before.
     *
     * @param attached whether the application runs already, so that connections may be open
     */
    public void install(boolean attached) {
        instrumentation.addTransformer(this, true);
        weaveLoaded(attached);
    }

    /** With an AOT cache, or on attach, the driver and the pools are there before us. */
    private void weaveLoaded(boolean attached) {
        LoadedClasses loaded = LoadedClasses.of(instrumentation);
        if (attached) {
            loadedBeforeAttach.addAll(loaded.named());
        }
        for (Class<?> named : loaded.named()) {
            retransform(instrumentation, named);
        }
        for (Class<?> dataSource : loaded.dataSources()) {
            retransform(instrumentation, dataSource);
        }
    }

    /**
     * Weaves what the first connection did not have to wait for; from now on, no connection is spared that. Called by the
     * patrol, so it asks the JVM for the class, and not a loader of the application. What is on its way from the loader to
     * the JVM at this moment waits for the next call.
     */
    public void weavePostponed() {
        postponesNoMore = true;
        List<ClassLoader> drivers;
        synchronized (postponed) {
            drivers = new ArrayList<>(postponed);
        }
        for (ClassLoader driver : drivers) {
            for (Class<?> loaded : instrumentation.getInitiatedClasses(driver)) {
                if (loaded.getClassLoader() == driver && isPostponed(loaded) && postponed.remove(driver)) {
                    retransform(instrumentation, loaded);
                }
            }
        }
    }

    private static boolean isPostponed(Class<?> loaded) {
        List<HookPoint> points = named(loaded.getName().replace('.', '/'));
        return points != null && points.get(0).when() == When.LATER;
    }

    static boolean retransform(Instrumentation instrumentation, Class<?> loaded) {
        try {
            instrumentation.retransformClasses(loaded);
            return true;
        } catch (UnmodifiableClassException | LinkageError | RuntimeException trouble) {
            System.err.println("pgleash: cannot weave " + loaded.getName() + ", which was loaded before: " + trouble);
            return false;
        }
    }

    /**
     * Whether the return of such a handle will be told. The first handle of a class has it woven, on the thread that
     * borrows; false where that is not possible.
     */
    public boolean tellsReturn(Class<?> handle) {
        return handleClasses().tellReturn(handle);
    }

    /**
     * Has the calls on handles of that class told when they fail, from now on; or on statements, or results. Called by the
     * thread that reclaims one.
     */
    public void tellFailures(Class<?> handle) {
        handleClasses().tellFailures(handle);
    }

    /** Not made in premain: most of its cost would be for a JVM without a connection. */
    private synchronized HandleClasses handleClasses() {
        HandleClasses made = handleClasses;
        if (made == null) {
            made = new HandleClasses(instrumentation);
            handleClasses = made;
        }
        return made;
    }

    /** Whether a class is a part of a pool, going by its neighbours. Called when a connection was opened. */
    public boolean isBesideDataSource(Class<?> type) {
        return dataSourcePackages.hasOneBeside(type);
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> loaded,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (className == null) {
            return null;
        }
        try {
            List<HookPoint> points = pointsFor(className, loader, loaded, bytes);
            return points == null ? null : Loom.weave(bytes, points, seesDoor(loader));
        } catch (Throwable trouble) {
            System.err.println("pgleash: cannot weave " + className + " and leaves it as it is: " + trouble);
            return null;
        }
    }

    private @Nullable List<HookPoint> pointsFor(
            String className, @Nullable ClassLoader loader, @Nullable Class<?> loaded, byte[] bytes) {
        List<HookPoint> points = named(className);
        if (points != null) {
            return wanted(points, loader, loaded);
        }
        List<HookPoint> found = new ArrayList<>();
        if (!isPlatform(className) && DataSourceScan.looksLikeDataSource(bytes)) {
            dataSourcePackages.add(className);
            found.addAll(Table.of(HookPoint.ANY_DATA_SOURCE));
        }
        HandleClasses handles = handleClasses;
        if (loaded != null && handles != null) {
            found.addAll(handles.pointsFor(loaded));
        }
        return found.isEmpty() ? null : found;
    }

    /** What the table has for a class by its name; null when it has nothing. Most classes cost one look at their prefix. */
    static @Nullable List<HookPoint> named(String className) {
        return className.startsWith(DRIVER) ? Table.BY_CLASS.get(className) : null;
    }

    static boolean isInTable(Class<?> type) {
        return named(type.getName().replace('.', '/')) != null;
    }

    private static boolean isPlatform(String className) {
        return className.startsWith("java/")
                || className.startsWith("javax/")
                || className.startsWith("jdk/")
                || className.startsWith("sun/")
                || className.startsWith("io/github/pgleash/");
    }

    private @Nullable List<HookPoint> wanted(
            List<HookPoint> points, @Nullable ClassLoader loader, @Nullable Class<?> loaded) {
        boolean early = loaded != null && loadedBeforeAttach.contains(loaded);
        List<HookPoint> wanted = new ArrayList<>();
        for (HookPoint point : points) {
            if (point.when() == When.LATER && loaded == null && loader != null && !postponesNoMore) {
                postponed.add(loader);
            } else if (point.when() != When.ON_ATTACH || early) {
                wanted.add(point);
            }
        }
        return wanted.isEmpty() ? null : wanted;
    }

    private static boolean seesDoor(@Nullable ClassLoader loader) {
        try {
            return Class.forName(Door.class.getName(), false, loader) == Door.class;
        } catch (Throwable notVisible) {
            return false;
        }
    }

    /** The table of hook points; read when the first class of a driver, or like a data source, is met. */
    static final class Table {
        private static final Map<String, List<HookPoint>> BY_CLASS = HookPoint.byClass();

        private Table() {}

        static List<HookPoint> of(String kind) {
            return BY_CLASS.getOrDefault(kind, List.of());
        }
    }
}
