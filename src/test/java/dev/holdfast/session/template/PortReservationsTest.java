package dev.holdfast.session.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.lock.AdvisoryLock;
import dev.holdfast.session.SessionException;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.session.template.PortRanges.Range;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ports a session gets, and that nobody else's are among them. */
class PortReservationsTest {
    /** With ten ports above it, and one below. */
    private static final PortRanges FEW = PortRanges.parse("10001 65525", "");

    @TempDir
    Path sessions;

    private PortReservations session(String id, PortRanges ranges, Set<Integer> busy) {
        try {
            Files.createDirectories(sessions.resolve("pids").resolve(id));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        SessionsFolder folder = SessionsFolder.of(sessions.toString());
        return new PortReservations(folder, folder.session(id), ranges, port -> !busy.contains(port));
    }

    private Path file(String id) {
        return sessions.resolve("pids").resolve(id).resolve("ports");
    }

    @Test
    void nameKeepsItsPortWhateverHappensToIt() {
        Map<String, Integer> first = session("1", FEW, Set.of()).reserve(List.of("web", "db"));
        assertThat(first.keySet()).containsExactly("db", "web");
        assertThat(first.values()).doesNotHaveDuplicates().allMatch(port -> port > 65_525);
        Set<Integer> busy = Set.copyOf(first.values());
        Map<String, Integer> again = session("1", FEW, busy).reserve(List.of("web", "other"));
        assertThat(again).containsAllEntriesOf(first).hasSize(3);
        assertThat(session("1", FEW, busy).reserved()).isEqualTo(again);
        assertThat(session("2", FEW, Set.of()).reserved()).isEmpty();
    }

    @Test
    void fileIsItsOwnersAndHasALineForEach() throws IOException {
        int port = session("1", FEW, Set.of()).reserve(Set.of("web")).getOrDefault("web", 0);
        assertThat(file("1")).hasContent("web " + port + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("1"))))
                .isEqualTo("rw-------");
    }

    @Test
    void noTwoSessionsHaveTheSame() throws IOException {
        Set<Integer> all = new TreeSet<>();
        for (int i = 0; i < 5; i++) {
            all.addAll(
                    session("s" + i, FEW, Set.of()).reserve(List.of("a", "b")).values());
        }
        assertThat(all).hasSize(10);
        assertThat(session("below", FEW, Set.of()).reserve(Set.of("a"))).containsEntry("a", 10_000);
        assertThatThrownBy(() -> session("none", FEW, Set.of()).reserve(Set.of("a")))
                .hasMessage("no TCP port is left for \"a\": 11 are reserved by sessions;"
                        + " holdfast session cleanup frees those of dead ones");
        Files.delete(file("s3"));
        assertThat(session("none", FEW, Set.of()).reserve(Set.of("a"))).hasSize(1);
    }

    @Test
    void busyAndKeptPortsArePassedOver() {
        PortRanges kept = PortRanges.parse("10000 65525", "1-65529,65535,x,9-3,70000");
        Set<Integer> busy = Set.of(65_530, 65_531, 65_533, 65_534);
        assertThat(session("1", kept, busy).reserve(Set.of("a"))).containsEntry("a", 65_532);
        assertThatThrownBy(() -> session("1", kept, busy).reserve(Set.of("b"))).hasMessageContaining("\"b\"");
        assertThat(session("1", kept, busy).reserved()).containsOnlyKeys("a");
    }

    @Test
    void nobodyElseChoosesMeanwhile() {
        PortReservations own = session("1", FEW, Set.of());
        SessionsFolder folder = SessionsFolder.of(sessions.toString());
        AtomicInteger looks = new AtomicInteger();
        PortReservations watched = new PortReservations(folder, folder.session("1"), FEW, port -> {
            try (AdvisoryLock lock = AdvisoryLock.shared(sessions.resolve("ports.lock"))) {
                looks.incrementAndGet();
                return lock.tryAcquire().isEmpty();
            }
        });
        assertThat(watched.reserve(Set.of("a"))).isEqualTo(own.reserved()).hasSize(1);
        assertThat(looks).hasValue(1);
    }

    @Test
    void thoseWhoReserveAtTheSameTimeGetDifferentPorts() throws InterruptedException, ExecutionException {
        List<PortReservations> contenders = IntStream.range(0, 8)
                .mapToObj(i -> session("s" + i / 2, FEW, Set.of()))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(contenders.size());
        try {
            List<Future<Map<String, Integer>>> answers = new ArrayList<>();
            for (int i = 0; i < contenders.size(); i++) {
                PortReservations contender = contenders.get(i);
                String name = "own" + i;
                answers.add(threads.submit(() -> contender.reserve(List.of(name))));
            }
            Set<Integer> ports = new TreeSet<>();
            for (int i = 0; i < answers.size(); i++) {
                ports.add(answers.get(i).get().getOrDefault("own" + i, 0));
            }
            assertThat(ports).hasSize(8);
        } finally {
            threads.shutdownNow();
        }
        for (int i = 0; i < 8; i++) {
            assertThat(contenders.get(i).reserved()).containsKey("own" + i).hasSize(2);
        }
    }

    /** A link, a folder and a broken file say nothing. */
    @Test
    void brokenFilesArePassedOver() throws IOException {
        Files.createDirectories(file("link").getParent());
        Path elsewhere = Files.writeString(sessions.resolve("elsewhere"), "a 65526\n");
        Files.createSymbolicLink(file("link"), elsewhere);
        Files.createDirectories(file("folder"));
        PortReservations broken = session("broken", FEW, Set.of());
        Files.writeString(file("broken"), "\n x\nweb 0\nweb 65528\nweb 65529\nb c 1\nd 99999\n../e 5\nf -1\ng 65530");
        assertThat(broken.reserved()).isEqualTo(Map.of("web", 65_528, "g", 65_530));
        Set<String> names = Set.of("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(session("new", FEW, Set.of()).reserve(names).values())
                .doesNotContain(65_528, 65_530)
                .contains(65_526, 65_527, 65_529);
    }

    @Test
    void sessionWithoutAFolderIsTold() throws IOException {
        PortReservations gone = session("gone", FEW, Set.of());
        Files.delete(file("gone").getParent());
        assertThatThrownBy(() -> gone.reserve(Set.of("a")))
                .isInstanceOf(SessionException.class)
                .hasMessageStartingWith("cannot write \"" + file("gone") + "\": ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "32768 60999 | 61000-65535 10000-32767",
                "32768\t60999 | 61000-65535 10000-32767",
                "1024 65535 | 1024-65535",
                "10000 65535 | 1024-65535",
                "10000 65534 | 65535-65535",
                "9000 50000 | 50001-65535",
                "'' | 61000-65535 10000-32767",
                "1 2 3 | 61000-65535 10000-32767",
                "60999 32768 | 61000-65535 10000-32767",
                "-1 x | 61000-65535 10000-32767",
                "20000 99999 | 61000-65535 10000-32767"
            })
    void kernelsRangeIsLeftAlone(String range, String usable) {
        assertThat(PortRanges.parse(range, "").usable())
                .extracting(each -> each.first() + "-" + each.last())
                .containsExactly(usable.split(" ", -1));
    }

    @Test
    void thisMachineHasARange() {
        assertThat(PortRanges.ofThisMachine().usable()).isNotEmpty().allMatch(range -> range.size() > 0);
        assertThat(new Range(5, 4).size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::1", "::"})
    void portOnWhichSomebodyListensIsNotFree(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            try {
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
            } catch (IOException e) {
                assertThat(address).as("%s: %s", address, e).contains(":"); // no IPv6 here: nothing to see
                return;
            }
            assertThat(PortReservations.isFree(socket.getLocalPort())).isFalse();
        }
    }
}
