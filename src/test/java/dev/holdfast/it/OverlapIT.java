package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.SocketLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code holdfast redeploy --overlap}: the old server serves until the new one has shown that it stays. */
@Timeout(180)
class OverlapIT extends ReplacedServer {
    @Override
    List<String> usualOptions() {
        return List.of("--overlap", "--app-version", "2");
    }

    /** Each new version, without and with sockets of the launcher's, and what its redeploy ends with and says. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            good           |        | trap 'exit 0' TERM; echo >&7; exec 7>&-; while :; do sleep 0.05; done | 60s   | 0  | orders: redeployed, server pid \\d+ in place of \\d+, version 2 in place of 1; one of them served all the time
            good           | listen | trap 'exit 0' TERM; echo >&7; exec 7>&-; while :; do sleep 0.05; done | 60s   | 0  | orders: redeployed, server pid \\d+ in place of \\d+, version 2 in place of 1; one of them served all the time
            exits at once  |        | exit 3                                             | 60s   | 69 | it ended with exit code 3 before it was ready
            never ready    |        | trap 'exit 0' TERM; while :; do sleep 0.05; done   | 500ms | 69 | it was not ready in time: no newline came on its descriptor 7
            dies settling  |        | echo >&7; exec 7>&-; while ! test -e DIE; do sleep 0.02; done; exit 4 | 60s   | 69 | it ended with exit code 4, \\d+m?s after it was ready
            dies settling  | listen | echo >&7; exec 7>&-; while ! test -e DIE; do sleep 0.02; done; exit 4 | 60s   | 69 | it ended with exit code 4, \\d+m?s after it was ready
            ignores TERM   |        | trap '' TERM; while :; do sleep 0.05; done         | 500ms | 69 | it was not ready in time: no newline came on its descriptor 7
            full disk      |        | if ! echo data >/dev/full; then exit 5; fi; echo >&7 | 60s   | 69 | it ended with exit code 5 before it was ready
            """)
    void badVersionCostsNobodyAnything(
            String what, String listen, String script, String readyTimeout, int code, String says) throws IOException {
        started(
                listen == null
                        ? List.of()
                        : List.of("--listen", folder.resolve("web.sock").toString()),
                GOOD);
        long old = number("serverPid");
        List<String> options =
                new ArrayList<>(List.of("--ready-timeout", readyTimeout, "--grace", "200ms", "--settle"));
        options.add(what.startsWith("dies") ? "1m" : "300ms");
        Path die = folder.resolve("die");
        try (Child redeploy = redeploy(options, "sh", "-c", script.replace("DIE", die.toString()), "new")) {
            if (what.startsWith("dies")) {
                awaitStatus("\"version\":\"2\""); // from its readiness on
                Files.createFile(die);
            }
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(code);
            assertThat(redeploy.stdout() + redeploy.stderr()).containsPattern(says);
            if (code != 0) {
                assertThat(redeploy.stderr())
                        .startsWith("holdfast: the new version of \"orders\" does not serve: ")
                        .contains(
                                "\n  serves     the old server, pid " + old
                                        + ", version 1: it was not touched, and served all the time\n  look       holdfast logs ");
            }
        }
        assertThat(status())
                .contains("\"version\":\"" + (code == 0 ? 2 : 1) + "\"", "\"state\":\"ready\"")
                .doesNotContain("besidePid");
        assertThat(Processes.isAlive(old)).isEqualTo(code != 0);
        assertThat(number("serverPid") == old).isEqualTo(code != 0);
    }

    @Test
    void wrongCommandStartsNothing() {
        started(List.of(), GOOD);
        long old = number("serverPid");
        try (Child redeploy = redeploy(List.of(), "/no/such/file")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(127);
            assertThat(redeploy.stderr()).contains("command \"/no/such/file\" not found", "nothing was stopped");
        }
        assertThat(number("serverPid")).isEqualTo(old);
    }

    /** What status tells of the two, who gets a signal meanwhile, and that a stop ends both. */
    @Test
    void bothAreSeenWhileBothLiveAndAStopEndsBoth() throws IOException {
        Path up = folder.resolve("up");
        Path got = folder.resolve("got");
        String tells = "trap 'echo $0 >>" + got + "' USR1; ";
        started(List.of(), tells + GOOD);
        long old = number("serverPid");
        String waits = tells + "while ! test -e " + up + "; do sleep 0.02; done; " + GOOD;
        try (Child redeploy = redeploy(List.of("--settle", "5m"), "sh", "-c", waits, "new")) {
            awaitStatus("\"besidePid\"");
            long young = number("besidePid");
            assertThat(status()).contains("\"serverPid\":" + old, "\"version\":\"1\"", "\"state\":\"ready\"");
            try (Child text = command("status", List.of("orders"))) {
                assertThat(text.awaitExit()).isZero();
                assertThat(text.stdout())
                        .contains("(server " + old + ")", "\n  beside     server " + young + ", until the redeploy");
            }
            Files.createFile(up);
            awaitStatus("\"serverPid\":" + young);
            assertThat(status()).contains("\"besidePid\":" + old, "\"version\":\"2\"", "\"state\":\"ready\"");
            try (Child reload = command("reload", List.of("orders"))) {
                reload.awaitExit();
            }
            Processes.signal(number("pid"), "USR1");
            await().untilAsserted(() -> assertThat(got).hasContent("new"));
            try (Child second = redeploy(List.of("--dry-run"), "sh", "-c", GOOD, "third");
                    Child stop = command("stop", List.of("orders"))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
                second.awaitExit();
            }
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
            assertThat(redeploy.stderr()).contains("the instance was told to stop meanwhile");
            assertThat(Processes.isAlive(old)).isFalse();
            assertThat(Processes.isAlive(young)).isFalse();
        }
        assertThat(launcher().leftovers()).doesNotContain("orders.lock", "orders.sock");
    }

