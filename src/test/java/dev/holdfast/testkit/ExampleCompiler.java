package dev.holdfast.testkit;

import dev.holdfast.Holdfast;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles programs as their readers would: against the library alone, for the lowest Java that it runs on. */
public final class ExampleCompiler {
    private ExampleCompiler() {}

    /** What is wrong with these sources; empty when they are classes in the folder now. */
    public static String problems(Path into, Path... sources) throws IOException, URISyntaxException {
        String library = Path.of(Holdfast.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        List<String> options = List.of("-d", into.toString(), "-cp", library, "-proc:none", "--release", "17");
        StringWriter told = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean isCompiled = compiler.getTask(told, files, null, options, null, files.getJavaFileObjects(sources))
                    .call();
            return isCompiled ? "" : "not compiled: " + told;
        }
    }
}
