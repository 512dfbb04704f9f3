package dev.holdfast.cli;

import dev.holdfast.output.OutputReader;
import dev.holdfast.posix.files.FileStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What comes into a file of output from now on, for the message about a server that does not start. */
final class OutputTail {
    private static final int LAST_LINES = 10;

    private final String path;
    private final long before;

    /** Looks how much is there already. */
    OutputTail(String path) {
        this.path = path;
        before = size();
    }

    private long size() {
        Optional<FileStatus> status = FileStatus.ofName(path);
        return status.isPresent() ? status.get().size() : 0;
    }

    /** The last lines of what came since, below a line that says so; empty for nothing. Of a file that was rotated meanwhile, the new one's. */
    String text() {
        if (size() == before) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (OutputReader reader = new OutputReader(path)) {
            reader.skipToLast(LAST_LINES);
            reader.skipToOffset(before);
            for (byte[] bytes = reader.read(); bytes.length > 0; bytes = reader.read()) {
                text.append(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        return "  output     " + path + ", its last lines:\n    "
                + text.toString().stripTrailing().replace("\n", "\n    ");
    }
}
