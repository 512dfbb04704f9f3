package dev.holdfast.classpath;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Loads what a hurried start does not need, with the libraries behind it: picocli, Jackson, log4j and RE2.
 *
 * <p>Why two class paths: the JVM looks at every jar of its class path at each start, for the archive of loaded classes is
 * good only while they are all the same, and opens them one after the other for the first class that the archive does not
 * have. So the first names only what every start uses, and the archive is made for it.
 *
 * <p>Why a second jar of ours: a class is linked by the loader that has defined it. One of ours that names picocli must so be
 * found by the loader of {@code lib/more} only, or it would be defined by the JVM's own, which does not see picocli. The
 * packages that may name these libraries are listed in {@code pom.xml}, which puts them into
 * {@code lib/more/holdfast-commands.jar}, and in ArchitectureTest, which lets no other class name them or the libraries.
 * They are reached through an interface of the first jar and this class. Nothing package-private is shared across: to the
 * JVM one package in two loaders is two packages.
 *
 * <p>Where everything is on one class path, as for the commands that bin/holdfast starts so, in tests, and where the
 * published jar is used, the loader is that of this class. Not safe for use by many threads.
 */
public final class SecondClassPath {
    /** The folder of the second class path; not set where it is a part of the first. bin/holdfast sets it. */
    private static final String FOLDER = "holdfast.more";

    private static final String OURS = "holdfast-commands.jar";

    /** Beside the folder of the second class path: what hardly anybody needs. */
    private static final String SERVE = "serve";

    private static @Nullable ClassLoader loader;

    private SecondClassPath() {}

    /**
     * Loads a class and makes one of it.
     *
     * @param service what it implements, of the first class path
     * @param implementation its name; it has a public constructor without parameters
     * @throws NoClassDefFoundError if it is not there, or cannot be opened
     */
    public static <T> T load(Class<T> service, String implementation) {
        try {
            return service.cast(Class.forName(implementation, true, loader())
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException e) {
            LinkageError missing = new NoClassDefFoundError(implementation);
            missing.initCause(e);
            throw missing;
        }
    }

    private static ClassLoader loader() {
        ClassLoader known = loader;
        if (known == null) {
            ClassLoader first = SecondClassPath.class.getClassLoader();
            String folder = System.getProperty(FOLDER);
            known = folder == null ? first : new Jars(jars(new File(folder)), first);
            loader = known;
            Thread.currentThread().setContextClassLoader(known); // log4j looks for its parts there
        }
        return known;
    }

    /** Lets the classes of the second class path see the libraries of {@code lib/serve}, too, from now on. Safe for use by many threads. */
    public static synchronized void addServe() {
        String folder = System.getProperty(FOLDER);
        if (folder != null && loader() instanceof Jars jars && !jars.hasServe) {
            jars.hasServe = true;
            for (URL jar : named(new File(new File(folder).getAbsoluteFile().getParentFile(), SERVE))) {
                jars.addURL(jar);
            }
        }
    }

    /** To which some can be added. */
    private static final class Jars extends URLClassLoader {
        private boolean hasServe;

        Jars(URL[] jars, ClassLoader parent) {
            super(jars, parent);
        }

        @Override
        protected void addURL(URL jar) {
            super.addURL(jar);
        }
    }

    /** Ours first: it is asked most. */
    private static URL[] jars(File folder) {
        URL[] others = named(folder);
        URL[] jars = new URL[others.length + 1];
        jars[0] = url(new File(folder, OURS));
        System.arraycopy(others, 0, jars, 1, others.length);
        return jars;
    }

    private static URL[] named(File folder) {
        String[] names = folder.list();
        if (names == null) {
            return new URL[0];
        }
        Arrays.sort(names);
        URL[] jars = new URL[names.length];
        for (int i = 0; i < names.length; i++) {
            jars[i] = url(new File(folder, names[i]));
        }
        return jars;
    }

    private static URL url(File jar) {
        try {
            return jar.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e); // a file always has one
        }
    }
}
