package dev.holdfast.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One engine for the whole run, made when the first class asks for it, and cleared away after the last. */
final class EngineExtension implements BeforeAllCallback, ParameterResolver {
    private static final List<String> PROGRAMS =
            List.of("podman", "runc", "mmdebstrap", "podman-compose", "node", "npm");

    @Override
    public void beforeAll(ExtensionContext context) {
        for (String program : PROGRAMS) {
            assumeTrue(find(program).isPresent(), "needs " + program);
        }
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        engine(context);
    }

    /** Where it is installed. */
    static Optional<Path> find(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(part -> Path.of(part, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Engine engine(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Engine.class, type -> Engine.open(), Engine.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Engine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return engine(context);
    }
}
