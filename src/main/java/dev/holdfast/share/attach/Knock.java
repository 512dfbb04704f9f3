package dev.holdfast.share.attach;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.PayloadWriter;
import dev.holdfast.control.Request;
import dev.holdfast.instance.LongExchange;
import dev.holdfast.json.FlatObject;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.SocketFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.waiting.EventWait;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the host of an instance to be let in: first for its key, then with what this start is. Only a process of this very user
 * is spoken to. Not safe for use by many threads.
 */
final class Knock {
    private static final int LONGEST_ANSWER = 4096;
    private static final int KEY_DIGITS = 64;
    private static final int PASSAGE_BYTES = 64 * 1024;

    private final String name;
    private final String path;
    private final Introduction introduction;
    private final EventWait wait;

    /**
     * Nothing is asked yet.
     *
     * @param name the instance's
     * @param lockFile where its lock is
     */
    Knock(String name, LockFile lockFile, Introduction introduction, EventWait wait) {
        this.name = name;
        path = SocketFile.beside(lockFile).path();
        this.introduction = introduction;
        this.wait = wait;
    }

    /**
     * Asks once. Blocks until there is an answer, or the time is over.
     *
     * @param only the pid of the one host that is meant; 0 for whoever is there
     * @param deadline by {@link System#nanoTime}
     */
    Reception ask(int only, long deadline) {
        Optional<FileStatus> place = FileStatus.ofName(path);
        if (place.isEmpty()) {
            return new Reception.NobodyThere();
        }
        boolean isOurs = place.get().isSocket() && place.get().owner() == Self.effectiveUser();
        if (!isOurs && only != 0) {
            return new Reception.NobodyThere(); // the one that is meant has yet to end whoever has this
        }
        if (!isOurs) {
            return unsafe("a " + place.get().kind() + " of uid "
                    + Integer.toUnsignedString(place.get().owner()) + " stands there");
        }
        try (UnixStream stream = UnixStream.connect(path)) {
            UnixStream.Peer peer = stream.peer();
            if (peer.uid() != Self.effectiveUser()) {
                return unsafe("a process of uid " + Integer.toUnsignedString(peer.uid()) + " listens there");
            }
            return only != 0 && peer.pid() != only ? new Reception.NobodyThere() : askForKey(stream, deadline);
        } catch (PosixException e) {
            return e.errno() == Errno.EAGAIN // too many wait already
                    ? new Reception.NotNow(false)
                    : new Reception.NobodyThere();
        }
    }

    private Reception unsafe(String what) {
        return new Reception.Refused(
                Reason.UNSAFE,
                "cannot attach to \"" + name + "\": " + what + "\n  socket     " + path
                        + "\n  what now   remove it, or choose another folder by --lock-dir");
    }

    private Reception askForKey(UnixStream stream, long deadline) {
        ControlCall call = new ControlCall(Request.SHARE, "", Optional.empty(), "", Self.pid());
        byte[] line = stream.write(call.line()) ? line(new LongExchange(stream, wait, LONGEST_ANSWER), deadline) : null;
        FlatObject answer = line == null ? null : FlatObject.parse(line).orElse(null);
        if (answer == null) {
            return new Reception.NotNow(false); // it ended meanwhile, or is too busy
        }
        if (answer.text("error").isPresent()) {
            return new Reception.Refused(
                    Reason.NOT_SHARED, ""); // also an older version's, which does not know the word
        }
        String key = answer.text("key").orElse("");
        if (answer.number("share", 0) != ControlAnswer.SHARE_PROTOCOL || key.length() != KEY_DIGITS) {
            return new Reception.Refused(Reason.OTHER_VERSION, "another version of Holdfast hosts \"" + name + "\"");
        }
        boolean hasPipes = answer.number("descriptors", 0) == ControlAnswer.CLIENTS_PIPES && StdioClient.hasPipes();
        return askToBeLetIn(answer.text("instanceId").orElse(""), key, hasPipes, deadline);
    }

    private static byte @Nullable [] line(LongExchange exchange, long deadline) {
        byte[] line = exchange.line();
        while (line == null && exchange.await(deadline) && exchange.receive()) {
            line = exchange.line();
        }
        return line;
    }

    private Reception askToBeLetIn(String instanceId, String key, boolean hasPipes, long deadline) {
        PayloadWriter writer = new PayloadWriter();
        for (String option : introduction.options(key)) {
            writer.option(option.getBytes(StandardCharsets.UTF_8));
        }
        byte[] payload = writer.end();
        ControlCall call = new ControlCall(
                Request.ATTACH, instanceId, Optional.empty(), "", Self.pid(), Duration.ZERO, payload.length);
        boolean isLetIn = false;
        UnixStream stream = UnixStream.connect(path);
        try {
            LongExchange exchange = new LongExchange(stream, wait, LONGEST_ANSWER);
            Reception reception = stream.peer().uid() == Self.effectiveUser() && send(stream, call.line(), hasPipes)
                    ? converse(stream, exchange, payload, deadline)
                    : new Reception.NotNow(false);
            isLetIn = reception instanceof Reception.LetIn;
            return reception;
        } finally {
            if (!isLetIn) {
                stream.close();
            }
        }
    }

    /** With the client's pipes, where the host may have them. The kernel refuses that where too many are under way. */
    private static boolean send(UnixStream stream, byte[] line, boolean hasPipes) {
        return (hasPipes && DescriptorMessage.send(stream.descriptor(), line, StdioClient.STDIN, StdioClient.STDOUT))
                || stream.write(line);
    }

    private Reception converse(UnixStream stream, LongExchange exchange, byte[] payload, long deadline) {
        for (byte[] line = line(exchange, deadline); line != null; line = line(exchange, deadline)) {
            LongAnswer answer = LongAnswer.parse(line).orElse(null);
            if (answer == null) {
                break;
            }
            if (answer.isLast()) {
                return answer.error().isEmpty() ? letIn(stream, exchange, answer.code()) : refused(answer);
            }
            if (answer.progress().equals(LongAnswer.Progress.SEND) && !exchange.send(payload, deadline)) {
                break;
            }
        }
        return new Reception.NotNow(false);
    }

    private static Reception letIn(UnixStream stream, LongExchange exchange, int code) {
        Passage received = new Passage(PASSAGE_BYTES);
        received.begin(exchange.rest());
        return new Reception.LetIn(new HostConnection(stream, received, code == ControlAnswer.PIPES_TAKEN));
    }

    private Reception refused(LongAnswer answer) {
        if (answer.remedy().equals(LongAnswer.Refusal.STOPPING)) {
            return new Reception.NotNow(true);
        }
        // Another instance has taken the place between the two questions.
        boolean isOver = answer.error().equals(ControlAnswer.OTHER_INSTANCE);
        return isOver || answer.remedy().equals(LongAnswer.Refusal.AGAIN)
                ? new Reception.NotNow(false)
                : new Reception.Refused(Reason.OTHER_SETTINGS, "cannot attach to \"" + name + "\": " + answer.error());
    }
}
