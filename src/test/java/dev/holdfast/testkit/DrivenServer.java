package dev.holdfast.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The server {@code driven.pl}, which does what it is told through a FIFO, also after a restart. */
public final class DrivenServer implements AutoCloseable {
    private final Path fifo;
    private final RandomAccessFile commands;

    /** Makes the FIFO in a folder. */
    public DrivenServer(Path folder) {
        fifo = folder.resolve("commands.fifo");
        try {
            if (new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() != 0) {
                throw new IOException("mkfifo " + fifo);
            }
            commands = new RandomAccessFile(fifo.toFile(), "rw"); // both ends, so that opening does not wait
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public List<String> command() {
        return List.of("perl", Launcher.resource("driven.pl").toString(), fifo.toString());
    }

    /** Tells it a line. */
    public void tell(String line) {
        try {
            commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            commands.close();
            Files.deleteIfExists(fifo);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
