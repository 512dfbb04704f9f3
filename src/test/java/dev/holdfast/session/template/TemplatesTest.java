package dev.holdfast.session.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.console.ExitCode;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionsFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of templates, and what is said where nothing does. */
class TemplatesTest {
    private static final String SECRET = "s3cr3t\"\n\\";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOST", "db.local", "PORT", "5432", "TOKEN", SECRET, "EMPTY", "", "NAME", "HOST", "lower", "x");

    @TempDir
    Path root;

    private Path results;

    @BeforeEach
    void makeFolders() throws IOException {
        results = Files.createDirectories(root.resolve("configs/1"));
        Files.createDirectories(root.resolve("pids/1"));
    }

    private PortReservations ports() {
        SessionsFolder folder = SessionsFolder.of(root.toString());
        return new PortReservations(folder, folder.session("1"), PortRanges.parse("1024 65534", ""), port -> true);
    }

    private List<Path> fill(Path... templates) {
        return Templates.fill(List.of(templates), ENVIRONMENT, results, ports());
    }

    private Path template(String name, String text) throws IOException {
        return Files.writeString(root.resolve(name), text);
    }

    private List<String> problems(Path... templates) {
        TemplateException told = catchThrowableOfType(TemplateException.class, () -> fill(templates));
        assertThat(told).as("nothing was wrong").isNotNull();
        assertThat(String.valueOf(told.getMessage())).doesNotContain("s3cr3t");
        assertThat(results).isEmptyDirectory();
        return told.problems().stream()
                .map(line -> line.replace(root + "/", ""))
                .toList();
    }

    static Stream<Arguments> filled() {
        return Stream.of(
                row("a.txt", "host=${HOST}:${PORT}\r\n", "host=db.local:5432\r\n"),
                row("a.txt", "${TOKEN}", SECRET),
                row("a.txt", "\ufeff${HOST}", "\ufeffdb.local"),
                row("a.json", "\ufeff{\"a\":\"${HOST}\"}\r\n", "\ufeff{\"a\":\"db.local\"}\r\n"),
                row("a.txt", "# ${HOST}", "# db.local"),
                row("a.txt", "710000000000000000 ${HOST}", "710000000000000000 db.local"),
                row("a", "$HOST $ $$ $${HOST} $$${HOST} {HOST} ${EMPTY}|", "$HOST $ $$ ${HOST} $${HOST} {HOST} |"),
                row("a.txt", "${EMPTY:-x} ${NONE:-y z} ${NONE:-} ${HOST:-n}", "x y z  db.local"),
                row("a.txt", "${NONE:-a:-b$c\"{#}}", "a:-b$c\"{#}"),
                row("a.txt", "${port:-x y}", "x y"),
                row("a.txt", "${port:web} ${port:web}", "65535 65535"),
                row("a.json", "{\"p\": ${port:web}, \"u\": \"h:${port:web}\"}", "{\"p\": 65535, \"u\": \"h:65535\"}"),
                row(
                        "a.json",
                        "{ \"p\":${PORT},\t\"t\" : \"${TOKEN}\" }",
                        "{ \"p\":5432,\t\"t\" : \"s3cr3t\\\"\\n\\\\\" }"),
                row("a.json", "{\"a\": \"${NONE:-say \"hi\"\\}\"}", "{\"a\": \"say \\\"hi\\\"\\\\\"}"),
                row("a.json", "{\"a\": \"$${HOST}\", \"b\": -${PORT}.5}", "{\"a\": \"${HOST}\", \"b\": -5432.5}"),
                row("a.jsonc", "{ // ${NONE} ${\n \"a\": 1, }", "{ // ${NONE} ${\n \"a\": 1, }"),
                row(
                        "a.toml",
                        "a = ${PORT} # $${NONE}\nb = '${TOKEN}'",
                        "a = 5432 # $${NONE}\nb = \"s3cr3t\\\"\\n\\\\\""),
                row("a.toml", "b = '${HOST}\\' # '\nc = ${port:web}", "b = 'db.local\\' # '\nc = 65535"),
                row("a.toml", "[${NAME}]\na = ${NONE:-1979-05-27}", "[HOST]\na = 1979-05-27"),
                row("a.yaml", "a: ${HOST}:${PORT} # ${NONE}", "a: db.local:5432 # ${NONE}"),
                row("a.yml", "a: ${TOKEN}\nb: 'it''s ${HOST}'", "a: \"s3cr3t\\\"\\n\\\\\"\nb: 'it''s db.local'"),
                row("a.yaml", "a: ${EMPTY}\nb: ${NONE:-#f00}", "a: \"\"\nb: \"#f00\""),
                row("a.yaml", "a: |\n  x ${HOST}\n\nb: ${PORT}", "a: |\n  x db.local\n\nb: 5432"),
                row("a.yaml", "a: |\n  x ${TOKEN}\n\nb: 1", "a: \"x s3cr3t\\\"\\n\\\\\\n\"\n\nb: 1"),
                row("a.yaml", "a: &n#${NAME} b", "a: &n#HOST b"),
                row("a.YAML", "", ""),
                row("a.toml", "", ""),
                row(
                        "a.json",
                        "{\"x_env_var\": \"HOST\", \"y_env_var\": null, \"z_env_var\": \"${NAME}\"}",
                        "{\"x_env_var\": \"HOST\", \"y_env_var\": null, \"z_env_var\": \"HOST\"}"),
                row("a.txt", "x_env_var = NONE", "x_env_var = NONE"));
    }

