/**
 * Holdfast as a library: a server on a JVM that runs exactly once, {@link dev.holdfast}, and locks that processes and
 * threads share, {@link dev.holdfast.lock}.
 *
 * <p>All else is the launcher's inner life, and may change with any version. What is required statically belongs to the launcher, which runs from the class path and not as a module.
 */
module dev.holdfast {
    requires org.jnrproject.jffi; // its name is in its manifest, and so is stable
    requires static com.fasterxml.jackson.core;
    requires static com.fasterxml.jackson.databind;
    requires static com.fasterxml.jackson.dataformat.toml;
    requires static reactor.core;
    requires static re2j; // by its file name; the launcher runs from the class path
    requires static info.picocli;
    requires static io.modelcontextprotocol.sdk.mcp.core;
    requires static io.prometheus.metrics.model;
    requires static io.prometheus.writer.text;
    requires static jdk.httpserver;
    requires static org.apache.logging.log4j;
    requires static org.apache.logging.log4j.core;
    requires static org.jnrproject.posix;
    requires static transitive org.jspecify;
    requires static org.snakeyaml.engine;

    exports dev.holdfast;
    exports dev.holdfast.error;
    exports dev.holdfast.lock;
}
