package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.SocketLoad;
import dev.holdfast.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code holdfast session}: whose servers are whose, and what becomes of them when their terminal is gone. */
@Timeout(180)
class SessionIT {
    @TempDir
    Path folder;

    private int sshPort;

    private Path sessions() {
        return folder.resolve("sessions");
    }

    private Launcher launcher() {
        return Launcher.in(folder)
                .env("HOLDFAST_HOME", folder.resolve("home").toString())
                .env("HOLDFAST_LOCK_DIR", folder.toString())
                .env("HOLDFAST_SESSIONS_DIR", sessions().toString())
                .env("MCP_SESSION_ID", "");
    }

    private Child session(String... words) {
        List<String> line = new ArrayList<>(List.of("session"));
        line.addAll(List.of(words));
        return launcher().command(line);
    }

    private String done(String... words) {
        try (Child child = session(words)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            return child.stdout();
        }
    }

    private JsonNode json(String... words) {
        try {
            return new ObjectMapper().readTree(done(words));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A shell that leads a session of the kernel's, and reads command lines. */
    private Child leader() {
        ProcessBuilder builder = launcher().builder(List.of());
        builder.command("setsid", "sh");
        Child shell = Child.start(builder);
        assertThat(Processes.stat(shell.pid())).isPresent();
        return shell;
    }

    private static String asked(Child shell, String... words) {
        long number = System.nanoTime();
        StringBuilder line = new StringBuilder("echo \"<" + number + "\"; " + Launcher.executable());
        for (String word : words) {
            line.append(" '").append(word).append('\'');
        }
        Terminal.type(shell, line + "; echo \"code $? " + number + ">\"\n");
        return shell.awaitOut("(?s)<" + number + "\n(.*) " + number + ">");
    }

    /** The servers that a test has left: whatever it did, none of them lives on. */
    @AfterEach
    void endAll() throws IOException {
        if (!Files.isDirectory(sessions().resolve("pids"))) {
            return;
        }
        try (Stream<Path> all = Files.list(sessions().resolve("pids"))) {
            for (Path id : all.toList()) {
                try (Child child =
                        session("cleanup", "--session", id.getFileName().toString())) {
                    child.awaitExit();
                }
            }
        }
    }

    private List<String> ids() throws IOException {
        try (Stream<Path> all = Files.list(sessions().resolve("pids"))) {
            return all.map(id -> id.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void serverHasTheSessionsNamesAndFolders() throws IOException {
        String script =
                "env | grep ^MCP_ > \"$MCP_CONFIG_DIR/seen\"; cat \"$MCP_PID_FILE\" >> \"$MCP_CONFIG_DIR/seen\";"
                        + " echo it runs $#; exec cat";
        assertThat(done("start", "--session", "desk", "files", script, "--settle", "1s"))
                .contains("desk.files: started, pid ");
        await().untilAsserted(() ->
                assertThat(done("logs", "--session", "desk", "files")).isEqualTo("it runs 0\n"));
        Path configs = sessions().resolve("configs/desk");
        String pidFile = sessions().resolve("pids/desk/files.pid").toString();
        JsonNode server =
                json("status", "--session", "desk", "--json").get("servers").get(0);
        assertThat(Files.readAllLines(configs.resolve("seen")))
                .containsExactlyInAnyOrder(
                        "MCP_SESSION_ID=desk",
                        "MCP_CONFIG_DIR=" + configs,
                        "MCP_PID_FILE=" + pidFile,
                        "MCP_LOG_FILE=" + sessions().resolve("logs/desk/files.log"),
                        server.get("pid").asText());
        assertThat(server.get("instance").asText()).isEqualTo("desk.files");
        assertThat(server.get("state").asText()).isEqualTo("running");
        // cat has its input still, and the pid in the file is the one to signal
        Processes.signal(Long.parseLong(Files.readString(Path.of(pidFile)).trim()), "TERM");
        await().until(() -> !Files.exists(Path.of(pidFile)));
        assertThat(done("status", "--session", "desk")).contains("not running");
        assertThat(done("logs", "--session", "desk"))
                .contains("start files: up")
                .doesNotContain("it runs");
    }

    @Test
    void ofManyStartsAtOnceOneWins() {
        List<Child> starts = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                starts.add(session("start", "--session", "race", "one", "--", "sleep", "100" + i));
            }
            List<Integer> codes = starts.stream().map(Child::awaitExit).sorted().toList();
            assertThat(codes).as("%s", starts).containsExactly(0, 75, 75, 75, 75, 75);
        } finally {
            starts.forEach(Child::close);
        }
        assertThat(json("status", "--session", "race", "--json").get("servers")).hasSize(1);
        // One of the same name in another folder is none of this session's, and is not claimed by a refused start
        Path other = folder.resolve("other");
        try (Child start = launcher()
                .env("HOLDFAST_SESSIONS_DIR", other.toString())
                .command(List.of("session", "start", "--session", "race", "one", "--", "sleep", "2000"))) {
            assertThat(start.awaitExit()).as("%s", start).isEqualTo(75);
        }
        assertThat(other.resolve("pids/race/one.json")).doesNotExist();
    }

    @Test
    void twoTerminalsHaveTwoSessionsAndKeepThem() throws IOException {
        try (Child one = leader();
                Child other = leader()) {
            String first = asked(one, "session", "init", "--json");
            assertThat(first).contains("\"leader_pid\":" + one.pid());
            assertThat(asked(one, "session", "init", "--json")).isEqualTo(first);
            // A shell inside of it belongs to the same terminal
            Terminal.type(one, "sh\n");
            await().until(() -> !Processes.children(one.pid()).isEmpty()); // a shell may read on before it starts one
            assertThat(asked(one, "session", "init", "--json")).isEqualTo(first);
            assertThat(asked(other, "session", "init", "--json")).contains("\"leader_pid\":" + other.pid());
            assertThat(ids()).hasSize(2);
        }
    }

    @Test
    void clientWithoutATerminalHasASessionOfItsOwn() throws IOException {
        // As its parent: each command begins a session of the kernel's, whose first process is holdfast itself
        try (Child client = leader()) {
            Terminal.type(
                    client,
                    "for i in 1 2; do setsid -w " + Launcher.executable() + " session init --json; done; echo ready\n");
            client.awaitOut("ready");
            assertThat(client.stdout()
                            .lines()
                            .filter(line -> line.startsWith("{"))
                            .distinct())
                    .as("%s", client)
                    .hasSize(1)
                    .allMatch(line -> line.contains("\"leader_pid\":" + client.pid()));
        }
    }

    @Test
    void serversOfAKilledTerminalAreCleanedUpWhole() throws IOException {
        try (Child shell = leader();
                Child living = leader()) {
            asked(living, "session", "start", "stays", "--", "sleep", "1000");
            StringBuilder starts = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                starts.append(Launcher.executable()).append(" session start s").append(i);
                starts.append(" --settle 0s -- sleep 1000 & ");
            }
            Terminal.type(shell, starts + "wait; echo all up\n");
            await().atMost(Duration.ofMinutes(2)).until(() -> shell.stdout().contains("all up"));
            List<Long> pids = new ArrayList<>();
            JsonNode servers = json("status", "--session", id(shell), "--json").get("servers");
            servers.forEach(server -> pids.add(server.get("server_pid").asLong()));
            assertThat(pids).hasSize(20).allMatch(Processes::isAlive);
            String before = done("cleanup");
            assertThat(before).contains("nothing to clean up");
            // One launcher is gone as well, and its server lives on
            Processes.signal(servers.get(3).get("pid").asLong(), "KILL");
            String id = id(shell);
            shell.signal("KILL");
            Processes.awaitDeath(shell.pid());
            assertThat(json("list", "--json").findValuesAsText("state")).containsExactlyInAnyOrder("dead", "live");
            assertThat(done("cleanup", "--dry-run").lines().filter(line -> line.startsWith("would end")))
                    .hasSizeBetween(19, 20);
            assertThat(ids()).hasSize(2);
            assertThat(json("cleanup", "--json").get("sessions_removed").get(0).asText())
                    .isEqualTo(id);
            for (long pid : pids) {
                assertThat(Processes.isAlive(pid)).isFalse();
            }
            for (String part : List.of("pids", "configs", "logs")) {
                assertThat(sessions().resolve(part).resolve(id)).doesNotExist();
            }
            assertThat(Launcher.in(folder).leftovers()).noneMatch(name -> name.startsWith(id));
            assertThat(asked(living, "session", "status", "--json")).contains("\"state\":\"running\"");
        }
    }

    private String id(Child leader) throws IOException {
        return ids().stream()
                .filter(id -> id.startsWith(leader.pid() + "-"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aThousandDeadSessionsAreRemovedAtOnce() throws IOException {
        try (Child shell = leader()) {
            asked(shell, "session", "init");
            Path record = sessions().resolve("pids/" + id(shell) + "/.session.json");
            String text = Files.readString(record);
            for (int i = 0; i < 1000; i++) {
                String id = (100_000 + i) + "-abcdef";
                for (String part : List.of("configs", "logs", "pids")) {
                    Files.createDirectories(sessions().resolve(part).resolve(id));
                }
                // A start that this process has not had: its pid was given again
                String dead = text.replaceAll(
                        "\"start_ticks\":\\d+,\"unique_id\":\\d+", "\"start_ticks\":" + (i + 1) + ",\"unique_id\":0");
                Files.writeString(sessions().resolve("pids/" + id + "/.session.json"), dead);
            }
            try (Child cleanup = session("cleanup", "--json")) {
                assertThat(cleanup.awaitExit()).as("%s", cleanup).isZero();
                assertThat(cleanup.stdout()).contains("100999-abcdef");
                assertThat(ids()).containsExactly(id(shell));
            }
        }
    }

    @Test
    void whatOthersHavePlantedIsNotUsed() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(sessions(), elsewhere);
        try (Child child = session("init")) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(77);
            assertThat(child.stderr()).contains("is a symbolic link, not a directory", "--sessions-dir");
        }
        assertThat(elsewhere).isEmptyDirectory();
        Files.delete(sessions());
        Files.createDirectories(sessions().resolve("pids"));
        Files.createSymbolicLink(sessions().resolve("pids/desk"), elsewhere);
        try (Child child = session("start", "--session", "desk", "one", "--", "sleep", "100")) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(77);
        }
        try (Child child = session("cleanup", "--session", "desk")) {
            assertThat(child.awaitExit()).as("%s", child).isEqualTo(1);
        }
        Files.createFile(elsewhere.resolve("kept"));
        assertThat(elsewhere.resolve("kept")).exists();
        Files.delete(sessions().resolve("pids/desk"));
    }

    @Test
    void folderOfAnotherUserIsLeftAndTold() {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        // A /tmp of its own, in which somebody else was first
        String script =
                "mount --bind \"$0\" /mnt && mount -t tmpfs none /tmp && mkdir /tmp/mcp-sessions && chown 1234 /tmp/mcp-sessions && unset"
                        + " HOLDFAST_SESSIONS_DIR && /mnt/bin/holdfast session init --session desk && stat -c '%a %u' /tmp/mcp-sessions-0"
                        + " && /mnt/bin/holdfast session cleanup --session desk && /mnt/bin/holdfast session list";
        // Its archive is for another path, and the application may itself be below /tmp
        ProcessBuilder builder = launcher().env("HOLDFAST_NO_ARCHIVE", "1").builder(List.of());
        String application = Launcher.executable().resolve("../..").normalize().toString();
        builder.command("unshare", "-m", "sh", "-c", script, application);
        try (Child child = Child.start(builder)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            assertThat(child.stdout())
                    .contains("/tmp/mcp-sessions was another user's", "/tmp/mcp-sessions-0/pids/desk", "700 0");
        }
    }

    @Test
    void linkBesideTheProgramIsTheSameCommand() {
        Path link = Launcher.executable().resolveSibling("mcp-session-manager.sh");
        ProcessBuilder builder = launcher().builder(List.of());
        builder.environment().put("MCP_SESSION_ID", "desk");
        builder.command(
                "sh",
                "-c",
                "\"$0\" init && \"$0\" start poll 'exec sleep 1000' && \"$0\" status && \"$0\" stop poll && \"$0\" stop poll"
                        + " && \"$0\" cleanup",
                link.toString());
        try (Child child = Child.start(builder)) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            assertThat(child.stdout())
                    .contains(
                            "session desk\n",
                            "desk.poll: started",
                            "1 server",
                            "desk.poll: stopped",
                            "desk.poll: not running",
                            // It was named: nobody but who names it ends it
                            "nothing to clean up");
        }
    }

    @Test
    void whatTwoServersClaimIsTold() throws IOException {
        String data = Files.createDirectory(folder.resolve("data")).toString();
        done("start", "--session", "desk", "--port", "8123", "--data-dir", data, "one", "--", "sleep", "1000");
        done("start", "--session", "desk", "--port", "8123", "--data-dir", data, "two", "--", "sleep", "1000");
        await().untilAsserted(() -> assertThat(done("status", "--session", "desk"))
                .contains(
                        "claimed twice: port 8123 by desk.one and desk.two",
                        "claimed twice: directory " + data + " by desk.one and desk.two"));
    }

    @Test
    void anEndedSessionIsNotJoined() throws IOException {
        String id;
        try (Child shell = leader()) {
            asked(shell, "session", "init");
            id = id(shell);
            shell.signal("KILL");
            Processes.awaitDeath(shell.pid());
        }
        try (Child start = session("start", "--session", id, "late", "--", "sleep", "100")) {
            assertThat(start.awaitExit()).as("%s", start).isEqualTo(75);
            assertThat(start.stderr()).contains("session " + id + " is over", "holdfast session cleanup");
        }
        assertThat(done("cleanup")).contains("removed  session " + id);
    }

    @Test
    void mistakesAreTold() {
        List<List<String>> lines = List.of(
                List.of("session"),
                List.of("session", "strat"),
                List.of("session", "start", "a"),
                List.of("session", "start", "a", "b", "c"),
                List.of("session", "start", ".a", "--", "true"),
                List.of("session", "start", "mcp-main", "--", "true"),
                List.of("session", "start", "a", "--name", "b", "--", "true"),
                List.of("session", "init", "file"),
                List.of("session", "init", "--session", "a.b"),
                List.of("session", "init", "--session", ""),
                List.of("session", "cleanup", "--leader", "x"),
                List.of("session", "hook", "tcsh"),
                List.of("session", "stop"));
        List<Launcher.Answer> answers = launcher().answers(lines);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(answers.get(i).code())
                    .as("%s: %s", lines.get(i), answers.get(i))
                    .isEqualTo(64);
            assertThat(answers.get(i).stderr()).startsWith("holdfast: ").contains("holdfast help session");
        }
        assertThat(sessions()).doesNotExist();
    }

