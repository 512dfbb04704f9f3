package dev.holdfast.posix;

import com.kenai.jffi.Platform;
import java.lang.reflect.Field;

/**
 * jffi's C part, loaded as directly as the launcher knows where it is.
 *
 * <p>jffi itself formats the library's name and splits Java's version by a regular expression. Both are lambdas to the
 * JDK, and the first lambda of a JVM's life loads some hundred classes: launcher-jvm.md has what a start gained.
 */
public final class NativeLibrary {
    private static final String JAVA_VERSION = "java.version";

    private NativeLibrary() {}

    /**
     * Loads it from the folder in {@code jffi.boot.library.path}, which {@code bin/holdfast} sets; without one, jffi
     * loads it with the first call. To be called once, before any call and any second thread: for a moment there is no
     * {@code java.version}.
     */
    public static void load() {
        String folder = System.getProperty("jffi.boot.library.path");
        if (folder == null) {
            return;
        }
        String version = System.clearProperty(JAVA_VERSION);
        try {
            loadFrom(folder);
            Field loaded = Class.forName("com.kenai.jffi.Init").getDeclaredField("loaded");
            loaded.setAccessible(true);
            loaded.setBoolean(null, true);
            var unused = Platform.getPlatform(); // which asks for the version, and does not use it
        } catch (ReflectiveOperationException | RuntimeException | UnsatisfiedLinkError e) {
            return; // another jffi than this was made for: it loads it in its own way, and says why it cannot
        } finally {
            if (version != null) {
                System.setProperty(JAVA_VERSION, version);
            }
        }
    }

    /** The machine that it is for is not asked first: the other machine's file is refused at once. */
    private static void loadFrom(String folder) {
        try {
            System.load(folder + "/x86_64-Linux/libjffi-1.2.so");
        } catch (UnsatisfiedLinkError e) {
            System.load(folder + "/aarch64-Linux/libjffi-1.2.so");
        }
    }
}
