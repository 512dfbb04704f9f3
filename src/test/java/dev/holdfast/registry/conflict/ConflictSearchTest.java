package dev.holdfast.registry.conflict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.FileSearch;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.registry.Configuration;
import dev.holdfast.registry.ConfigurationPart;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceCounters;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceFacts;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.HandOff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of two instances at each level: the table of the documentation, row by row. */
class ConflictSearchTest {
    private static final Path PAGE = Path.of("src/site/markdown/instances.md");

    @TempDir
    Path folder;

    private int count;

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectories(folder.resolve("data/below"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("data"));
    }

    private InstanceRecord record(String name, String data, String address, int port, Map<String, String> parts) {
        List<ConfigurationPart> all = new ArrayList<>();
        parts.forEach((key, value) -> all.add(new ConfigurationPart(key, value, key.startsWith("env:LOG"))));
        LockRecord lock = LockRecord.starting(
                ProcessIdentity.ofSelf(),
                name,
                "stdio",
                "1",
                "7-0000000" + count++,
                Duration.ofSeconds(5),
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false));
        return new InstanceRecord(
                lock,
                "/tmp/" + name + ".lock",
                new InstanceFacts(
                        "",
                        address,
                        port,
                        data.isEmpty()
                                ? List.of()
                                : List.of(DataDirectory.of(folder.resolve(data).toString()))),
                new Configuration(parts.toString(), "key", all),
                "2026-05-02T09:14:03.875Z",
                30,
                InstanceCounters.NONE);
    }

    private static InstanceEntry active(InstanceRecord record) {
        return new InstanceEntry.Active(record, "/instances/" + record.instanceId(), 0);
    }

    private List<Conflict> search(ConflictDetection level, InstanceRecord one, InstanceRecord other) {
        List<Conflict> found = new ConflictSearch(level).among(List.of(active(one), active(other)));
        assertThat(new ConflictSearch(level).among(List.of(active(other), active(one))))
                .as("in whatever order")
                .extracting(Conflict::type, Conflict::isConflict)
                .isEqualTo(found.stream()
                        .map(each -> tuple(each.type(), each.isConflict()))
                        .toList());
        return found;
    }

    /** The pairs of the table's rows. */
    private Map<String, List<InstanceRecord>> pairs() {
        Map<String, String> one = Map.of("version", "1");
        Map<String, String> two = Map.of("version", "2");
        Map<String, List<InstanceRecord>> pairs = new LinkedHashMap<>();
        pairs.put(
                "one name, and another command, arguments, version or `--config-file`",
                List.of(
                        record("a", "", "", 0, Map.of("command", "1", "arguments", "1", "file:/f", "1")),
                        record("a", "", "", 0, Map.of("command", "1", "arguments", "1", "file:/f", "2"))));
        pairs.put(
                "one name, and another value of a `--config-env` variable",
                List.of(
                        record("a", "", "", 0, Map.of("env:APP", "1")),
                        record("a", "", "", 0, Map.of("env:APP", "2"))));
        pairs.put(
                "one name, and another value of a `--config-minor` variable",
                List.of(
                        record("a", "", "", 0, Map.of("env:LOG", "1")),
                        record("a", "", "", 0, Map.of("env:LOG", "2"))));
        pairs.put("one name, and nothing else", List.of(record("a", "", "", 0, one), record("a", "", "", 0, one)));
        pairs.put(
                "data in one folder, and another version",
                List.of(record("a", "data", "", 0, one), record("b", "data", "", 0, two)));
        pairs.put("data in one folder", List.of(record("a", "data", "", 0, one), record("b", "data", "", 0, one)));
        pairs.put(
                "data in one folder, called by another path (a link, a bind mount)",
                List.of(record("a", "data", "", 0, one), record("b", "link", "", 0, one)));
        pairs.put(
                "data in one folder, called by another path, and another version",
                List.of(record("a", "data", "", 0, one), record("b", "link", "", 0, two)));
        pairs.put(
                "data in a folder, and in one below it",
                List.of(record("a", "data", "", 0, one), record("b", "link/below", "", 0, one)));
        pairs.put(
                "data in a folder, and in one below it, and another version",
                List.of(record("a", "data", "", 0, one), record("b", "data/below", "", 0, two)));
        pairs.put("one `--port`", List.of(record("a", "", "", 80, one), record("b", "", "127.0.0.1", 80, two)));
        pairs.put(
                "one `--port`, at two addresses",
                List.of(record("a", "", "10.0.0.1", 80, one), record("b", "", "127.0.0.1", 80, one)));
        return pairs;
    }

    @Test
    void eachRowHoldsAtEachLevel() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("<!-- levels:"), page.indexOf("<!-- end of levels"));
        Map<String, List<InstanceRecord>> pairs = pairs();
        List<String> rows = new ArrayList<>();
        for (String line : table.lines()
                .filter(row -> row.startsWith("| ") && !row.startsWith("| what "))
                .toList()) {
            String[] cells = line.substring(2).split(" \\| | \\|$", -1);
            rows.add(cells[0]);
            assertThat(pairs).containsKey(cells[0]);
            List<InstanceRecord> pair = Objects.requireNonNull(pairs.get(cells[0]));
            int cell = 1;
            for (ConflictDetection level : ConflictDetection.values()) {
                List<Conflict> found = search(level, pair.get(0), pair.get(1));
                String said = found.isEmpty() ? "not told" : found.get(0).isConflict() ? "conflict" : "warning";
                assertThat(found).hasSizeLessThanOrEqualTo(1);
                assertThat(said).as("%s, at %s", cells[0], level).isEqualTo(cells[cell++]);
            }
        }
        assertThat(rows).containsExactlyElementsOf(pairs.keySet());
    }

    @Test
    void typesHaveTheWordsOfThePage() throws IOException {
        String page = Files.readString(PAGE);
        for (Conflict.Type type : Conflict.Type.values()) {
            assertThat(page).contains("| `" + type.word() + "` | ", "| " + type.impact() + " |");
        }
    }

    @Test
    void mismatchNamesWhatDiffersAndNoValue() {
        InstanceRecord one = record("a", "data", "", 0, Map.of("env:APP", "1", "version", "1"));
        InstanceRecord other = record("b", "data", "", 0, Map.of("env:APP", "2", "version", "2"));
        Conflict conflict = search(ConflictDetection.STRICT, one, other).get(0);
        assertThat(conflict.keys()).containsExactly("env:APP", "version");
        assertThat(conflict.details()).isEqualTo("Different env:APP, version configuration detected");
        assertThat(conflict.recommendation("holdfast resolve")).contains("holdfast stop --lock-file /tmp/");
        assertThat(conflict.severity()).isEqualTo(Conflict.Severity.HIGH);
    }

    @Test
    void whatIsElsewhereOrOfAnotherUserIsInNobodysWay() {
        InstanceRecord one = record("a", "data", "", 80, Map.of("version", "1"));
        InstanceRecord other = record("a", "data", "", 80, Map.of("version", "2"));
        assertThat(new ConflictSearch(ConflictDetection.STRICT)
                        .among(List.of(
                                active(one),
                                new InstanceEntry.Elsewhere(other, "/x", 0),
                                new InstanceEntry.Foreign("/y", 1),
                                new InstanceEntry.Corrupt("/z", "", "empty"))))
                .isEmpty();
    }

    /** Two users' digests have two keys: that they differ says nothing. */
    @Test
    void whatCannotBeComparedDoesNotDiffer() {
        InstanceRecord one = record("a", "data", "", 0, Map.of());
        InstanceRecord other = new InstanceRecord(
                one.lock(), "", one.facts(), Configuration.UNKNOWN, one.lastHeartbeat(), 30, InstanceCounters.NONE);
        assertThat(search(ConflictDetection.STRICT, one, other))
                .extracting(Conflict::type)
                .containsExactly(Conflict.Type.MULTIPLE_INSTANCES);
    }

    @Test
    void staleIsToldAtEachLevelAndOrphanIsStillThere() {
        InstanceRecord one = record("a", "data", "", 0, Map.of());
        InstanceRecord other = record("b", "data", "", 0, Map.of());
        for (ConflictDetection level : ConflictDetection.values()) {
            List<Conflict> found = new ConflictSearch(level).among(List.of(new InstanceEntry.Stale(one, "/x", 0)));
            assertThat(found).extracting(Conflict::type).containsExactly(Conflict.Type.STALE_INSTANCE);
            assertThat(found).extracting(Conflict::isConflict).containsExactly(false);
        }
        assertThat(new ConflictSearch(ConflictDetection.STRICT)
                        .among(List.of(active(one), new InstanceEntry.Orphaned(other, "/x", 0))))
                .hasSize(1);
        assertThat(new ConflictSearch(ConflictDetection.STRICT).of(one, List.of(active(one), active(other))))
                .as("with the others only")
                .hasSize(1);
    }

    /** A start parses no file that has nothing in common with it: what it passes over so must be in no conflict. */
    @Test
    void whatIsPassedOverIsInNoConflict() throws IOException {
        Map<String, List<InstanceRecord>> all = pairs();
        for (String odd : List.of("quo\"te", "back\\slash", "\u00fcber", "tab\tulator")) {
            Files.createDirectories(folder.resolve(odd));
            all.put(odd, List.of(record("a", odd, "", 0, Map.of()), record("b", odd, "", 0, Map.of())));
        }
        int conflicts = 0;
        for (Map.Entry<String, List<InstanceRecord>> row : all.entrySet()) {
            for (int turn = 0; turn < 2; turn++) {
                InstanceRecord own = row.getValue().get(turn);
                InstanceRecord other = row.getValue().get(1 - turn);
                if (new ConflictSearch(ConflictDetection.STRICT)
                        .asRecorded(own, other)
                        .isPresent()) {
                    conflicts++;
                    assertThat(isParsed(own, other)).as(row.getKey()).isTrue();
                }
            }
        }
        assertThat(conflicts).isGreaterThan(20);
        InstanceRecord stranger = record("stranger", "data", "", 1, Map.of());
        // No port: a file has many numbers, and a short one may be part of another.
        assertThat(isParsed(record("a", "elsewhere", "", 0, Map.of()), stranger))
                .isFalse();
    }

    private boolean isParsed(InstanceRecord own, InstanceRecord other) throws IOException {
        Path file = Files.write(folder.resolve("server_other.json"), other.bytes());
        try (FileSearch search = new FileSearch(CommonText.of(own))) {
            return search.mayBeIn(file.toString(), Self.effectiveUser());
        }
    }
}