    /** In a real terminal: the shell is hung up when it closes. */
    @Test
    void closedTerminalsServersAreEndedByTheShellsHook() throws IOException {
        for (String shell : List.of("bash", "zsh", "fish")) {
            Programs.require(shell);
        }
        Programs.require("tmux");
        Path socket = folder.resolve("tmux");
        ProcessBuilder builder = launcher().builder(List.of());
        for (List<String> shell :
                List.of(List.of("bash", "--norc", "-i"), List.of("zsh", "-f", "-i"), List.of("fish", "--no-config"))) {
            String name = shell.get(0);
            tmux(builder, socket, "new-session", "-d", "-s", name, "-x", "200", "-y", "50", String.join(" ", shell));
        }
        try {
            String program = Launcher.executable().toString();
            for (String shell : List.of("bash", "zsh", "fish")) {
                String hook = shell.equals("fish")
                        ? program + " session hook fish | source"
                        : "eval \"$(" + program + " session hook " + shell + ")\"";
                tmux(builder, socket, "send-keys", "-t", shell, hook, "Enter");
                tmux(
                        builder,
                        socket,
                        "send-keys",
                        "-t",
                        shell,
                        program + " session start " + shell + " -- sleep 1000",
                        "Enter");
            }
            await().ignoreExceptions()
                    .until(() -> started() == 3); // a file of a moment may be gone when it is looked at
            List<Path> pidFiles = pidFiles();
            List<Long> launchers = new ArrayList<>();
            for (Path file : pidFiles) {
                launchers.add(Long.parseLong(Files.readString(file).trim()));
            }
            tmux(builder, socket, "kill-server");
            for (long launcher : launchers) {
                Processes.awaitDeath(launcher);
            }
            await().until(() -> ids().isEmpty());
        } finally {
            tmux(builder, socket, "kill-server");
        }
    }

