package dev.holdfast.advisory;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.NonBlockingWriter;
import dev.holdfast.posix.files.Pipe;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.signals.Signals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The other process of {@code lock --probe}: a JVM like this one, which obeys words on its stdin, and ends when that is
 * closed.
 */
final class ProbePeer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final int pid;
    private final Pipe words;
    private final Pipe answers;
    private final ProbeLines lines;
    private boolean ended;

    private ProbePeer(int pid, Pipe words, Pipe answers) {
        this.pid = pid;
        this.words = words;
        this.answers = answers;
        lines = new ProbeLines(answers.readEnd());
    }

    /**
     * The other side.
     *
     * @param arguments the file
     */
    public static void main(String[] arguments) {
        ProbeLines said = new ProbeLines(0);
        NonBlockingWriter answer = new NonBlockingWriter(1);
        try (ProbeHand hand = new ProbeHand(arguments[0])) {
            for (String word = said.next(-1); word != null; word = said.next(-1)) {
                boolean unused = answer.write(hand.obey(word) + "\n");
            }
        }
    }

    /**
     * Starts a second process that tries for the same locks.
     *
     * @param path the file
     * @param inherited a descriptor that it gets, and keeps open; -1 for none
     */
    static ProbePeer start(String path, int inherited) {
        Pipe words = Pipe.open();
        Pipe answers = Pipe.open();
        List<byte[]> command = command(path);
        Spawn spawn = new Spawn("/proc/self/exe".getBytes(StandardCharsets.UTF_8), command, Self.environment());
        spawn.passDescriptor(words.readEnd(), 0);
        spawn.passDescriptor(answers.writeEnd(), 1);
        if (inherited >= 0) {
            spawn.passDescriptor(inherited, inherited);
        }
        int pid = spawn.start();
        if (pid < 0) {
            throw new PosixException(-pid, "posix_spawn", "java");
        }
        FileDescriptors.close(words.readEnd());
        FileDescriptors.close(answers.writeEnd());
        return new ProbePeer(pid, words, answers);
    }

    /** This JVM's own words up to the class, and the peer's class in its place. */
    private static List<byte[]> command(String path) {
        // HotSpot's own property: the class that this JVM runs, and its arguments.
        String main = System.getProperty("sun.java.command", "").split(" ")[0];
        List<byte[]> command = new ArrayList<>();
        for (byte[] word : Self.commandLine()) {
            if (new String(word, StandardCharsets.UTF_8).equals(main)) {
                break;
            }
            command.add(word);
        }
        command.add(ProbePeer.class.getName().getBytes(StandardCharsets.UTF_8));
        command.add(path.getBytes(StandardCharsets.UTF_8));
        return command;
    }

    /** Says a word, and gives the answer. Blocks. */
    String ask(String word) {
        boolean unused = new NonBlockingWriter(words.writeEnd()).write(word + "\n");
        @Nullable String answer = lines.next(PATIENCE_MILLIS);
        return answer == null ? "no answer" : answer;
    }

    /** Kills it, and waits for its end. */
    void kill() {
        if (!ended) {
            ended = true;
            int unused = Self.kill(pid, Signals.KILL);
            Children.await(pid);
        }
    }

    @Override
    public void close() {
        kill();
        FileDescriptors.close(words.writeEnd());
        FileDescriptors.close(answers.readEnd());
    }
}
