package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.LogFormat;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flag beats variable beats default; all problems are told together, and never a variable's value. */
class SettingsReaderTest {
    private static RunSettings read(Map<String, String> environment, String... flags) {
        // HOLDFAST_HOME, so that the file of whoever runs the test is left alone
        return new SettingsReader(
                        RunArguments.parse(List.of(flags)),
                        name -> environment.getOrDefault(name, name.equals("HOLDFAST_HOME") ? "/no/such" : ""))
                .read(List.of("/opt/billing"), "/srv/orders", 1001);
    }

    private static SettingsException refusal(Map<String, String> environment, String... flags) {
        SettingsException refusal = catchThrowableOfType(SettingsException.class, () -> read(environment, flags));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void nothingSaidMeansTheDefaults() {
        RunSettings settings = read(Map.of());
        assertThat(settings.instance().name()).isEqualTo("billing");
        assertThat(settings.lockPath()).isEqualTo("/tmp/billing.lock");
        assertThat(settings.conflict().policy()).isEqualTo(ConflictPolicy.FAIL);
        assertThat(settings.conflict().waitTimeout()).isEmpty();
        assertThat(settings.conflict().exitCode()).isEmpty();
        assertThat(settings.server().stop().grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.server().stop().signal()).isZero();
        assertThat(settings.instance().transport()).isEqualTo("stdio");
        assertThat(settings.instance().watchClient())
                .as("never without being said")
                .isFalse();
        assertThat(settings.instance().version()).isEqualTo("0");
        assertThat(settings.log().level()).isEqualTo(LogLevel.INFO);
        assertThat(settings.log().format()).isEqualTo(LogFormat.TEXT);
        assertThat(settings.log().file()).isEmpty();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void variableBeatsDefault() {
        RunSettings settings = read(Map.ofEntries(
                Map.entry("HOLDFAST_SERVER_NAME", "orders"),
                Map.entry("HOLDFAST_SCOPE", "user"),
                Map.entry("HOLDFAST_LOCK_DIR", "locks"),
                Map.entry("HOLDFAST_ON_CONFLICT", "wait"),
                Map.entry("HOLDFAST_WAIT_TIMEOUT", "30s"),
                Map.entry("HOLDFAST_GRACE", "7s"),
                Map.entry("HOLDFAST_TRANSPORT", "stdio"),
                Map.entry("HOLDFAST_APP_VERSION", "1.2"),
                Map.entry("HOLDFAST_LOGGING__LEVEL", "WARN"),
                Map.entry("HOLDFAST_LOGGING__FORMAT", "json"),
                Map.entry("HOLDFAST_LOGGING__FILE", "/x/log")));
        assertThat(settings.instance().name()).isEqualTo("orders");
        assertThat(settings.lockPath()).isEqualTo("/srv/orders/locks/orders-1001.lock");
        assertThat(settings.conflict().policy()).isEqualTo(ConflictPolicy.WAIT);
        assertThat(settings.conflict().waitTimeout()).contains(Duration.ofSeconds(30));
        assertThat(settings.server().stop().grace()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.instance().watchClient()).isTrue();
        assertThat(settings.instance().version()).isEqualTo("1.2");
        assertThat(settings.log().level()).isEqualTo(LogLevel.WARN);
        assertThat(settings.log().format()).isEqualTo(LogFormat.JSON);
        assertThat(settings.log().file()).contains("/x/log");
    }

    @Test
    void flagBeatsVariableEvenABadOne() {
        RunSettings settings = read(
                Map.of(
                        "HOLDFAST_SERVER_NAME", "a/b",
                        "HOLDFAST_GRACE", "never",
                        "HOLDFAST_SCOPE", "galaxy",
                        "HOLDFAST_LOCK_FILE", "/x/y.lock",
                        "HOLDFAST_LOGGING__LEVEL", "loud"),
                "--name=orders",
                "--grace=1s",
                "--scope=machine",
                "--lock-file=z.lock",
                "-q");
        assertThat(settings.instance().name()).isEqualTo("orders");
        assertThat(settings.server().stop().grace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.lockPath()).isEqualTo("/srv/orders/z.lock");
        assertThat(settings.log().level()).isEqualTo(LogLevel.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "yes", "on", "TRUE", "Yes", " on "})
    void truthyForceTakesOver(String value) {
        RunSettings settings = read(Map.of("FORCE_TERMINATE", value));
        assertThat(settings.conflict().policy()).isEqualTo(ConflictPolicy.TAKEOVER);
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "false", "0", "no", "off", "FALSE", " "})
    void falsyForceDoesNot(String value) {
        RunSettings settings = read(Map.of("FORCE_TERMINATE", value));
        assertThat(settings.conflict().policy()).isEqualTo(ConflictPolicy.FAIL);
        assertThat(settings.warnings()).isEmpty();
    }

    /** What is written and whether it is warned of; its own value is never repeated. */
    @ParameterizedTest
    @CsvSource({"stdio, false", "STDIO, true", "sdtio, true", "studio, true", "std, true", "sse, false", "http, false"})
    void almostStdioIsWarnedOfSinceNobodyWouldMissTheWatch(String transport, boolean isWarned) {
        RunSettings settings = read(Map.of("HOLDFAST_TRANSPORT", transport));
        assertThat(settings.instance().transport()).isEqualTo(transport);
        assertThat(settings.instance().watchClient()).isEqualTo(transport.equals("stdio"));
        assertThat(settings.warnings())
                .isEqualTo(
                        isWarned
                                ? List.of("HOLDFAST_TRANSPORT is not stdio, so the client is not watched;"
                                        + " did you mean stdio?")
                                : List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "2", "tru", "y", "s3cret", "true;"})
    void oddForceWarnsAndDoesNot(String value) {
        RunSettings settings = read(Map.of("FORCE_TERMINATE", value));
        assertThat(settings.conflict().policy()).isEqualTo(ConflictPolicy.FAIL);
        assertThat(settings.warnings())
                .singleElement()
                .asString()
                .startsWith("FORCE_TERMINATE is neither")
                .doesNotContain("\"" + value + "\"", "s3cret");
    }

    @Test
    void forceFlagIsTakeover() {
        assertThat(read(Map.of(), "--force").conflict().policy()).isEqualTo(ConflictPolicy.TAKEOVER);
        assertThat(read(Map.of(), "--force", "--on-conflict=takeover")
                        .conflict()
                        .policy())
                .isEqualTo(ConflictPolicy.TAKEOVER);
        assertThat(read(Map.of("HOLDFAST_ON_CONFLICT", "skip"), "--force")
                        .conflict()
                        .policy())
                .isEqualTo(ConflictPolicy.TAKEOVER);
        assertThat(refusal(Map.of(), "--force", "--on-conflict=skip").problems())
                .containsExactly("--force and --on-conflict skip exclude each other");
    }

    @Test
    void allProblemsAreToldTogether() {
        SettingsException refusal = refusal(
                Map.of("HOLDFAST_GRACE", "s3cret", "HOLDFAST_TRANSPORT", "s3cret\n", "HOLDFAST_SCOPE", "s3cret"),
                "--name=a/b",
                "--wait-timeout=soon",
                "--conflict-exit-code=256",
                "--stop-signal=NONE",
                "--death-signal=TERMM");
        assertThat(refusal.problems())
                .containsExactly(
                        "--name \"a/b\" must be 1 to 64 letters, digits, dots, underscores or hyphens; not . or .., and no hyphen first",
                        "HOLDFAST_SCOPE must be one of machine, user",
                        "--wait-timeout \"soon\" must be a duration, such as 500ms, 5s or 2m",
                        "--conflict-exit-code \"256\" must be a number from 0 to 255",
                        "HOLDFAST_GRACE must be a duration, such as 500ms, 5s or 2m",
                        "--stop-signal \"NONE\" must be a signal, such as TERM or 15",
                        "--death-signal \"TERMM\" must be one of TERM, KILL, none",
                        "HOLDFAST_TRANSPORT must be 1 to 64 printable ASCII characters");
        assertThat(refusal.isInEnvironmentOnly()).isFalse();
    }

    @Test
    void valuesOfVariablesAreNeverRepeated() {
        for (RunOption option : RunOption.values()) {
            if (option.variable().isEmpty() || option == RunOption.LOCK_DIR || option == RunOption.LOG_FILE) {
                continue;
            }
            String bad = option == RunOption.LOCK_FILE ? "s3cret/" : "s3cret\u0001";
            try {
                assertThat(read(Map.of(option.variable(), bad)).warnings()).noneMatch(line -> line.contains("s3cret"));
            } catch (SettingsException e) {
                assertThat(e.problems()).singleElement().asString().startsWith(option.variable());
                assertThat(e).hasMessageNotContaining("s3cret");
                assertThat(e.isInEnvironmentOnly()).isTrue();
            }
        }
    }

    @Test
    void lockFileOfTheServerAroundIsIgnored() {
        Map<String, String> inside = Map.of(
                "HOLDFAST_LOCK_FILE", "/tmp/outer.lock", "HOLDFAST_INSTANCE_ID", "1-a", "HOLDFAST_NAME", "outer");
        assertThat(read(inside).lockPath()).isEqualTo("/tmp/billing.lock");
        assertThat(read(inside).instance().name()).isEqualTo("billing");
        assertThat(read(Map.of("HOLDFAST_LOCK_FILE", "/x/y.lock")).lockPath()).isEqualTo("/x/y.lock");
        assertThat(read(inside, "--lock-file=/x/z.lock").lockPath()).isEqualTo("/x/z.lock");
    }

    @Test
    void whatIsTypedEmptyIsRefusedNotReplacedByADefault() {
        for (String flag : List.of(
                "--name=",
                "--lock-dir=",
                "--lock-file=",
                "--log-file=",
                "--grace=",
                "--scope=",
                "--transport=",
                "--app-version=",
                "--on-conflict=",
                "--wait-timeout=",
                "--stop-signal=",
                "--conflict-exit-code=",
                "--log-level=",
                "--log-format=")) {
            assertThat(refusal(Map.of(), flag).problems())
                    .singleElement()
                    .asString()
                    .startsWith(flag.replace("=", " \"\" must "));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "255,255", "007,7"})
    void conflictExitCodeIsRead(String text, int code) {
        assertThat(read(Map.of(), "--conflict-exit-code", text).conflict().exitCode())
                .hasValue(code);
    }

    /** Only who says that a client speaks on stdin has it answered. */
    @Test
    void clientIsToldOfARefusalUnlessSomebodySaysNo() {
        String variable = "HOLDFAST_NO_CLIENT_MESSAGE";
        assertThat(read(Map.of()).conflict().tellsClient()).isFalse();
        assertThat(read(Map.of(), "--transport=http").conflict().tellsClient()).isFalse();
        RunSettings told = read(Map.of(variable, "false"), "--transport=stdio");
        assertThat(told.conflict().tellsClient()).isTrue();
        assertThat(told.inBackground(true).conflict().tellsClient()).isFalse();
        assertThat(read(Map.of(variable, "1"), "--transport=stdio").conflict().tellsClient())
                .isFalse();
        assertThat(read(Map.of("HOLDFAST_TRANSPORT", "stdio"), "--no-client-message")
                        .conflict()
                        .tellsClient())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"TERM,15", "SIGTERM,15", "term,15", "15,15", "sigusr1,10", "RTMIN+1,35"})
    void stopSignalIsRead(String text, int number) {
        assertThat(read(Map.of(), "--stop-signal", text).server().stop().signal())
                .isEqualTo(number);
        assertThat(read(Map.of("HOLDFAST_STOP_SIGNAL", text)).server().stop().signal())
                .isEqualTo(number);
    }