    /** The children of the one that goes, also those that have left its process group, and none of the other one. */
    @Test
    void treesAreToldApart() throws IOException {
        String children = "sh -c 'sleep 1000 & echo $! >>" + folder + "/$1.group' sh $0; " + "setsid sh -c 'echo $$ >>"
                + folder + "/$1.session; exec sleep 1000' sh $0 & ";
        started(List.of(), children + GOOD);
        try (Child redeploy = redeploy(
                List.of("--settle", "5m"),
                "sh",
                "-c",
                children + "trap 'exit 0' TERM; echo >&7; exec 7>&-; while ! test -e " + folder
                        + "/bad; do sleep 0.02; done; exit 7",
                "new")) {
            awaitStatus("\"version\":\"2\"");
            List<Long> oldOnes = pids("old");
            List<Long> newOnes = pids("new");
            Files.createFile(folder.resolve("bad"));
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(69);
            assertThat(oldOnes).allMatch(Processes::isAlive);
            newOnes.forEach(Processes::awaitDeath);
        }
        Files.delete(folder.resolve("bad"));
        List<Long> oldOnes = pids("old");
        try (Child redeploy = redeploy(List.of("--settle", "0s"), "sh", "-c", children + GOOD, "third")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        oldOnes.forEach(Processes::awaitDeath);
        assertThat(pids("third")).allMatch(Processes::isAlive);
    }

    private List<Long> pids(String server) throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String kind : List.of("group", "session")) {
            Path file = folder.resolve(server + "." + kind);
            await().until(() -> Files.exists(file) && !Files.readString(file).isBlank());
            pids.add(Long.parseLong(Files.readString(file).strip()));
        }
        return pids;
    }

    /** A new server that puts itself into the background is followed there, although it looks like nobody's orphan. */
    @Test
    void newServerMayHaveAnotherMainProcess() throws IOException {
        Programs.require("python3");
        started(List.of(), GOOD);
        Path daemon = folder.resolve("daemon");
        String says = "python3 -c \"import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto("
                + "('MAINPID=' + open('" + daemon + "').read().strip()).encode(),"
                + " chr(0) + os.environ['NOTIFY_SOCKET'][1:])\"";
        String script = "setsid sh -c 'trap \"exit 0\" TERM; echo $$ >" + daemon + WORK + "' & while ! test -s "
                + daemon + "; do sleep 0.02; done; " + says + "; echo >&7";
        try (Child redeploy = redeploy(List.of("--settle", "300ms"), "sh", "-c", script, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        long main = Long.parseLong(Files.readString(daemon).strip());
        assertThat(number("serverPid")).isEqualTo(main);
        assertThat(Processes.isAlive(main)).isTrue();
    }

    /** The new one has been started when the old one ends by itself. */
    @Test
    void oldServerThatEndsByItselfLeavesAPlainRedeploy() throws IOException {
        Path end = folder.resolve("end");
        Path up = folder.resolve("up");
        started(List.of("--restart", "no"), "echo >&7; exec 7>&-; while ! test -e " + end + "; do sleep 0.02; done");
        long old = number("serverPid");
        String waits = "while ! test -e " + up + "; do sleep 0.02; done; " + GOOD;
        try (Child redeploy = redeploy(List.of("--settle", "0s"), "sh", "-c", waits, "new")) {
            awaitStatus("\"besidePid\"");
            long young = number("besidePid");
            Files.createFile(end);
            awaitStatus("\"serverPid\":" + young);
            Files.createFile(up);
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
            assertThat(redeploy.stdout())
                    .containsPattern("server pid " + young + " in place of " + old + ".*; nobody served for \\d");
        }
    }

    @Test
    void oldServerThatIgnoresTermIsKilledAlone() {
        started(List.of("--grace", "100ms"), "trap '' TERM; echo >&7; exec 7>&-" + WORK);
        long old = number("serverPid");
        try (Child redeploy = redeploy(List.of("--settle", "0s"), "sh", "-c", GOOD, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        assertThat(Processes.isAlive(old)).isFalse();
        assertThat(status()).contains("\"version\":\"2\"", "\"state\":\"ready\"");
    }

    /** Each server's own word counts, and nobody else's: a second pipe, a second socket, and a second look at the output. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --ready-log=is up       | echo is up    | it was not ready in time: no line of its output matched
            --ready-timeout=300ms   | true          | it was not ready in time: no newline came on its descriptor 7
            """)
    void wordOfTheOldServerDoesNotCountForTheNewOne(String option, String word, String says) {
        started(
                List.of("--output", folder.resolve("out").toString()),
                "trap 'exit 0' TERM; trap '' PIPE; echo >&7; while :; do echo >&7; " + word + "; sleep 0.05; done");
        List<String> options = List.of(option, "--ready-timeout", "300ms", "--grace", "100ms");
        try (Child redeploy = redeploy(options, "sleep", "1000")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(69);
            assertThat(redeploy.stderr()).contains(says);
        }
        assertThat(status()).contains("\"version\":\"1\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --ready-port=%d                   | --ready-port %d is a port of --listen
            --ready-http=http://localhost:%d/ | --ready-http asks at a port of --listen
            """)
    void readinessAtAnInheritedSocketIsRefusedWithTheWayOut(String option, String says) throws IOException {
        int port = SocketLoad.freePort();
        started(List.of("--listen", "127.0.0.1:" + port), GOOD);
        long old = number("serverPid");
        try (Child redeploy = redeploy(List.of(option.formatted(port)), "sh", "-c", GOOD, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(64);
            assertThat(redeploy.stderr())
                    .contains(says.formatted(port), "READY=1, --ready-fd, --ready-log, --ready-command, or on another");
        }
        assertThat(number("serverPid")).isEqualTo(old);
    }

    @Test
    void rollbackOverlapsToo() {
        started(List.of(), GOOD);
        try (Child redeploy = redeploy(List.of("--settle", "0s"), "sh", "-c", GOOD, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        try (Child rollback = command("rollback", List.of("orders", "--overlap", "--settle", "100ms"))) {
            assertThat(rollback.awaitExit()).as("%s", rollback).isZero();
            assertThat(rollback.stdout()).contains("version 1 in place of 2; one of them served all the time");
        }
        assertThat(status()).contains("\"version\":\"1\"").doesNotContain("besidePid");
    }

    /** Both servers' commands after the end are run, one after the other, before whoever stops them loses patience. */
    @Test
    void stopWaitsForWhatFollowsOnTheEndOfEither() {
        started(List.of("--grace", "200ms"), GOOD);
        List<String> options = List.of("--ready-timeout", "5m", "--hook-timeout", "1m", "--post-stop");
        List<String> all = new ArrayList<>(options);
        Path done = folder.resolve("done");
        all.add("sleep 3; echo $HOLDFAST_SERVER_PID >" + done);
        try (Child redeploy = redeploy(all, "sh", "-c", "trap 'exit 0' TERM" + WORK, "new")) {
            awaitStatus("\"besidePid\"");
            long young = number("besidePid");
            try (Child stop = command("stop", List.of("orders"))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
                assertThat(stop.stderr()).doesNotContain("killing");
            }
            assertThat(done).hasContent(Long.toString(young));
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
        }
    }

    /** The launcher is killed in the middle: both servers get the death signal, and the next start finds what is left. */
    @ParameterizedTest
    @ValueSource(strings = {"before-new", "new-starting", "new-ready", "old-stopping", "new-failing"})
    void launcherKilledAtAnyStepLeavesWhatTheNextStartRepairs(String step) throws IOException {
        String kill = "kill -9 $PPID";
        started(List.of(), step.equals("old-stopping") ? GOOD.replace("exit 0", kill + "; exit 0") : GOOD);
        long old = number("serverPid");
        String script = switch (step) {
            case "new-starting" -> kill + "; " + GOOD;
            case "new-ready" -> "trap 'exit 0' TERM; echo >&7; sleep 0.1; " + kill + WORK;
            case "new-failing" ->
                "export launcher=$PPID; sh -c 'trap \"kill -9 $launcher; exit\" TERM; echo >" + folder.resolve("set")
                        + WORK + "' & while ! test -s " + folder.resolve("set") + "; do sleep 0.02; done; exit 3";
            default -> GOOD;
        };
        List<String> options = new ArrayList<>(List.of("--settle", step.equals("old-stopping") ? "0s" : "5m"));
        options.addAll(List.of("--ready-timeout", "60s"));
        if (step.equals("before-new")) {
            options.addAll(List.of("--pre-start", kill));
        }
        long launcher = number("pid");
        try (Child redeploy = redeploy(options, "sh", "-c", script, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(69);
            assertThat(redeploy.stderr()).contains("the launcher of \"orders\" ended during the redeploy");
        }
        Processes.awaitDeath(launcher);
        Processes.awaitDeath(old);
        try (Child next = launcher().run(List.of("--force", "--grace", "1s"), Launcher.server("code=0"))) {
            assertThat(next.awaitExit()).as("%s", next).isZero();
        }
        assertThat(launcher().leftovers()).doesNotContain("orders.lock", "orders.sock");
    }
}
