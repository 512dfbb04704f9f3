package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that embed the library, on the page about it, can be compiled. */
class EmbedPageTest {
    private static final String SERVER = """
            class Server implements java.io.Closeable {
                void run() {}

                @Override
                public void close() throws java.io.IOException {}
            }
            """;

    @TempDir
    Path classes;

    @Test
    void embeddingLinesAreAProgram() throws Exception {
        String text = Files.readString(Path.of("src/site/markdown/embed.md"));
        String section = text.substring(text.indexOf("<!-- embed:"), text.indexOf("<!-- end of embed -->"));
        String program = section.substring(section.indexOf("```java\n") + 8, section.lastIndexOf("```"));
        StringWriter problems = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String library = Path.of(Holdfast.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        List<String> options = List.of("-d", classes.toString(), "-cp", library, "-proc:none", "--release", "17");
        boolean compiled = compiler.getTask(
                        problems,
                        null,
                        null,
                        options,
                        null,
                        List.of(source("Orders", program), source("Server", SERVER)))
                .call();
        assertThat(compiled).as("%s", problems).isTrue();
        assertThat(program.lines().filter(line -> !line.isBlank()).count()).isLessThan(20);
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
