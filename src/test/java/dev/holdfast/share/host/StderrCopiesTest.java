package dev.holdfast.share.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.Bye;
import dev.holdfast.share.Client;
import dev.holdfast.share.HostEvents;
import dev.holdfast.share.Multiplexer;
import dev.holdfast.waiting.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrCopiesTest {
    private static final HostEvents NOBODY = new HostEvents() {
        @Override
        public void wake() {}

        @Override
        public void dismiss(Client client, Bye why) {}

        @Override
        public void contractBroken() {}

        @Override
        public void audit(String line) {}
    };

    private final Multiplexer multiplexer = new Multiplexer(
            new ShareSettings(
                    ShareScope.CWD,
                    Optional.empty(),
                    ShareMatch.MODERATE,
                    List.of(),
                    new ShareFlow(0, 1024, Optional.empty()),
                    new ShareContract(ShareEra.AUTO, Optional.empty(), ShareRequests.NONE, ShareLogs.NONE),
                    true,
                    Optional.empty(),
                    false),
            Ticker.SYSTEM,
            NOBODY);
    private final StderrCopies copies = new StderrCopies(multiplexer::stderrLost);

    private Client client() {
        return multiplexer.attach("test", 0);
    }

    private void write(String text) {
        copies.add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a client's start is sent, of which so many bytes are taken at once. */
    private static String sent(StderrQueue queue, int atOnce) {
        StringBuilder sent = new StringBuilder();
        try (Passage buffer = new Passage(atOnce);
                Pipe pipe = Pipe.openForWriting()) {
            while (!queue.isEmpty()) {
                buffer.clear();
                queue.show(buffer);
                queue.written(buffer.length());
                byte[] bytes = new byte[buffer.write(pipe.writeEnd())];
                assertThat(buffer.fill(pipe.readEnd())).isEqualTo(bytes.length);
                buffer.copyTo(bytes, 0, 0, bytes.length);
                sent.append(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        return sent.toString().replace("\u001e", "").replace('"', '\'');
    }

    private static String sent(StderrQueue queue) {
        return sent(queue, 4096);
    }

    /** Pieces are separated by a bar, and N stands for a newline. What is sent has no frame. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ab          ; ''
            abN         ; abN
            a|b|N       ; abN
            abNcdN      ; abNcdN
            abNcd|NeNf  ; abN cdNeN
            NN          ; NN
            """)
    void wholeLinesAreSent(String pieces, String words) {
        StderrQueue queue = copies.join(client());
        for (String piece : pieces.split("\\|")) {
            write(piece.replace('N', '\n'));
        }
        String framed = words.isEmpty()
                ? ""
                : "{'stderr':'" + words.replace("N", "\\u000a").replace(" ", "'}\n{'stderr':'") + "'}\n";
        assertThat(sent(queue, 3)).isEqualTo(framed);
    }

    @Test
    void theEndOfTheServerIsThatOfItsLine() {
        StderrQueue queue = copies.join(client());
        write("last words");
        copies.end();
        copies.end();
        assertThat(sent(queue)).isEqualTo("{'stderr':'last words\\u000a'}\n");
    }

    @Test
    void eachByteIsTheOneThatItWas() {
        StderrQueue queue = copies.join(client());
        copies.add(new byte[] {0, (byte) 0xff, '"', '\\', 27, '\n'});
        assertThat(sent(queue)).isEqualTo("{'stderr':'\\u0000\u00ff\\'\\\\\\u001b\\u000a'}\n");
    }

    @Test
    void aLongLineGoesInPieces() {
        StderrQueue queue = copies.join(client());
        write("x".repeat(20_000));
        write("y\nz\n");
        String sent = sent(queue);
        assertThat(sent.lines()).hasSize(3);
        assertThat(sent.replaceAll("'}\n\\{'stderr':'", ""))
                .isEqualTo("{'stderr':'" + "x".repeat(20_000) + "y\\u000az\\u000a'}\n");
    }

    @Test
    void onlyTheFirstClientGetsWhatWasWrittenBefore() {
        write("begins\n");
        assertThat(sent(copies.join(client()))).isEqualTo("{'stderr':'begins\\u000a'}\n");
        assertThat(copies.join(client()).isEmpty()).isTrue();
    }

    @Test
    void whoDoesNotReadLosesLinesAndIsToldHowMany() {
        Client slow = client();
        StderrQueue unread = copies.join(slow);
        StderrQueue read = copies.join(client());
        String line = "x".repeat(1000) + "\n";
        for (int i = 0; i < 1000; i++) {
            write(line);
            assertThat(sent(read)).hasSizeGreaterThan(1000).doesNotContain("lost");
        }
        String sent = sent(unread);
        long lines = sent.lines().filter(each -> each.contains("xxx")).count();
        assertThat(sent.length()).isLessThan(StderrQueue.MOST_BYTES + 100);
        assertThat(sent).endsWith("\n{'lost':" + (1000 - lines) + "}\n");
        assertThat(multiplexer.report().end())
                .contains("\"dropped\":[{\"what\":\"stderr\",\"count\":" + (1000 - lines) + "}]");
        write("again\n");
        assertThat(sent(unread)).isEqualTo("{'stderr':'again\\u000a'}\n");
    }

    @Test
    void theRestOfALineThatIsLostIsLost() {
        StderrQueue queue = copies.join(client());
        write("x".repeat(100_000));
        String begun = sent(queue);
        assertThat(begun.lines().filter(each -> each.contains("xxx"))).hasSize(7);
        write("x\nnext\n");
        assertThat(sent(queue)).isEqualTo("{'lost':2}\n");
        write("after\n");
        assertThat(sent(queue)).isEqualTo("{'stderr':'after\\u000a'}\n");
    }

    @Test
    void whoHasLeftGetsNothing() {
        Client client = client();
        StderrQueue queue = copies.join(client);
        copies.leave(client);
        write("x\n");
        assertThat(queue.isEmpty()).isTrue();
    }
}
