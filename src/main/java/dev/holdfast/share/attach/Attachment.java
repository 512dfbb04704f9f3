package dev.holdfast.share.attach;

import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.waiting.EventWait;
import java.util.Optional;

/**
 * A client of a shared server, as the client's own child: copies stdin to the host, and what the host sends to stdout, where
 * the host has not taken over both: then it only waits for the end, and for the host's own words. Keeps nothing but what is on
 * its way. One thread, one poll(2), and no read that could block: it ends at once.
 */
public final class Attachment implements AutoCloseable {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int PASSAGE_BYTES = 64 * 1024;
    private static final int GONE = PollSet.ERROR | PollSet.HANG_UP;
    private static final int SLOTS = 6;

    private final String name;
    private final HostConnection link;
    private final StdioClient client;
    private final int signals;
    private final EventWait wait;
    private final Passage toHost = new Passage(PASSAGE_BYTES);
    private final Passage fromHost;
    private final NonBlockingWriter stdout = new NonBlockingWriter(STDOUT);
    private final StderrCopy stderr;
    private final HostWords words;
    /** Nothing more comes from stdin. */
    private boolean hasInputEnded;
    /** The host takes nothing more. */
    private boolean isHostDeaf;
    /** All that stdin had is with the host. */
    private boolean isEndTold;

    private boolean isAtLineStart = true;
    private boolean isInWord;

    /**
     * One that has been let in, and copied nothing yet.
     *
     * @param signals becomes readable at a signal, which {@code wait} takes
     */
    Attachment(String name, HostConnection link, StdioClient client, int signals, EventWait wait) {
        this.name = name;
        this.link = link;
        this.client = client;
        this.signals = signals;
        this.wait = wait;
        fromHost = link.received();
        stderr = new StderrCopy(name);
        words = new HostWords(name, stderr);
    }

    /** Copies until it is over. Blocks. */
    public Ending run() {
        Optional<Ending> end = passOn();
        try (PollSet poll = new PollSet(SLOTS)) {
            int first = poll.addEmpty(SLOTS);
            while (end.isEmpty()) {
                arm(poll, first);
                var unused = poll.await(stderr.timeout());
                end = serve(poll, first);
            }
        }
        return end.get();
    }

    private void arm(PollSet poll, int first) {
        poll.set(first, signals, PollSet.READABLE);
        poll.set(first + 1, client.parent(), PollSet.READABLE);
        boolean takesInput = !link.hasPipes() && !hasInputEnded && !isHostDeaf && toHost.isEmpty();
        poll.set(first + 2, takesInput ? STDIN : -1, PollSet.READABLE);
        poll.set(first + 3, STDOUT, fromHost.isEmpty() ? 0 : PollSet.WRITABLE);
        stderr.arm(poll, first + 5);
        // A host that is gone shows at each look, so it is looked at only where something can be done about it.
        int events = (fromHost.isEmpty() ? PollSet.READABLE : 0) | (toHost.isEmpty() ? 0 : PollSet.WRITABLE);
        poll.set(first + 4, events == 0 ? -1 : link.stream().descriptor(), events);
    }

    private Optional<Ending> serve(PollSet poll, int first) {
        if (poll.returned(first) != 0 && wait.isStopRequested()) {
            return Optional.of(Ending.SIGNALLED);
        }
        if (poll.returned(first + 1) != 0) {
            return Optional.of(Ending.ORPHANED);
        }
        if ((poll.returned(first + 3) & GONE) != 0) {
            return Optional.of(Ending.CLIENT_LEFT); // nobody reads what would be answered
        }
        if (poll.returned(first + 2) != 0) {
            hasInputEnded = toHost.fill(STDIN) == Passage.END;
        }
        stderr.serve(poll.returned(first + 5));
        sendOn();
        int host = poll.returned(first + 4);
        if (fromHost.isEmpty() && (host & (PollSet.READABLE | GONE)) != 0) {
            if (fromHost.fill(link.stream().descriptor()) == Passage.END) {
                return Optional.of(hostIsGone());
            }
        }
        return passOn();
    }

    private void sendOn() {
        if (!toHost.isEmpty() && toHost.send(link.stream().descriptor()) == Passage.END) {
            isHostDeaf = true; // what it has said before is still to be read
            var unused = toHost.take(toHost.length());
        }
        if (hasInputEnded && toHost.isEmpty() && !isEndTold) {
            isEndTold = true;
            link.stream().endOutput();
        }
    }

    private Ending hostIsGone() {
        // The host may have seen the end of the client's pipes before this start was told of it.
        return hasClientLeft() || (link.hasPipes() && client.readsNothing())
                ? Ending.CLIENT_LEFT
                : Ending.of(
                        ExitCode.UNAVAILABLE.number(),
                        "the launcher that shares \"" + name + "\" was killed; the next start makes a new one");
    }

    private boolean hasClientLeft() {
        return link.hasPipes() ? client.hasEndedInput() : hasInputEnded;
    }

    /** Gives the client its lines, and takes the host's own ones out. Present when the last one was among them. */
    private Optional<Ending> passOn() {
        while (!fromHost.isEmpty() && words.ending().isEmpty()) {
            if (isInWord || (isAtLineStart && fromHost.at(0) == HostWords.MARK)) {
                takeWord();
            } else {
                int count = fromHost.write(stdout, endOfLines());
                if (count == Passage.END) {
                    return Optional.of(Ending.CLIENT_LEFT);
                }
                if (count == 0) {
                    return Optional.empty();
                }
                isAtLineStart = fromHost.at(-1) == '\n';
            }
        }
        Optional<Ending> told = words.ending();
        return told.isPresent() && hasClientLeft() ? Optional.of(Ending.CLIENT_LEFT) : told;
    }

    private void takeWord() {
        int end = fromHost.indexOf('\n', 0);
        isInWord = end == fromHost.length();
        words.add(fromHost.take(end));
        if (!isInWord) {
            var unused = fromHost.take(1);
            words.lineEnds();
        }
    }

    /** How much is the client's, up to the host's next word. Of a server that is no model, the mark may be inside a line. */
    private int endOfLines() {
        int at = fromHost.indexOf(HostWords.MARK, 1);
        while (at < fromHost.length() && fromHost.at(at - 1) != '\n') {
            at = fromHost.indexOf(HostWords.MARK, at + 1);
        }
        return at;
    }

    @Override
    public void close() {
        link.close();
        toHost.close();
        stdout.close();
        stderr.close();
    }
}