    /** Over real ssh(1): each login keeps a session of its own, which is over when the connection is. */
    @Test
    void eachLoginOverSshHasASessionOfItsOwn() throws IOException {
        assumeTrue(Self.effectiveUser() == 0, "needs root");
        Programs.require("ssh-keygen");
        try (Child server = sshServer();
                Child one = login();
                Child other = login()) {
            assertThat(asked(one, "session", "start", "one", "--", "sleep", "1000"))
                    .contains("started");
            String session = asked(one, "session", "init", "--json");
            assertThat(asked(other, "session", "init", "--json")).isNotEqualTo(session);
            assertThat(ids()).hasSize(2);
            assertThat(done("cleanup")).contains("nothing to clean up");
            one.signal("KILL");
            await().until(() -> json("list", "--json").findValuesAsText("state").contains("dead"));
            assertThat(done("cleanup")).contains("ended    ", ".one", "removed  session ");
            assertThat(asked(other, "session", "status", "--json")).contains("\"state\":\"live\"");
            assertThat(server.isAlive()).isTrue();
        }
    }

    private Child sshServer() throws IOException {
        for (String key : List.of("host", "user")) {
            ProcessBuilder make = new ProcessBuilder(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(key).toString());
            try (Child child = Child.start(make)) {
                assertThat(child.awaitExit()).as("%s", child).isZero();
            }
        }
        Files.createDirectories(Path.of("/run/sshd")); // where its child of fewer rights is locked in
        sshPort = SocketLoad.freePort();
        Files.writeString(
                folder.resolve("sshd_config"),
                String.join(
                        "\n",
                        "Port " + sshPort,
                        "ListenAddress 127.0.0.1",
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("user.pub"),
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PermitRootLogin yes",
                        ""));
        Child server = Child.start(new ProcessBuilder(
                "/usr/sbin/sshd",
                "-D",
                "-e",
                "-f",
                folder.resolve("sshd_config").toString()));
        server.awaitErr("Server listening on 127.0.0.1");
        return server;
    }

