package dev.holdfast.commands.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.history.HistoryFile;
import dev.holdfast.history.HistoryReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTextTest {
    @TempDir
    Path folder;

    private String text(String... lines) {
        String path = folder.resolve("history.jsonl").toString();
        assertThat(new HistoryFile(path).append(String.join("\n", lines) + "\n"))
                .isEmpty();
        return new HistoryText(new HistoryReader(path).last(100, entry -> true)).toString();
    }

    private static String line(String event, String name, String facts) {
        return "{\"time\":\"2026-05-02T09:14:03.875Z\",\"event\":\"" + event + "\",\"name\":\"" + name + "\"" + facts
                + "}";
    }

    @Test
    void eachKindHasItsSentence() {
        assertThat(text(
                        line("start", "orders", ",\"pid\":11,\"version\":\"1.2\""),
                        line("ready", "orders", ",\"pid\":11,\"tookMillis\":1500"),
                        line("restart", "orders", ",\"pid\":12,\"reason\":\"ended\",\"code\":1,\"delayMillis\":2000"),
                        line("refusal", "db", ",\"pid\":13,\"reason\":\"running\",\"otherPid\":14"),
                        line("takeover", "db", ",\"reason\":\"forced\",\"otherPid\":14,\"otherInstanceId\":\"14-0a\""),
                        line(
                                "crash",
                                "db",
                                ",\"pid\":15,\"reason\":\"not-released\",\"otherStartTime\":\"2026-05-01T00:00:00Z\""),
                        line(
                                "stop",
                                "db",
                                ",\"pid\":16,\"reason\":\"SIGTERM\",\"byPid\":1,\"byUid\":0,\"tookMillis\":120,"
                                        + "\"signal\":\"SIGKILL\",\"killed\":true"),
                        line("stop", "db", ",\"pid\":17,\"reason\":\"SIGINT\",\"byTerminal\":true,\"code\":0"),
                        line("news", "db", ",\"pid\":17")))
                .isEqualTo("""
                        2026-05-02 09:14:03  orders  start     pid 11, version 1.2
                        2026-05-02 09:14:03  orders  ready     pid 11, after 1500ms
                        2026-05-02 09:14:03  orders  restart   pid 12, ended, code 1, waited 2s
                        2026-05-02 09:14:03  db      refusal   pid 13, already running, by pid 14
                        2026-05-02 09:14:03  db      takeover  from pid 14, instance 14-0a, forced
                        2026-05-02 09:14:03  db      crash     pid 15, started 2026-05-01 00:00:00, it never released its lock; found by this start
                        2026-05-02 09:14:03  db      stop      pid 16, SIGTERM by pid 1 of root, took 120ms, died of SIGKILL, killed
                        2026-05-02 09:14:03  db      stop      pid 17, SIGINT from the terminal, code 0
                        2026-05-02 09:14:03  db      news
                        """.stripTrailing());
    }

    /** The file is the user's own, and a terminal is told nothing all the same. */
    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThat(text(line("stop", "a\\u001b[2J", ",\"reason\":\"x\\ny\""))).doesNotContain("\u001b", "\n");
    }

    /** Each line would be as long as the longest name, and fifty of them fill a terminal, or the heap. */
    @Test
    void nameThatIsNoneDoesNotWidenTheOthers() {
        String text = text(line("stop", "b".repeat(5000), ",\"pid\":1"), line("stop", "a", ",\"pid\":2"));
        assertThat(text.lines().skip(1).findFirst().orElseThrow().length()).isLessThan(150);
    }
}
