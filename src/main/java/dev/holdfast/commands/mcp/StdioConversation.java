package dev.holdfast.commands.mcp;

import dev.holdfast.stdio.BoundedLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A conversation on stdio: each line is a message, and is answered before the next one is read. So a client that asks for
 * more than it reads waits, and takes no memory. In one thread.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio">MCP, stdio</a>
 */
final class StdioConversation {
    /** The tools take nothing; what a client tells of itself has a few. */
    static final int LONGEST_LINE = 256 << 10;

    private static final int READ_AT_ONCE = 8192;

    private final InputStream in;
    private final OutputStream out;
    private final MessageServer server;
    private final BoundedLines lines = new BoundedLines(LONGEST_LINE);
    private int refused;

    /** Begins when it is held. */
    StdioConversation(InputStream in, OutputStream out, MessageServer server) {
        this.in = in;
        this.out = out;
        this.server = server;
    }

    /** Blocks until the input has ended and all was answered, or one of both cannot be used any more. */
    void hold() {
        try {
            byte[] piece = new byte[READ_AT_ONCE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                lines.add(piece, count);
                Optional<byte[]> line;
                do {
                    line = lines.next();
                    answer(line);
                } while (line.isPresent());
            }
            answer(lines.rest());
        } catch (IOException e) {
            // Nobody is there any more.
        }
    }

    private void answer(Optional<byte[]> line) throws IOException {
        while (refused < lines.dropped()) {
            refused++;
            write(MessageCheck.tooLong(LONGEST_LINE).json());
        }
        if (line.isEmpty() || new String(line.get(), StandardCharsets.UTF_8).isBlank()) {
            return;
        }
        Optional<String> answer = server.take(line.get()).json();
        if (answer.isPresent()) {
            write(answer.get());
        }
    }

    private void write(String message) throws IOException {
        out.write((message + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
