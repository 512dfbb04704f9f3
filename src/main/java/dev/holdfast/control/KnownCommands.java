package dev.holdfast.control;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.RawText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The two latest commands of an instance that have served, in a file: so that the way back is known when the launcher is
 * not there any more. Written after a redeploy only. There are arguments in it, which may be secret, and no environment:
 * the file has mode 0600, in a folder of mode 0700.
 *
 * <p>The file is a list of texts, each with a letter before it that says what it is, and a NUL after it. It is replaced by
 * rename(2), so a reader sees the old or the new one. A file of another user, or that others may write, is passed over, and
 * none is written into such a folder. Both are looked at when they are open already: nothing can take their place then.
 *
 * @param launcher the launcher's whole command line: what it was told holds for each of its servers
 * @param folder the launcher's working directory
 * @param current the command that served last; without an environment
 * @param lastGood the one before it
 */
public record KnownCommands(List<byte[]> launcher, String folder, RedeployOrder current, RedeployOrder lastGood) {
    private static final String FIRST_TEXT = "holdfast known commands 1";
    private static final int OTHERS_WRITE = 022;
    private static final char LAUNCHER = 'l';
    private static final char FOLDER = 'd';
    /** Then the letter of the order's part: {@link Payload}'s. */
    private static final char CURRENT = 'c';

    private static final char LAST_GOOD = 'g';

    /** Copies the list. */
    public KnownCommands {
        launcher = List.copyOf(launcher);
    }

    /**
     * Where it is kept.
     *
     * @param runFolder Holdfast's folder for such files
     * @param name the instance
     * @param lockFile the path of its lock file: there may be instances of one name
     */
    public static String path(String runFolder, String name, String lockFile) {
        // Not String.format(), and no digest that loads a hundred classes: nobody forges this to deceive himself.
        return runFolder + "/" + name + "-" + Integer.toHexString(lockFile.hashCode()) + ".commands";
    }

    /** The same with the two exchanged: the last good one serves. */
    public KnownCommands turned() {
        return new KnownCommands(launcher, folder, /* current= */ lastGood, /* lastGood= */ current);
    }

    /**
     * Writes it.
     *
     * @param path its path; the folder is made, with the one above it
     * @return why it could not be written; empty when it was
     */
    public String write(String path) {
        String runFolder = path.substring(0, path.lastIndexOf('/'));
        var unusedOwn = FileNames.makeFolder(runFolder.substring(0, Math.max(1, runFolder.lastIndexOf('/'))));
        var unusedFolder = FileNames.makeFolder(runFolder);
        int folderFd = FileDescriptors.open(runFolder, FileDescriptors.O_PATH | FileDescriptors.O_NOFOLLOW, 0);
        if (folderFd < 0) {
            return Errno.describe(-folderFd);
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(folderFd);
            return status.isDirectory() && isOwnersAlone(status)
                    ? writeIn("/proc/self/fd/" + folderFd + path.substring(path.lastIndexOf('/')))
                    : "its folder is another user's, or others may write there";
        } finally {
            FileDescriptors.close(folderFd);
        }
    }

    private static boolean isOwnersAlone(FileStatus status) {
        return status.owner() == Self.effectiveUser() && (status.mode() & OTHERS_WRITE) == 0;
    }

    private String writeIn(String path) {
        int errno = FileNames.replace(path + "." + Self.pid(), path, bytes());
        return errno == 0 ? "" : Errno.describe(errno);
    }

    /**
     * Reads it.
     *
     * @param path its path
     * @return empty when it is not there, cannot be read, is not of this form, or not to be trusted
     */
    public static Optional<KnownCommands> read(String path) {
        int fd = FileDescriptors.openUntrusted(path);
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            FileStatus status = FileStatus.ofDescriptor(fd);
            byte[] bytes = status.isRegular() && isOwnersAlone(status) ? FileDescriptors.contentsOf(fd) : null;
            return bytes == null ? Optional.empty() : parse(bytes);
        } finally {
            FileDescriptors.close(fd);
        }
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        add(out, "", FIRST_TEXT.getBytes(StandardCharsets.UTF_8));
        for (byte[] word : launcher) {
            add(out, "" + LAUNCHER, word);
        }
        add(out, "" + FOLDER, RawText.bytes(folder));
        add(out, CURRENT, current);
        add(out, LAST_GOOD, lastGood);
        return out.toByteArray();
    }

    private static void add(ByteArrayOutputStream out, char which, RedeployOrder order) {
        add(out, "" + which + Payload.FOLDER, RawText.bytes(order.folder()));
        for (Map.Entry<String, String> option : order.options().entrySet()) {
            add(
                    out,
                    "" + which + Payload.OPTION,
                    (option.getKey() + "=" + option.getValue()).getBytes(StandardCharsets.UTF_8));
        }
        for (byte[] argument : order.command()) {
            add(out, "" + which + Payload.ARGUMENT, argument);
        }
    }

    private static void add(ByteArrayOutputStream out, String kind, byte[] text) {
        out.writeBytes(kind.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(text);
        out.write(0);
    }

    static Optional<KnownCommands> parse(byte[] bytes) {
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                // Byte for byte: arguments need be no text.
                texts.add(new String(bytes, from, i - from, StandardCharsets.ISO_8859_1));
                from = i + 1;
            }
        }
        if (texts.isEmpty() || !texts.get(0).equals(FIRST_TEXT) || from != bytes.length) {
            return Optional.empty();
        }
        RedeployOrder current = order(texts, CURRENT);
        RedeployOrder lastGood = order(texts, LAST_GOOD);
        return current.command().isEmpty() || lastGood.command().isEmpty()
                ? Optional.empty()
                : Optional.of(new KnownCommands(
                        bytes(texts, "" + LAUNCHER), text(texts, "" + FOLDER, "/"), current, lastGood));
    }

    private static RedeployOrder order(List<String> texts, char which) {
        Map<String, String> options = new LinkedHashMap<>();
        for (byte[] option : bytes(texts, "" + which + Payload.OPTION)) {
            String text = new String(option, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            if (equals > 0) {
                options.put(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return new RedeployOrder(
                bytes(texts, "" + which + Payload.ARGUMENT),
                List.of(),
                text(texts, "" + which + Payload.FOLDER, "/"),
                options);
    }

    private static String text(List<String> texts, String kind, String otherwise) {
        List<byte[]> found = bytes(texts, kind);
        return found.isEmpty() ? otherwise : RawText.of(found.get(0));
    }

    private static List<byte[]> bytes(List<String> texts, String kind) {
        List<byte[]> found = new ArrayList<>();
        for (String text : texts.subList(1, texts.size())) {
            if (text.startsWith(kind)) {
                found.add(text.substring(kind.length()).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return found;
    }
}
