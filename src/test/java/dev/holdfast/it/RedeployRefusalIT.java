package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a redeploy, a way back and a restart find out before they stop anything, and that they tell the truth of it. */
@Timeout(180)
class RedeployRefusalIT extends ReplacedServer {
    @Override
    List<String> usualOptions() {
        return List.of("--settle", "0s");
    }

    private Child at(Path place, String verb, List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of(verb, "--lock-dir", folder.toString()));
        words.addAll(options);
        words.addAll(List.of(command));
        ProcessBuilder builder = launcher().builder(words);
        return Child.start(builder.directory(place.toFile()));
    }

    /** As a deploy script that removes the folder of the old version, and unpacks the new one there. */
    @Test
    void anotherFolderOfTheSameNameIsAnotherVersion() throws IOException {
        Path place = Files.createDirectory(folder.resolve("app"));
        String[] server = {"--", "sh", "-c", GOOD, "server"};
        List<String> options = List.of("--name", "orders", "--ready-fd", "7");
        try (Child start = at(place, "start", options, server)) {
            assertThat(start.awaitExit()).as("%s", start).isZero();
        }
        List<String> settle = List.of("orders", "--settle", "0s");
        try (Child same = at(place, "redeploy", settle, server)) {
            assertThat(same.awaitExit()).as("%s", same).isZero();
            assertThat(same.stdout()).contains("already running");
        }
        Files.delete(place);
        try (Child restart = command("restart", List.of("orders"))) {
            assertThat(restart.awaitExit()).as("%s", restart).isEqualTo(75);
            assertThat(restart.stderr()).contains("its folder or user cannot be had any more", "holdfast redeploy ");
        }
        Files.createDirectory(place);
        try (Child again = at(place, "start", options, server)) {
            assertThat(again.awaitExit()).as("%s", again).isEqualTo(75);
            assertThat(again.stderr()).contains("another instance of \"orders\" is already running");
        }
        for (int i = 0;
                i < 2;
                i++) { // of the first server's folder, which is the launcher's, and of one that was ordered
            try (Child redeploy = at(place, "redeploy", settle, server)) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
                assertThat(redeploy.stdout()).contains("orders: redeployed, server pid ");
            }
            assertThat(Path.of("/proc/" + number("serverPid") + "/cwd").toRealPath())
                    .isEqualTo(place.toRealPath());
            Files.move(place, folder.resolve("app." + i));
            Files.createDirectory(place);
        }
        try (Child restart = command("restart", List.of("orders"))) {
            assertThat(restart.awaitExit()).as("%s", restart).isZero();
        }
        try (Child same = at(place, "redeploy", settle, server)) {
            assertThat(same.awaitExit()).as("%s", same).isZero();
            assertThat(same.stdout()).contains("already running"); // the restart took the folder that is there now
        }
    }

    @Test
    void wayBackToWhatIsGoneStopsNothing() throws IOException {
        Path place = Files.createDirectory(folder.resolve("app"));
        List<String> options = List.of("--name", "orders", "--ready-fd", "7");
        try (Child start = at(place, "start", options, "--", "sh", "-c", GOOD, "old")) {
            assertThat(start.awaitExit()).as("%s", start).isZero();
        }
        try (Child redeploy = redeploy(List.of("--cwd", folder.toString()), "sh", "-c", GOOD, "new")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
        }
        Files.delete(place);
        long server = number("serverPid");
        for (List<String> how : List.of(List.of("orders"), List.of("orders", "--overlap"))) {
            try (Child rollback = command("rollback", how)) {
                assertThat(rollback.awaitExit()).as("%s", rollback).isEqualTo(66);
                assertThat(rollback.stderr())
                        .isEqualTo(
                                "holdfast: cannot roll back \"orders\": the folder that it was started in was removed\n"
                                        + "  serves     the old command, server pid " + server
                                        + ": nothing was stopped\n");
            }
        }
        assertThat(number("serverPid")).isEqualTo(server);
        assertThat(Processes.isAlive(server)).isTrue();
    }

    /** Neither "nothing was stopped" after a stop, nor a server that has ended. */
    @Test
    void whatEndsWhileTheCheckRunsIsTold() throws IOException {
        started(List.of("--restart", "always", "--restart-delay", "1m"), GOOD);
        List<String> check = List.of("--check", "touch " + folder + "/checks; sleep 1000");
        try (Child redeploy = redeploy(check, "true")) {
            awaitCheck();
            Processes.signal(number("serverPid"), "KILL");
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
            assertThat(redeploy.stderr())
                    .isEqualTo("holdfast: cannot redeploy \"orders\": the server ended while --check ran; try again\n");
        }
        try (Child redeploy = redeploy(List.of(), "/no/such/program")) {
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(127);
            assertThat(redeploy.stderr()).doesNotContain("serves");
        }
        try (Child redeploy = redeploy(check, "true")) {
            awaitCheck();
            try (Child stop = command("stop", List.of("orders"))) {
                assertThat(stop.awaitExit()).as("%s", stop).isZero();
            }
            assertThat(redeploy.awaitExit()).as("%s", redeploy).isEqualTo(75);
            assertThat(redeploy.stderr()).isEqualTo("holdfast: cannot redeploy \"orders\": the instance is stopping\n");
        }
        assertThat(launcher().leftovers()).doesNotContain("orders.lock", "orders.sock");
    }

    /** "start --replace" is a redeploy, too, and has no option to say it by. */
    @Test
    void rootMustSayWhoseEnvironmentAnotherUsersServerGets() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to be somebody else");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Launcher other = launcher().below("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups");
        try (Child run = other.run(List.of(), Launcher.server())) {
            run.awaitServer();
            launcher().awaitSocket("orders");
            long server = number("serverPid");
            List<String> start = List.of("--replace", "--name", "orders");
            for (Child child : List.of(redeploy(List.of(), "true"), command("start", start, "true"))) {
                try (child) {
                    assertThat(child.awaitExit()).as("%s", child).isEqualTo(64);
                    assertThat(child.stderr())
                            .contains("\"orders\" belongs to uid 54321: say whether its new server gets the environment"
                                    + " of the old one (--keep-env) or root's (--own-env)");
                }
            }
            assertThat(number("serverPid")).isEqualTo(server);
            List<String> said = List.of("--own-env");
            try (Child redeploy = redeploy(said, "sh", "-c", "trap 'exit 0' TERM" + WORK)) {
                assertThat(redeploy.awaitExit()).as("%s", redeploy).isZero();
            }
            Processes.signal(run.pid(), "TERM");
            assertThat(run.awaitExit()).as("%s", run).isZero();
        }
    }

    /** As by Ctrl-Z in its terminal: a deploy script would wait for ever, and its order be done when nobody expects it. */
    @Test
    void launcherThatWasStoppedIsNamed() {
        started(List.of(), GOOD);
        long launcher = number("pid");
        long server = number("serverPid");
        Processes.stop(launcher);
        try {
            String why = "its launcher, pid " + launcher + ", was stopped";
            try (Child redeploy = redeploy(List.of(), "true");
                    Child rollback = command("rollback", List.of("orders"));
                    Child restart = command("restart", List.of("orders"))) {
                for (Child each : List.of(redeploy, rollback, restart)) {
                    assertThat(each.awaitExit()).as("%s", each).isEqualTo(75);
                    assertThat(each.stderr()).contains(why, "kill -CONT " + launcher);
                }
            }
        } finally {
            Processes.signal(launcher, "CONT");
        }
        assertThat(number("serverPid")).as("nothing waited for the launcher").isEqualTo(server);
    }

    private void awaitCheck() {
        Path mark = folder.resolve("checks");
        Awaitility.await().until(() -> Files.deleteIfExists(mark));
    }
}