    private Child login() {
        Child client = Child.start(new ProcessBuilder(
                "ssh",
                "-F",
                "/dev/null",
                "-i",
                folder.resolve("user").toString(),
                "-p",
                Integer.toString(sshPort),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-tt",
                "root@127.0.0.1",
                "exec sh"));
        // What the shell echoes would be taken for an answer
        Terminal.type(
                client,
                "stty -echo -onlcr; PS1=; export JAVA_HOME=" + System.getProperty("java.home") + " HOLDFAST_HOME="
                        + folder.resolve("home") + " HOLDFAST_LOCK_DIR=" + folder + " HOLDFAST_SESSIONS_DIR="
                        + sessions() + "; echo in''side\n");
        client.awaitOut("inside");
        return client;
    }

    private long started() throws IOException {
        return pidFiles().size();
    }

    private List<Path> pidFiles() throws IOException {
        try (Stream<Path> all = Files.walk(sessions().resolve("pids"))) {
            return all.filter(file -> file.toString().endsWith(".pid")).toList();
        }
    }

    private static void tmux(ProcessBuilder like, Path socket, String... words) {
        List<String> line = new ArrayList<>(List.of("tmux", "-S", socket.toString(), "-f", "/dev/null"));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().clear();
        builder.environment().putAll(like.environment());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("SHELL", "/bin/sh");
        try (Child child = Child.start(builder)) {
            child.awaitExit();
        }
    }
}
