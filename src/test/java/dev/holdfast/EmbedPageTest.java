package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.ExampleCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path orders = Files.writeString(classes.resolve("Orders.java"), program);
        Path server = Files.writeString(classes.resolve("Server.java"), SERVER);
        assertThat(ExampleCompiler.problems(classes, orders, server)).isEmpty();
        assertThat(program.lines().filter(line -> !line.isBlank()).count()).isLessThan(20);
    }
}
