package dev.holdfast.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Environment files mean what they mean to systemd. */
class EnvironmentFileTest {
    @TempDir
    Path folder;

    private static List<String> entries(String text) {
        return EnvironmentFile.parse("x.env", text).stream()
                .map(entry -> new String(entry, StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static void assertProblem(String text, String message) {
        assertThatThrownBy(() -> entries(text)).isInstanceOfSatisfying(ProcessSettingsException.class, problem -> {
            assertThat(problem.kind()).isEqualTo(ProcessSettingsException.Kind.MALFORMED);
            assertThat(problem).hasMessage("environment file " + message);
        });
    }

    @Test
    void plainLines() {
        assertThat(entries("A=1\nB = two words  \n\n  C=\t3\nD=\nlast=x"))
                .containsExactly("A=1", "B=two words", "C=3", "D=", "last=x");
        assertThat(entries("A=1\r\nB=2\r\n")).containsExactly("A=1", "B=2");
        assertThat(entries("export A=1\n  export\tB=2\nexported=3\n")).containsExactly("A=1", "B=2", "exported=3");
        assertThat(entries("spring.url=a=b=c\n_x-y=1\n")).containsExactly("spring.url=a=b=c", "_x-y=1");
        assertThat(entries("\u00ef\u00bb\u00bfA=\u00ff\u00e4")).containsExactly("A=\u00ff\u00e4");
        assertThat(entries("")).isEmpty();
    }

    /** As other programs' {@code --env NAME=VALUE}, of which {@code --env-file} is taken for the whole. */
    @Test
    void variableInPlaceOfAFileIsToldHowToWriteItAndNotTold() {
        assertThatThrownBy(() -> EnvironmentFile.read("API_KEY=s3cret=x"))
                .isInstanceOf(ProcessSettingsException.class)
                .hasMessage("cannot read the environment file \"API_KEY=...\": no such file; to set one variable,"
                        + " write it before the command: env API_KEY=...");
        assertThatThrownBy(() -> EnvironmentFile.read(folder + "/a=b"))
                .hasMessage("cannot read the environment file \"" + folder + "/a=b\": no such file or directory");
    }

    @Test
    void comments() {
        assertThat(entries("# A=1\n; B=2\n  # C=3\nD=4 # stays\nE=#5\n")).containsExactly("D=4 # stays", "E=#5");
        assertThat(entries("# continued \\\nA=1\nB=2")).containsExactly("B=2");
    }

    @Test
    void quotesAndBackslashes() {
        assertThat(entries("A='a \"b\" \\n $x'  ")).containsExactly("A=a \"b\" \\n $x");
        assertThat(entries("A=\"a 'b' \\\" \\\\ \\$x \\` \\n\"")).containsExactly("A=a 'b' \" \\ $x ` \\n");
        assertThat(entries("A=a'b c'\"d\"\\ e\\ \nB=1")).containsExactly("A=ab cd e ", "B=1");
        assertThat(entries("A=' 1 ' \nB=\"\"\n")).containsExactly("A= 1 ", "B=");
        assertThat(entries("A=one\\\n  two\nB='x\ny'\nC=\"x\\\ny\"")).containsExactly("A=one  two", "B=x\ny", "C=xy");
        assertThat(entries("A=\\\\\\'\nB=$HOME `x` ${Y}\nC=x\\")).containsExactly("A=\\'", "B=$HOME `x` ${Y}", "C=x");
    }

    @Test
    void problemsNameTheLineAndNotTheValue() {
        assertProblem("A=1\n\ns3cret\n", "x.env:3 is not NAME=value");
        assertProblem("name: s3=cret\n", "x.env:1 has no valid name before its =");
        assertProblem("=s3cret\n", "x.env:1 has no valid name before its =");
        assertProblem("1A=s3cret\n", "x.env:1 has no valid name before its =");
        assertProblem("A=1\nB='s3cret\nC=2\n", "x.env:2 has a quote that is not closed");
        assertProblem("A=\"s3cret\\\"", "x.env:1 has a quote that is not closed");
        assertProblem("A='x\ny'\nB=s3\0cret\n", "x.env:3 has a NUL byte");
        assertProblem("A=1\r\nB\r\n", "x.env:2 is not NAME=value");
    }

    @Test
    void fileBeatsTheEnvironmentAndTheLastOfANameCounts() throws IOException {
        Path file = Files.writeString(folder.resolve("x.env"), "PATH=/one\nPATH=/two\nNEW=1\n");
        Environment environment = Environment.ofThisProcess().withFile(file.toString());
        assertThat(environment.value("PATH")).isEqualTo("/two");
        assertThat(environment.value("NEW")).isEqualTo("1");
        assertThat(environment.entries())
                .filteredOn(entry -> new String(entry, StandardCharsets.ISO_8859_1).startsWith("PATH="))
                .hasSize(1);
    }

    @Test
    void filesThatCannotBeReadAreRefusedUnlessTheyMayBeMissing() throws IOException {
        assertThat(EnvironmentFile.read("-" + folder + "/none")).isEmpty();
        assertUnreadable(folder + "/none", "no such file or directory");
        assertUnreadable(folder.toString(), "it is a directory");
        assertUnreadable("-" + folder, "it is a directory");
        Files.write(folder.resolve("large"), new byte[1024 * 1024 + 1]);
        assertUnreadable(folder + "/large", "it is larger than 1 MiB");
    }

    private static void assertUnreadable(String file, String why) {
        assertThatThrownBy(() -> EnvironmentFile.read(file))
                .isInstanceOfSatisfying(
                        ProcessSettingsException.class,
                        problem -> assertThat(problem.kind()).isEqualTo(ProcessSettingsException.Kind.UNREADABLE))
                .hasMessageEndingWith(why);
    }
}
