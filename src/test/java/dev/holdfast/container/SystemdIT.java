package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The units that are part of the distribution, under a real systemd as a container's first process. */
@RunsContainers
class SystemdIT {
    private static final String IMAGE = "localhost/systemd";
    private static final String PACKAGES =
            "systemd,systemd-sysv,dbus,dash,bash,coreutils,grep,sed,base-files,base-passwd,passwd,login,"
                    + "util-linux,python3-minimal,libpython3.11-stdlib,libstdc++6,libgcc-s1,zlib1g";
    private static final String HOLDFAST = "/opt/holdfast/bin/holdfast ";

    private static Container machine;

    SystemdIT(Engine engine) {
        assertThat(engine).isNotNull();
    }

    @BeforeAll
    static void boot(Engine engine) throws IOException {
        Path tar = engine.home().resolve("systemd.tar");
        Engine.ok(Child.start(new ProcessBuilder(
                "mmdebstrap", "--quiet", "--variant=extract", "--include=" + PACKAGES, "bookworm", tar.toString())));
        engine.ok(List.of("import", "-q", tar.toString(), IMAGE));
        Files.delete(tar);
        List<String> options = new ArrayList<>(List.of("--privileged", "--systemd=always"));
        // Copied in below: systemd's services see a folder of the machine only where its owner lets all others through.
        Path jdk = Images.jdk();
        options.addAll(List.of("-v", jdk + ":/opt/java:ro"));
        if (Files.isDirectory(Path.of("/etc/java-17-openjdk"))) {
            options.addAll(List.of("-v", "/etc/java-17-openjdk:/etc/java-17-openjdk:ro"));
        }
        machine = engine.start(options, IMAGE, List.of("/lib/systemd/systemd"));
        Path application = Launcher.executable().resolve("../..").normalize();
        engine.ok(List.of("cp", application + "/.", machine.name() + ":/opt/holdfast"));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            try (Child state = machine.exec("systemctl", "is-system-running")) {
                state.awaitExit();
                // A container lacks what some of Debian's units want.
                return List.of("running", "degraded").contains(state.stdout().trim());
            }
        });
        ok("ln -s /opt/java/bin/java /usr/bin/java");
        ok("cd /opt/holdfast/systemd && cp orders.service holdfast@.service echo.* sync.* /etc/systemd/system"
                + " && mkdir -p /etc/systemd/user && cp notes.service /etc/systemd/user && systemctl daemon-reload");
    }

    @AfterAll
    static void powerOff() {
        if (machine != null) {
            machine.close();
        }
    }

    /** A command inside, to its good end; what it has printed. */
    private static String ok(String command) {
        return Engine.ok(machine.exec("sh", "-c", command));
    }

    private static String property(String unit, String name) {
        return ok("systemctl show -P " + name + " " + unit);
    }

    @Test
    void everyUnitIsFreeOfMistakes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/dist/systemd"))) {
            List<String> units = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".service") || name.endsWith(".socket") || name.endsWith(".timer"))
                    .sorted()
                    .toList();
            assertThat(units).hasSizeGreaterThan(5);
            for (String unit : units) {
                String said = unit.equals("notes.service")
                        ? ok("XDG_RUNTIME_DIR=/run systemd-analyze verify --user " + unit + " 2>&1")
                        : ok("systemd-analyze verify " + unit.replace("@", "@x") + " 2>&1");
                assertThat(said).as(unit).isEmpty();
            }
        }
        for (String unit : List.of("orders.service", "echo.service")) {
            assertThat(ok("systemd-analyze security --no-pager --threshold=20 " + unit + " | tail -n 1"))
                    .as(unit)
                    .contains("OK");
        }
    }

    @Test
    void serviceIsReadyWhenItsServerIsAndItsStopIsNoFailure() {
        String since = "--since=@" + ok("date +%s.%6N");
        ok("systemctl start orders");
        try {
            assertThat(
                            ok(
                                    "python3 -c 'import urllib.request as r; print(r.urlopen(\"http://127.0.0.1:8080\").status)'"))
                    .isEqualTo("200");
            assertThat(ok(HOLDFAST + "status orders --lock-dir /run/orders")).contains("ready", "held, verified");
            String launcher = property("orders", "MainPID");
            try (Child second = machine.exec(
                    "/opt/holdfast/bin/holdfast",
                    "run",
                    "--name",
                    "orders",
                    "--lock-dir",
                    "/run/orders",
                    "--",
                    "true")) {
                // Root's start beside a service of another user: refused, and not by an accident of permissions.
                assertThat(second.awaitExit(Duration.ofSeconds(30)))
                        .as("%s", second)
                        .isIn(75, 77);
            }
            assertThat(property("orders", "MainPID")).isEqualTo(launcher);
            ok("systemctl restart orders");
            assertThat(property("orders", "MainPID")).isNotEqualTo(launcher);
        } finally {
            ok("systemctl stop orders");
        }
        assertThat(property("orders", "Result")).isEqualTo("success");
        String log = ok("journalctl --sync; journalctl --no-pager -o cat -u orders " + since);
        assertThat(log.split("stopping \"orders\"", -1)).as(log).hasSize(3);
        assertThat(log).doesNotContain("killing");
    }

    @Test
    void killedLauncherIsReplacedAndItsServerIsGone() {
        ok("systemctl start orders");
        try {
            String launcher = property("orders", "MainPID");
            String status = ok(HOLDFAST + "status orders --lock-dir /run/orders");
            String server = status.replaceAll("(?s).*\\(server (\\d+)\\).*", "$1");
            ok("kill -KILL " + launcher);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> property("orders", "ActiveState").equals("active")
                            && !property("orders", "MainPID").equals(launcher));
            assertThat(ok("test -d /proc/" + server + " || echo gone")).isEqualTo("gone");
            assertThat(property("orders", "NRestarts")).isEqualTo("1");
        } finally {
            ok("systemctl stop orders");
        }
    }

    /** The command does not exist, and will not next time: no start after start. */
    @Test
    void whatCannotBeCuredIsNotTriedAgain() {
        ok("mkdir -p /etc/holdfast; useradd -M broken; echo HOLDFAST_GRACE=nonsense >/etc/holdfast/broken.env;"
                + " echo 'exec sleep 1000' >/etc/holdfast/broken.sh");
        try (Child start = machine.exec("systemctl", "start", "holdfast@broken")) {
            start.awaitExit(Duration.ofSeconds(30));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> property("holdfast@broken", "ActiveState").equals("failed"));
        assertThat(property("holdfast@broken", "ExecMainStatus")).isEqualTo("78");
        assertThat(property("holdfast@broken", "NRestarts")).isEqualTo("0");
    }

    @Test
    void templateRunsWhatItsFileSaysAsTheUserOfItsName() {
        ok("mkdir -p /etc/holdfast; useradd -M stock; echo HOLDFAST_GRACE=20s >/etc/holdfast/stock.env;"
                + " echo 'exec python3 -m http.server 8081' >/etc/holdfast/stock.sh");
        ok("systemctl start holdfast@stock");
        try {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(ok(HOLDFAST + "status stock --lock-dir /run/holdfast-stock || :"))
                            .contains("running"));
            assertThat(ok("stat -c %U /run/holdfast-stock/stock.lock")).isEqualTo("stock");
        } finally {
            ok("systemctl stop holdfast@stock");
        }
        assertThat(property("holdfast@stock", "Result")).isEqualTo("success");
    }

    /** The user's manager is started by hand: a login needs PAM, and that is not in this small root. */
    @Test
    void userUnitRunsUnderTheUsersOwnManager() {
        ok(
                "useradd -m -u 1234 ada; mkdir -p /etc/systemd/system/user@.service.d;"
                        + " printf '[Service]\nPAMName=\nEnvironment=XDG_RUNTIME_DIR=/run/user/%%i\n'"
                        + " >/etc/systemd/system/user@.service.d/no-pam.conf; systemctl daemon-reload; systemctl start user@1234");
        String asAda =
                "setpriv --reuid ada --regid ada --init-groups env XDG_RUNTIME_DIR=/run/user/1234 HOME=/home/ada ";
        try {
            ok(asAda + "systemctl --user start notes");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(ok(asAda + HOLDFAST + "status notes --lock-dir /run/user/1234 || :"))
                                    .contains("running", "held, verified"));
            ok(asAda + "systemctl --user restart notes && " + asAda + "systemctl --user stop notes");
            assertThat(ok(asAda + "systemctl --user show -P Result notes")).isEqualTo("success");
            assertThat(ok("ls /run/user/1234")).doesNotContain("notes");
        } finally {
            ok("systemctl stop user@1234");
        }
    }

    /** The launcher passes WATCHDOG=1 on, also through a redeploy with an overlap, and nobody else feeds the watchdog. */
    @Test
    void watchdogOfAUnitSeesTheServerThroughARedeploy() {
        ok("""
                cat >/root/dog.py <<'X'
                #!/usr/bin/python3
                import os, socket, sys, time
                def say(text):
                    name = os.environ["NOTIFY_SOCKET"].replace("@", "\\0", 1)
                    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(text, name)
                say(b"READY=1")
                while not os.path.exists("/run/silent"):
                    say(b"WATCHDOG=1")
                    time.sleep(0.2)
                os.unlink("/run/silent")
                time.sleep(1000)
                X
                cat >/etc/systemd/system/dog.service <<'X'
                [Service]
                Type=notify
                NotifyAccess=main
                KillMode=mixed
                WatchdogSec=4s
                SuccessExitStatus=143
                Restart=on-failure
                RestartSec=100ms
                ExecStart=/opt/holdfast/bin/holdfast run --name dog --lock-dir /run -- python3 /root/dog.py
                X
                systemctl daemon-reload; systemctl start dog""");
        try {
            assertThat(ok(HOLDFAST
                            + "redeploy dog --lock-dir /run --overlap --ready-timeout 30s --settle 6s --app-version 2"
                            + " -- python3 /root/dog.py"))
                    .contains("version 2 in place of 0; one of them served all the time");
            assertThat(property("dog", "NRestarts")).isEqualTo("0");
            ok("touch /run/silent");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> property("dog", "NRestarts").equals("1")
                            && property("dog", "ActiveState").equals("active"));
        } finally {
            ok("systemctl stop dog");
        }
    }

    @Test
    void socketIsHandedOnAndConnectionsWaitThroughARestart() {
        ok("systemctl start echo.socket");
        try {
            String ask =
                    "python3 -c 'import socket; s = socket.create_connection((\"127.0.0.1\", 7007)); s.sendall(b\"hello\");"
                            + " print(s.recv(9).decode())'";
            assertThat(ok(ask)).isEqualTo("hello");
            // As the user that systemd has made for it: not even root restarts another user's instance.
            ok("u=$(stat -c %u /run/echo/echo.lock); setpriv --reuid $u --regid $u --clear-groups " + HOLDFAST
                    + "restart echo --lock-dir /run/echo & " + ask + " && " + ask + " && wait $!");
            assertThat(ok(ask)).isEqualTo("hello");
        } finally {
            ok("systemctl stop echo.socket echo.service");
        }
        assertThat(property("echo", "Result")).isEqualTo("success");
    }

    @Test
    void jobOfATimerRunsOnceAtATime() {
        ok("systemctl start sync");
        assertThat(ok("journalctl --sync; journalctl --no-pager -o cat -u sync"))
                .contains("synchronised");
        Child byHand = machine.exec(
                "/opt/holdfast/bin/holdfast",
                "run",
                "--name",
                "sync",
                "--lock-dir",
                "/run/sync",
                "--",
                "sleep",
                "1000");
        try (byHand) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(ok(HOLDFAST + "status sync --lock-dir /run/sync || :"))
                            .contains("running"));
            ok("systemctl start sync");
            assertThat(property("sync", "Result")).isEqualTo("success");
            assertThat(ok("journalctl --sync; journalctl --no-pager -o cat -u sync")
                            .split("synchronised\n", -1))
                    .hasSizeLessThanOrEqualTo(2);
        } finally {
            ok(HOLDFAST + "stop sync --lock-dir /run/sync");
        }
    }
}