    private static Arguments row(String name, String template, String result) {
        return Arguments.of(name, template, result);
    }

    @ParameterizedTest
    @MethodSource("filled")
    void templateBecomes(String name, String template, String result) throws IOException {
        Path made = fill(template(name, template)).get(0);
        assertThat(Files.readString(made)).isEqualTo(result);
        assertThat(made).isEqualTo(results.resolve(name));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rw-------");
    }

    static Stream<Arguments> refused() {
        String known =
                "a \"${\" of a form that is not known; there is ${VAR}, ${VAR:-default}, ${port:NAME}, and $${ for a plain ${";
        String bare = " must be a number, true or false where it has no quotes around it";
        String other = "a value would be read as something else there; put the place in double quotes, on one line";
        return Stream.of(
                problem("a.txt", "${NONE}", "1: variable NONE is not set"),
                problem(
                        "a.txt",
                        "${NONE}\r\n\n${HOST}${NONE}${OTHER}",
                        "1: variable NONE is not set",
                        "3: variable NONE is not set",
                        "3: variable OTHER is not set"),
                problem("a.json", "{\"a\": \"\n", "1: is no valid JSON"),
                problem("a.txt", "a\n ${HOST\n}", "2: a \"${\" is not closed on its line"),
                problem("a.txt", "${", "1: a \"${\" is not closed on its line"),
                problem("a.txt", "${}", "1: " + known),
                problem("a.txt", "${HOST:?no}", "1: " + known),
                problem("a.txt", "${HOST-x}", "1: " + known),
                problem("a.txt", "${HOST:+x}", "1: " + known),
                problem("a.txt", "${ HOST}", "1: " + known),
                problem("a.txt", "${1}", "1: " + known),
                problem("a.txt", "${H\u00d6ST}", "1: " + known),
                problem("a.txt", "${foo:bar}", "1: " + known),
                problem("a.txt", "${port:}", "1: " + known),
                problem("a.txt", "${port:../x}", "1: " + known),
                problem("a.txt", "${NONE:-${HOST}}", "1: a \"${\" stands within another one, which is not known"),
                problem("a.json", "", "1: is no valid JSON"),
                problem("a.json", "{}\n{}", "2: is no valid JSON"),
                problem("a.json", "{\"a\": 1, // no\n}", "1: is no valid JSON"),
                problem("a.json", "{\n\"a\": ${NONE},\n\"b\" 2}", "2: variable NONE is not set", "3: is no valid JSON"),
                problem(
                        "a.json",
                        "{\"a\": ${HOST:-x}}",
                        "1: is no valid JSON with the values in it; quotes may be missing around one"),
                problem("a.json", "\n{\"a\": ${TOKEN}}", "2: the value of ${TOKEN}" + bare),
                problem("a.json", "{\"a\": ${EMPTY}}", "1: the value of ${EMPTY}" + bare),
                problem("a.json", "{\"a\": ${NONE:-1, \"b\": 2}}", "1: the value of ${NONE:-1, \"b\": 2}" + bare),
                problem("a.toml", "a = 1\n[a]\n", "2: is no valid TOML"),
                problem(
                        "a.toml",
                        "a = ${HOST}\n",
                        "1: is no valid TOML with the values in it; quotes may be missing around one"),
                problem("a.toml", "\n[${HOST:-x}]", "2: " + other),
                problem("a.toml", "a = \"\"\"\\\n ${NONE:- x}\"\"\"", "2: " + other),
                problem("a.yaml", "a:\n\tb: 1\n", "2: is no valid YAML"),
                problem("a.yaml", "a: [\n", "2: is no valid YAML"),
                problem("a.yaml", "a: 1\nb: *n\n", "2: is no valid YAML"),
                problem("a.yaml", "a: \u0007", "0: is no valid YAML"),
                problem(
                        "a.json",
                        """
                        {"a_env_var": "NONE",
                        "b_env_var": "EMPTY",
                        "c_env_var": "ghp_0a",
                        "d_env_var": "s3cr3t!",
                        "e_env_var": 5,
                        "f_env_var": {},
                        "g_env_var": "${HOST}",
                        "h_env_var": "${lower}",
                        "i_env_var": "${OTHER}"}
                        """,
                        "1: variable NONE, which \"a_env_var\" names, is not set",
                        "2: variable EMPTY, which \"b_env_var\" names, is empty",
                        "3: the variable that \"c_env_var\" names is not set",
                        "4: \"d_env_var\" must name a variable",
                        "5: \"e_env_var\" must name a variable",
                        "6: \"f_env_var\" must name a variable",
                        "7: \"g_env_var\" must name a variable",
                        "8: the variable that \"h_env_var\" names is not set",
                        "9: variable OTHER is not set"),
                problem(
                        "a.toml",
                        """
                        # token_env_var = "NONE"
                        [s.a]
                        token_env_var = "HOST"
                        [s.b]
                        token_env_var = 'NONE'
                        [s.c]
                        token_env_var = "NONE"
                        x_env_var = 5
                        """,
                        "5: variable NONE, which \"token_env_var\" names, is not set",
                        "7: variable NONE, which \"token_env_var\" names, is not set",
                        "8: \"x_env_var\" must name a variable"),
                problem(
                        "a.yaml",
                        """
                        s:
                        - token_env_var: NONE
                        - {b_env_var: ~, c_env_var: , d_env_var: 'HOST'}
                        - e_env_var: [x]
                        """,
                        "2: variable NONE, which \"token_env_var\" names, is not set",
                        "4: \"e_env_var\" must name a variable"));
    }

