package dev.holdfast.commands.mcp;

/** The library logs by SLF4J, which would tell on stderr that nobody listens. */
final class SilentLog {
    private SilentLog() {}

    /** Before the first class of the library is loaded. */
    static void require() {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }
}
