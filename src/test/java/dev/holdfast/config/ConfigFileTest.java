package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.LockScope;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.RestartPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The configuration file: every option, tables of instances, and all mistakes told together with their lines. */
class ConfigFileTest {
    @TempDir
    Path folder;

    private Path write(String text) throws IOException {
        return write(text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    private Path write(byte[] content, String permissions) throws IOException {
        Path file = folder.resolve("config.toml");
        Files.write(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private SettingsReader reader(Map<String, String> environment, String... flags) {
        return new SettingsReader(
                RunArguments.parse(List.of(flags)),
                name -> environment.getOrDefault(name, name.equals("HOLDFAST_HOME") ? folder.toString() : ""));
    }

    private RunSettings read(Map<String, String> environment, String... flags) {
        return reader(environment, flags).read(List.of("/opt/billing"), "/srv/orders", 1001);
    }

    private SettingsException refusal(Map<String, String> environment, String... flags) {
        SettingsException refusal = catchThrowableOfType(SettingsException.class, () -> read(environment, flags));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    /** The problems of a file, without the file's name in front. */
    private List<String> problems(String text) throws IOException {
        String prefix = write(text) + ":";
        return refusal(Map.of()).problems().stream()
                .map(line -> line.startsWith(prefix) ? line.substring(prefix.length()) : line)
                .toList();
    }

    private static String sample(RunOption option) {
        if (!option.takesValue()) {
            return "true";
        }
        return switch (option) {
            case READY_HTTP -> "\"http://localhost:1/\"";
            case RESTART_MAX_DELAY -> "\"2m\"";
            case LISTEN -> "[\"8080\", \"web=127.0.0.1:8081\"]";
            case MAP_EXIT -> "[\"143=0\", \"130=0\"]";
            case MAP_SIGNAL -> "[\"HUP=USR1\"]";
            case ENV_FILE -> "[\"a\", \"b\"]";
            case UMASK -> "\"027\"";
            case STOP_SIGNAL, ACTIVATE_SIGNAL -> "\"INT\"";
            case OUTPUT_SIZE, SHARE_MAX_MESSAGE -> "\"500K\"";
            case SHARE_RATE -> "\"10/m\"";
            case SHARE_KEY -> "[\"A\", \"B\"]";
            case SHARE_PROTOCOL -> "\"2025-06-18\"";
            case LOCK_FILE, LOCK_DIR, LOG_FILE, OUTPUT, CWD -> "\"/x/y\"";
            default ->
                switch (option.placeholder()) {
                    case "N", "PORT" -> "7";
                    case "V", "T", "COMMAND", "REGEX", "USER", "GROUP" -> "\"text\"";
                    default ->
                        Character.isDigit(option.placeholder().charAt(0))
                                ? "90"
                                : "\"" + option.placeholder().split("\\|")[0] + "\"";
                };
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = RunOption.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NAME", "CONFIG", "EXPLAIN"})
    void everyOptionCanBeSaidInTheFile(RunOption option) throws IOException {
        String needed = switch (option) {
            case DATA_DIR -> "coordination = \"file_lock\"\n";
            case LISTEN_STDIN -> "listen = \"8080\"\n";
            case METRICS_HOST, METRICS_PORT -> "metrics = true\n";
            case HTTP_NO_TOKEN -> "share = true\nhttp = 8080\n";
            case NO_CLIENT_MESSAGE -> "transport = \"stdio\"\n";
            case OUTPUT_SIZE, OUTPUT_KEEP -> "output = \"/x/y\"\n";
            default -> option.isOfShare() ? "share = true\n" : "";
        };
        Path file = write("# comment\n" + option.key() + " = " + sample(option) + "\n" + needed);
        SettingsReader reader = reader(Map.of());
        RunSettings settings = reader.read(List.of("/opt/billing"), "/srv/orders", 1001);
        OptionValue value = reader.value(option);
        assertThat(value.origin()).isEqualTo(OptionValue.Origin.FILE);
        assertThat(value.place()).isEqualTo(file + ":2");
        assertThat(value.text()).isEqualTo(sample(option).replaceAll("[\\[\\]\" ]", ""));
        assertThat(settings.warnings()).isEmpty();
        RunSettings otherwise = reader(
                        Map.of("HOLDFAST_CONFIG", "/dev/null", "HOLDFAST_SHARE", String.valueOf(option.isOfShare())))
                .read(List.of("/opt/billing"), "/srv/orders", 1001);
        List<RunOption> defaults = List.of(
                RunOption.SCOPE,
                RunOption.COORDINATION,
                RunOption.ON_CONFLICT,
                RunOption.FORWARD,
                RunOption.KILL_MODE,
                RunOption.DEATH_SIGNAL,
                RunOption.HANDOFF,
                RunOption.SHARE_SCOPE,
                RunOption.SHARE_REQUESTS,
                RunOption.SHARE_LOGS,
                RunOption.SHARE_ERA,
                RunOption.RESTART,
                RunOption.LOG_FORMAT);
        assertThat(settings.equals(otherwise)).as("%s", option).isEqualTo(defaults.contains(option));
    }

    @Test
    void instancesTableBeatsTheCommonTopLevel() throws IOException {
        write("""
                grace = "9s"
                restart-limit = 3
                [billing]
                grace = 2.5
                "reload-on-hup" = true
                [orders]
                grace = "1h"
                ["a.b"]
                grace = "2h"
                """);
        assertThat(read(Map.of()).server().stop().grace()).isEqualTo(Duration.ofMillis(2500));
        assertThat(read(Map.of()).server().forwarding().reloadOnHangUp()).isTrue();
        assertThat(read(Map.of()).server().restart().limit()).isEqualTo(3);
        assertThat(read(Map.of(), "--name=orders").server().stop().grace()).isEqualTo(Duration.ofHours(1));
        assertThat(read(Map.of("HOLDFAST_SERVER_NAME", "a.b")).server().stop().grace())
                .isEqualTo(Duration.ofHours(2));
        assertThat(read(Map.of(), "--name=other").server().stop().grace()).isEqualTo(Duration.ofSeconds(9));
        assertThat(read(Map.of(), "--name=other").server().forwarding().reloadOnHangUp())
                .isFalse();
    }

    @Test
    void tomlsOtherFormsOfATableAreTheSame() throws IOException {
        write("billing = { grace = \"3s\" }\norders.grace = \"4s\"\n");
        assertThat(read(Map.of()).server().stop().grace()).isEqualTo(Duration.ofSeconds(3));
        assertThat(read(Map.of(), "--name=orders").server().stop().grace()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void flagAndVariableBeatTheFile() throws IOException {
        write("grace = \"9s\"\nforce = true\nlock-file = \"/x/y.lock\"\nverbose = true\nrestart = \"soon\"");
        RunSettings settings = read(
                Map.of("HOLDFAST_GRACE", "8s", "HOLDFAST_ON_CONFLICT", "wait", "HOLDFAST_LOGGING__LEVEL", "warn"),
                "--lock-dir=/z",
                "--restart=always");
        assertThat(settings.server().stop().grace()).isEqualTo(Duration.ofSeconds(8));
        assertThat(settings.conflict().policy()).isEqualTo(ConflictPolicy.WAIT);
        assertThat(settings.lockPath()).isEqualTo("/z/billing.lock");
        assertThat(settings.log().level()).isEqualTo(LogLevel.WARN);
        assertThat(settings.server().restart().mode()).isEqualTo(RestartPolicy.Mode.ALWAYS);
        assertThat(read(Map.of("FORCE_TERMINATE", "no"), "--restart=no")
                        .conflict()
                        .policy())
                .isEqualTo(ConflictPolicy.FAIL);
        assertThat(read(Map.of(), "--restart=no").conflict().policy()).isEqualTo(ConflictPolicy.TAKEOVER);
        assertThat(read(Map.of(), "--restart=no", "-q").log().level()).isEqualTo(LogLevel.ERROR);
    }

    @Test
    void instancesTableBeatsWhatExcludesItOnTheTopLevel() throws IOException {
        write("force = true\nlock-file = \"/x/y.lock\"\nquiet = true\n"
                + "[billing]\non-conflict = \"wait\"\nlock-dir = \"/z\"\nlog-level = \"info\"");
        assertThat(read(Map.of()).conflict().policy()).isEqualTo(ConflictPolicy.WAIT);
        assertThat(read(Map.of()).lockPath()).isEqualTo("/z/billing.lock");
        assertThat(read(Map.of()).log().level()).isEqualTo(LogLevel.INFO);
        assertThat(problems("force = true\non-conflict = \"wait\""))
                .containsExactly("1: force and --on-conflict wait exclude each other");
    }

    @Test
    void allMistakesAreToldTogetherWithThoseOfFlagsAndVariables() throws IOException {
        Path file = write("""
                graec = "5s"
                grace = "s3cret"
                grace = "6s"
                lock-dir = [
                  "/tmp",
                ]
                pre-start = '''
                echo "[x]"
                '''
                restart-limit = true # not "a number
                a = 1 2

                [billing]
                umask = 22
                name = "x"
                explain = true
                transport = "a\\u0000b"
                [orders]
                gracee = "1s"
                env-file = [1]
                [billing]
                [a.b]
                ["a b"]
                [[c]]
                """);
        SettingsException refusal = refusal(Map.of("HOLDFAST_SCOPE", "galaxy"));
        String at = file + ":";
        assertThat(refusal.problems())
                .containsExactly(
                        at + "1: unknown key \"graec\"; did you mean grace?",
                        at + "3: grace was said already, on line 2",
                        at + "4: lock-dir must be a string, not a list of strings",
                        at + "10: restart-limit must be a string or a number, not true or false",
                        at + "11: syntax error: more data after value has already ended",
                        at + "14: umask must be a string, not a number",
                        at + "15: name cannot be said in the file; an instance's own settings stand in the table of"
                                + " its name",
                        at + "16: explain cannot be said in the file; type --explain",
                        at + "17: transport must not have a NUL character in it",
                        at + "19: unknown key \"gracee\" in table \"orders\"; did you mean grace?",
                        at + "20: env-file must be a string or a list of strings, not a list of other things than"
                                + " strings",
                        at + "21: table \"billing\" was said already, on line 13",
                        at + "22: a table's name with a dot in it must be quoted: [\"a.b\"]",
                        at + "23: table \"a b\" is no instance's: its name must be 1 to 64 letters, digits, dots,"
                                + " underscores or hyphens; not . or .., and no hyphen first",
                        at + "24: a table is [c], in single brackets",
                        "HOLDFAST_SCOPE must be one of machine, user",
                        at + "2: grace must be a duration, such as 500ms, 5s or 2m");
        assertThat(refusal.isInEnvironmentOnly()).isTrue();
        assertThat(refusal(Map.of(), "--scope=galaxy").isInEnvironmentOnly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grace = | 1: syntax error: a value, a quote or a bracket is missing",
                "a\\ngrace = s3cret | 2: syntax error: unknown token",
                "grace = \"5s | 1: syntax error: a value, .*",
                "grace = '''\\n5s\\n | 3: syntax error: a value, .*",
                "env-file = [\\n'a',\\n | 3: syntax error: .*",
                "[orders\\ngrace = 1 | 1: syntax error: .*",
                "grace = \"5s\\\\q\" | 1: syntax error: unknown escape sequence",
                "grace = 1\\r\\n= 5 | 2: syntax error: .*",
                "\\n\\norders.grace = 1\\n[orders] | 4: syntax error: .*",
            })
    void syntaxErrorIsOneLineWithItsNumber(String text, String problem) throws IOException {
        String document = text.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\");
        assertThat(problems(document)).last().asString().matches(problem).doesNotContain("s3cret", "\n");
    }

    @Test
    void nothingInAFileCanExhaustTheLauncher() throws IOException {
        assertThat(problems("a = " + "[".repeat(500_000))).hasSize(1);
        assertThat(problems("a.".repeat(200_000) + "b = 1")).hasSize(1);
        assertThat(problems("x = 1\n".repeat(100_000)))
                .hasSize(51)
                .last()
                .asString()
                .endsWith("and 99950 more");
    }

    @Test
    void emptyFileSaysNothing() throws IOException {
        for (String text : List.of("", "\n", "# only a comment", "\uFEFF# with a byte order mark\n", "[billing]")) {
            write(text);
            assertThat(read(Map.of()).server().stop().grace()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void fileThatCannotBeTrustedIsRefused() throws IOException {
        write(new byte[] {'a', (byte) 0xff}, "rw-r--r--");
        assertThat(refusal(Map.of()).problems()).singleElement().asString().endsWith("\" is not UTF-8 text");
        write(new byte[0], "rw-rw-r--");
        assertThat(refusal(Map.of()).problems())
                .containsExactly("configuration file \"" + folder + "/config.toml\" can be written by other users (mode"
                        + " 0664), who could have commands run; chmod go-w it");
        write(new byte[0], "rw-r---w-");
        assertThat(refusal(Map.of()).problems()).singleElement().asString().contains("(mode 0642)");
        write(new byte[1024 * 1024 + 1], "rw-r--r--");
        assertThat(refusal(Map.of()).problems())
                .singleElement()
                .asString()
                .endsWith("\" is larger than 1 MiB, and so is no configuration file");
        Files.delete(folder.resolve("config.toml"));
        Files.createDirectory(folder.resolve("config.toml"));
        assertThat(refusal(Map.of()).problems())
                .singleElement()
                .asString()
                .endsWith("\" is a directory, not a regular file");
        assertThat(refusal(Map.of()).isInEnvironmentOnly()).isTrue();
    }

    @Test
    void fileThatWasNamedMustBeThere() throws IOException {
        assertThat(read(Map.of()).server().stop().grace()).isEqualTo(Duration.ofSeconds(5));
        SettingsException typed = refusal(Map.of(), "--config=none.toml");
        assertThat(typed.problems())
                .containsExactly("--config \"none.toml\" names a file that is not there, or cannot be reached");
        assertThat(typed.isInEnvironmentOnly()).isFalse();
        SettingsException variable = refusal(Map.of("HOLDFAST_CONFIG", "/no/such"));
        assertThat(variable.problems())
                .containsExactly("HOLDFAST_CONFIG names a file that is not there, or cannot be reached");
        assertThat(variable.isInEnvironmentOnly()).isTrue();
        assertThat(refusal(Map.of(), "--config=" + folder).problems())
                .containsExactly("--config \"" + folder + "\" names a directory, not a regular file");
        assertThat(refusal(Map.of(), "--config=").problems()).containsExactly("--config \"\" must name a file");
        write("grace = 7");
        assertThat(read(Map.of(), "--config=/dev/null").server().stop().grace()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void homeFolderIsThatOfTheVariablesOrOfTheUserDatabase() throws IOException {
        Path home = Files.createDirectories(folder.resolve(".holdfast"));
        Files.writeString(home.resolve("config.toml"), "grace = 7");
        Files.setPosixFilePermissions(home.resolve("config.toml"), PosixFilePermissions.fromString("rw-------"));
        Map<String, String> environment = Map.of("HOLDFAST_HOME", "", "HOME", folder.toString());
        assertThat(read(environment).server().stop().grace()).isEqualTo(Duration.ofSeconds(7));
        assertThat(Accounts.numbered(0).orElseThrow().home()).isEqualTo("/root");
        assertThat(Accounts.numbered(1_234_567_890)).isEmpty();
    }

    @Test
    void commandsThatLookForTheLockReadWhereItIs() throws IOException {
        write("lock-dir = \"/a\"\ngraec = 1\n[orders]\nscope = \"user\"\n[billing]\nlock-file = \"/b/c.lock\"");
        assertThat(locks("other")).isEqualTo(new LockPlace(Optional.empty(), "/a", Optional.empty()));
        assertThat(locks("orders")).isEqualTo(new LockPlace(Optional.of(LockScope.USER), "/a", Optional.empty()));
        assertThat(locks("billing").file()).contains("/b/c.lock");
        write("lock-dir =");
        assertThat(catchThrowableOfType(SettingsException.class, () -> locks("orders")))
                .hasMessageContaining("config.toml:1: syntax error");
    }

    private LockPlace locks(String name) {
        return LockPlace.of(
                RunArguments.parse(List.of()),
                variable -> variable.equals("HOLDFAST_HOME") ? folder.toString() : "",
                name,
                "/srv",
                1001);
    }

    @Test
    void exampleOfTheReferenceIsRead() throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/reference.md"));
        int start = page.indexOf("```toml\n") + "```toml\n".length();
        write(page.substring(start, page.indexOf("```", start)));
        RunSettings orders = read(Map.of(), "--name=orders");
        assertThat(orders.server().stop().grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(orders.log().level()).isEqualTo(LogLevel.WARN);
        assertThat(orders.conflict().policy()).isEqualTo(ConflictPolicy.WAIT);
        assertThat(orders.conflict().waitTimeout()).contains(Duration.ofSeconds(90));
        assertThat(orders.server().restart().limit()).isEqualTo(5);
        assertThat(orders.process().orElseThrow().environmentFiles()).containsExactly("orders.env", "secrets.env");
        assertThat(orders.exitMap()).isEqualTo(Map.of(143, 0, 130, 0));
        assertThat(read(Map.of(), "--name=api.example.org").lockPath()).isEqualTo("/tmp/api.example.org-1001.lock");
    }
}
