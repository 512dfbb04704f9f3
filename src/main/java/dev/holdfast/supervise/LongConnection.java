package dev.holdfast.supervise;

import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.posix.MappedMemory;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.posix.sockets.UnixStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the control socket whose request has a payload and takes its time: waits for memory, reads the payload,
 * and then tells what the work has to tell. Not safe for use by many threads.
 */
final class LongConnection implements AutoCloseable {
    /** A client on the same machine sends 4 MB in milliseconds. */
    private static final long TIME_TO_SEND_NANOS = Duration.ofSeconds(2).toNanos();

    private static final int BYTES_AT_ONCE = 64 * 1024;
    private static final int LINES_AT_ONCE = 4;

    private final UnixStream stream;
    private final ControlReply.Longer request;
    private final int[] descriptors;
    private final ControlSocket.Handler handler;
    private Phase phase = Phase.WAITING_FOR_MEMORY;
    private @Nullable MappedMemory memory;
    private int received;
    private long sendUntil = Long.MAX_VALUE;
    /** Whether the work goes on with the stream, which is not this one's any more. */
    private boolean isHandedOver;

    private enum Phase {
        WAITING_FOR_MEMORY,
        READING,
        WORKING,
        OVER
    }

    /**
     * One that waits for memory.
     *
     * @param stream closed with this
     * @param descriptors what came with the request, closed with this
     */
    LongConnection(UnixStream stream, ControlReply.Longer request, int[] descriptors, ControlSocket.Handler handler) {
        this.stream = stream;
        this.request = request;
        this.descriptors = descriptors.clone();
        this.handler = handler;
    }

    int descriptor() {
        return stream.descriptor();
    }

    /** What to poll for; its end is told unasked. */
    int events() {
        return phase == Phase.READING ? PollSet.READABLE : 0;
    }

    boolean isWaitingForMemory() {
        return phase == Phase.WAITING_FOR_MEMORY;
    }

    boolean hasMemory() {
        return memory != null;
    }

    int payloadBytes() {
        return request.payloadBytes();
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** When it is given up, by {@link System#nanoTime}. */
    long deadline() {
        return Math.min(sendUntil, request.work().deadline());
    }

    /** There is memory for it: lets the payload come. */
    void admit(long now) {
        try {
            memory = MappedMemory.allocate(Math.max(1, request.payloadBytes()));
        } catch (PosixException e) {
            refuse("no memory for the payload", LongAnswer.Refusal.AGAIN);
            return;
        }
        phase = Phase.READING;
        sendUntil = now + TIME_TO_SEND_NANOS;
        if (!tell(handler.progress(LongAnswer.Progress.SEND))) {
            giveUp();
        } else if (request.payloadBytes() == 0) {
            begin();
        }
    }

    /**
     * Does what has come up. Never blocks.
     *
     * @param events what poll(2) found
     * @param mostBytes how much may be read
     * @return how much was
     */
    int serve(int events, int mostBytes) {
        if ((events & (PollSet.HANG_UP | PollSet.ERROR)) != 0) {
            giveUp();
        } else if ((events & PollSet.READABLE) != 0 && phase == Phase.READING && mostBytes > 0) {
            return read(mostBytes);
        }
        return 0;
    }

    private int read(int mostBytes) {
        MappedMemory into = memory;
        int most = Math.min(Math.min(BYTES_AT_ONCE, mostBytes), request.payloadBytes() - received);
        int count = into == null ? -1 : stream.read(into, received, most);
        if (count < 0) {
            giveUp();
            return 0;
        }
        received += count;
        if (received == request.payloadBytes()) {
            begin();
        }
        return count;
    }

    private void begin() {
        MappedMemory whole = memory;
        if (whole == null) {
            return;
        }
        sendUntil = Long.MAX_VALUE;
        try {
            Payload payload = Payload.read(whole, received);
            phase = Phase.WORKING;
            request.work().begin(payload, descriptors);
        } catch (ControlCall.RefusedException e) {
            refuse(String.valueOf(e.getMessage()), LongAnswer.Refusal.NEVER);
        }
    }

    /** Sends what the work has to tell. */
    void tell() {
        for (int lines = 0; lines < LINES_AT_ONCE && phase == Phase.WORKING; lines++) {
            String line = request.work().next();
            if (line == null) {
                return;
            }
            if (!tell(line)) {
                giveUp(); // gone, or it does not read
            } else if (request.work().isOver()) {
                phase = Phase.OVER;
                isHandedOver = request.work().takes(stream);
            }
        }
    }

    private boolean tell(String line) {
        return stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void refuse(String reason, String kind) {
        var unused = tell(handler.refusal(reason, kind));
        giveUp();
    }

    /** Whoever asked does not count any more. */
    void giveUp() {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            request.work().abandon();
        }
    }

    @Override
    public void close() {
        giveUp();
        if (!isHandedOver) {
            stream.close();
        }
        DescriptorMessage.close(descriptors);
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
