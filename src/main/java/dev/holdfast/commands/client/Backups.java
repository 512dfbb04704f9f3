package dev.holdfast.commands.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/**
 * The copies of a client's file that are kept beside it: as it was before the last changes, the youngest without a number. What is in one
 * of them already is not kept twice, so a server that is guarded and freed again and again pushes out no older text.
 *
 * @param file the client's file
 */
record Backups(Path file) {
    private static final String ENDING = ".holdfast-backup";
    private static final List<String> NUMBERS = List.of("", ".2", ".3");

    /**
     * Makes a finished copy the youngest one. What is no regular file is replaced, and never followed.
     *
     * @param copy a file in the same folder, which is renamed
     * @param content what is in it
     * @return where it is
     * @throws IOException if it cannot be renamed
     */
    Path keep(Path copy, byte[] content) throws IOException {
        int free = 0;
        while (free < NUMBERS.size() - 1 && isWorthKeeping(path(free), content)) {
            free++;
        }
        for (int i = free; i > 0; i--) {
            Files.move(path(i - 1), path(i), StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.move(copy, path(0), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path path(int number) {
        return file.resolveSibling(file.getFileName() + ENDING + NUMBERS.get(number));
    }

    private static boolean isWorthKeeping(Path path, byte[] content) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.size(path) != content.length || !Files.isReadable(path)) {
            return true;
        }
        try (InputStream copy = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            return !Arrays.equals(copy.readNBytes(content.length), content);
        }
    }
}
