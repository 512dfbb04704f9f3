package dev.holdfast.http;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The secret that lets others in, and lets anybody act: a line in a file that only this user can read. It is read for each
 * request that brings one, so that a removed or changed file counts at once.
 *
 * @param path of the file
 */
public record TokenFile(String path) {
    private static final int BYTES = 32;
    private static final int LONGEST = 256;
    private static final int SHORTEST = 16;
    private static final int OF_OTHERS = 077;

    /**
     * Makes the file where it is not there.
     *
     * @return why there is no token; empty when there is one
     */
    public Optional<String> require() {
        if (FileStatus.ofName(path).isEmpty()) {
            byte[] secret = new byte[BYTES];
            new SecureRandom().nextBytes(secret);
            String problem = write(HexFormat.of().formatHex(secret) + "\n");
            if (!problem.isEmpty()) {
                return Optional.of("cannot make the file of the token, \"" + path + "\": " + problem);
            }
        }
        return read().isPresent()
                ? Optional.empty()
                : Optional.of("the file of the token, \"" + path
                        + "\", must be a regular file of this user that nobody else may read, with a line of 16 to 256"
                        + " characters");
    }

    /** In one piece: by another name first. */
    private String write(String text) {
        String folder = path.substring(0, Math.max(1, path.lastIndexOf('/')));
        var unused = FileNames.makeFolder(folder);
        int errno = FileNames.replace(path + "." + Self.pid(), path, text.getBytes(StandardCharsets.US_ASCII));
        return errno == 0 ? "" : Errno.describe(errno);
    }

    private Optional<String> read() {
        int fd = FileDescriptors.openUntrusted(path);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            boolean isSafe = status.isRegular()
                    && status.owner() == Self.effectiveUser()
                    && (status.permissions() & OF_OTHERS) == 0;
            String text =
                    isSafe ? new String(FileDescriptors.read(fd, LONGEST + 1), StandardCharsets.UTF_8).strip() : "";
            return text.length() < SHORTEST || text.length() > LONGEST ? Optional.empty() : Optional.of(text);
        } catch (PosixException e) {
            return Optional.empty();
        } finally {
            FileDescriptors.close(fd);
        }
    }

    /** Whether somebody knows it. Takes as long for a near miss as for any other. */
    public boolean is(String said) {
        Optional<String> secret = read();
        return secret.isPresent()
                && MessageDigest.isEqual(
                        secret.get().getBytes(StandardCharsets.UTF_8), said.getBytes(StandardCharsets.UTF_8));
    }
}