    /** Line 0 stands for none. */
    private static Arguments problem(String name, String template, String... problems) {
        return Arguments.of(
                name,
                template,
                Stream.of(problems)
                        .map(each -> "template \"" + name + "\""
                                + (each.startsWith("0: ") ? each.substring(1) : " line " + each))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void templateIsRefused(String name, String template, List<String> problems) throws IOException {
        assertThat(problems(template(name, template))).isEqualTo(problems);
    }

    @Test
    void allThatIsMissingInAllTemplatesIsToldAtOnce() throws IOException {
        assertThat(problems(
                        template("a.txt", "${NONE}"),
                        root.resolve("missing"),
                        template("b.json", "{\"a\": \"${OTHER}\", }"),
                        template("c.txt", "${HOST}")))
                .containsExactly(
                        "template \"missing\" cannot be read: no such file or directory",
                        "template \"a.txt\" line 1: variable NONE is not set",
                        "template \"b.json\" line 1: is no valid JSON",
                        "template \"b.json\" line 1: variable OTHER is not set");
    }

    @Test
    void hundredProblemsAreEnough() throws IOException {
        assertThat(problems(template("a.txt", "${NONE}".repeat(1234))))
                .hasSize(101)
                .last()
                .isEqualTo("and 1134 more");
    }

    @Test
    void templatesEndingIsNoPartOfTheName() {
        Map<String, String> names = Map.of(
                "a.json.template", "a.json",
                "a.json.tmpl", "a.json",
                ".env.example", ".env",
                "a.example.json", "a.example.json",
                ".template", ".template",
                "template", "template",
                "a.template.tmpl", "a.template");
        names.forEach((template, name) -> {
            Path path = root.resolve(template);
            try {
                assertThat(fill(Files.writeString(path, "{}"))).containsExactly(results.resolve(name));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void notTwoBecomeOneFileAndNoneReplacesItself() throws IOException {
        Path own = Files.writeString(results.resolve("c.json"), "{}");
        TemplateException told = catchThrowableOfType(
                TemplateException.class, () -> fill(template("a.json", "{}"), template("a.json.template", "{}"), own));
        assertThat(told.problems())
                .containsExactly(
                        "template \"" + root.resolve("a.json.template") + "\": becomes \"a.json\", as does template \""
                                + root.resolve("a.json") + "\"",
                        "template \"" + own + "\": would be replaced by what is made of it");
        assertThat(told.exitCode()).isEqualTo(ExitCode.CONFIG);
    }

    @Test
    void whatHadTheNameIsReplacedAndNoLinkFollowed() throws IOException {
        Path other = template("other", "mine");
        Files.createSymbolicLink(results.resolve("a.txt"), other);
        fill(template("a.txt", "${HOST}"));
        assertThat(results.resolve("a.txt")).hasContent("db.local").isRegularFile();
        assertThat(Files.isSymbolicLink(results.resolve("a.txt"))).isFalse();
        assertThat(other).hasContent("mine");
        fill(template("a.txt", "${PORT}"));
        assertThat(results.resolve("a.txt")).hasContent("5432");
        assertThat(results).isDirectoryContaining("glob:**/a.txt");
        try (Stream<Path> all = Files.list(results)) {
            assertThat(all).hasSize(1);
        }
    }

    @Test
    void fileThatCannotBeWrittenIsTold() throws IOException {
        Files.createDirectories(results.resolve("a.txt/in the way"));
        assertThatThrownBy(() -> fill(template("a.txt", "${TOKEN}")))
                .isInstanceOf(SessionException.class)
                .hasMessage("cannot write \"" + results.resolve("a.txt") + "\": is a directory");
        try (Stream<Path> all = Files.list(results)) {
            assertThat(all).hasSize(1);
        }
    }

    @Test
    void linkIsFollowedToAFileOfOnesOwn() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("b.txt"), template("a", "${HOST}"));
        assertThat(fill(link)).containsExactly(results.resolve("b.txt"));
    }

    @Test
    void nothingButAPlainTextFileIsRead() throws Exception {
        Path dangling = Files.createSymbolicLink(root.resolve("dangling"), root.resolve("nothing"));
        Path large = root.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(100_000_000);
        }
        Path bytes = Files.write(root.resolve("bytes"), new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        Path open = Files.setPosixFilePermissions(template("open", ""), PosixFilePermissions.fromString("rw-rw-rw-"));
        Path shared =
                Files.setPosixFilePermissions(template("shared", ""), PosixFilePermissions.fromString("rw-rw-r--"));
        Path fifo = root.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
            assertThat(problems(
                            dangling,
                            large,
                            bytes,
                            open,
                            shared,
                            fifo,
                            root.resolve("socket"),
                            root,
                            Path.of("/dev/zero")))
                    .containsExactly(
                            "template \"dangling\" cannot be read: no such file or directory",
                            "template \"large\" is larger than 1 MiB, and so is no configuration file",
                            "template \"bytes\" is not UTF-8 text",
                            "template \"open\" can be written by other users (mode 0666), who could have commands run; chmod go-w it",
                            "template \"fifo\" is a FIFO, not a regular file",
                            "template \"socket\" cannot be read: no such device or address",
                            "template \"" + root + "\" is a directory, not a regular file",
                            "template \"/dev/zero\" is a character device, not a regular file");
        }
    }

    @Test
    void valueThatIsNoTextIsRefused() throws IOException {
        Path template = template("a.txt", "\n${RAW}");
        assertThatThrownBy(() -> Templates.fill(List.of(template), Map.of("RAW", "a\udcff"), results, ports()))
                .hasMessage("template \"" + template + "\" line 2: the value of variable RAW is not UTF-8");
    }

    @Test
    void resultHasABound() throws IOException {
        Path template = template("a.txt", "${RAW}".repeat(200));
        assertThatThrownBy(
                        () -> Templates.fill(List.of(template), Map.of("RAW", "a".repeat(100_000)), results, ports()))
                .hasMessage(
                        "template \"" + template + "\": would become larger than 16 MiB with the values that it has");
    }

    @Test
    void thousandsOfLevelsAreNoProblem() throws IOException {
        String deep = "[".repeat(100_000);
        String balanced = "[".repeat(1001) + "]".repeat(1001);
        assertThat(problems(
                        template("a.json", deep),
                        template("a.toml", "a = " + deep),
                        template("a.yaml", deep),
                        template("b.yaml", balanced)))
                .hasSize(4)
                .allMatch(line -> line.contains("is no valid "));
    }

    @Test
    void largestTemplateIsFilledQuickly() throws IOException {
        String members = Stream.iterate(0, n -> n + 1)
                .limit(20_000)
                .map(n -> "k" + n + ": x ${HOST} y")
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(fill(template("a.yaml", members)).get(0), StandardCharsets.UTF_8))
                .isEqualTo(members.replace("${HOST}", "db.local"));
    }
}