    @Test
    void typedTextIsShownWithoutControlCharacters() {
        assertThat(refusal(Map.of(), "--name=a\nb\u001b[0m").problems().get(0)).doesNotContain("\n", "\u001b");
        assertThat(refusal(Map.of(), "--name=" + "x".repeat(100_000)).problems().get(0))
                .hasSizeLessThan(300);
    }

    @Test
    void whatNeedsTheLauncherIsRefusedWithExec() {
        SettingsException refusal = refusal(
                Map.of("HOLDFAST_READY_PORT", "80"),
                "--handoff=exec",
                "--restart=always",
                "--ready-log=up",
                "--ready-fd=5",
                "--post-stop=true",
                "--watchdog=1s");
        assertThat(refusal.problems())
                .hasSize(6)
                .allMatch(problem -> problem.contains("needs --handoff supervise"))
                .anyMatch(problem -> problem.startsWith("HOLDFAST_READY_PORT"));
        assertThat(read(Map.of("HOLDFAST_RESTART", "no"), "--handoff=exec")
                        .server()
                        .handOff())
                .isEqualTo(HandOff.EXEC);
    }

    @Test
    void groupsOfOptionsAreReadAndChecked() {
        RunSettings settings = read(
                Map.of("HOLDFAST_RESTART", "on-failure", "HOLDFAST_NICE", "-5"),
                "--ready-timeout=3s",
                "--ready-http=https://[::1]:8443/up",
                "--umask=027",
                "--env-file=a",
                "--env-file=b",
                "--restart-limit=0");
        assertThat(settings.server().restart().mode()).isEqualTo(RestartPolicy.Mode.ON_FAILURE);
        assertThat(settings.server().restart().limit()).isZero();
        assertThat(settings.process().orElseThrow().umask()).hasValue(0b000_010_111);
        assertThat(settings.process().orElseThrow().niceness()).hasValue(-5);
        assertThat(settings.process().orElseThrow().environmentFiles()).containsExactly("a", "b");
        assertThat(settings.server().readiness().timeout()).contains(Duration.ofSeconds(3));
        for (String bad : List.of(
                "--ready-timeout=0",
                "--ready-port=0",
                "--ready-port=65536",
                "--ready-http=localhost:80",
                "--ready-http=file:///etc/passwd",
                "--ready-log=(",
                "--watchdog=0",
                "--restart=sometimes",
                "--restart-limit=-1",
                "--restart-max-delay=10ms",
                "--hook-timeout=0",
                "--umask=8",
                "--umask=1777",
                "--nice=20",
                "--oom-score-adj=1001",
                "--pre-start= ",
                "--death-signal=HUP")) {
            assertThat(refusal(Map.of(), bad).problems()).as(bad).hasSize(1);
        }
    }
}
