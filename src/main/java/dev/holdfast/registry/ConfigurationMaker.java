package dev.holdfast.registry;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.files.PositionedAccess;
import dev.holdfast.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the digests of what an instance is made of. Each part is said once; values are forgotten at once.
 *
 * <p>Command, arguments and version always count; variables and files where they were said.
 */
public final class ConfigurationMaker {
    private static final int MAC_BYTES = 16;
    private static final int MOST_OF_A_FILE = 1 << 20;
    private static final int READING = FileDescriptors.O_RDONLY | FileDescriptors.O_NONBLOCK | FileDescriptors.O_NOCTTY;

    private final ConfigurationKey key;
    private final Map<String, ConfigurationPart> parts = new TreeMap<>();

    /** Nothing was said yet. */
    public ConfigurationMaker(ConfigurationKey key) {
        this.key = key;
    }

    /**
     * What is run.
     *
     * @param command as it was found
     * @param arguments all words after it
     * @param version as it was said
     */
    public void addCommand(byte[] command, List<byte[]> arguments, String version) {
        add(ConfigurationPart.COMMAND, command, false);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] argument : arguments) {
            all.write(argument, 0, argument.length);
            all.write(0); // which no argument has in it
        }
        add(ConfigurationPart.ARGUMENTS, all.toByteArray(), false);
        add(ConfigurationPart.VERSION, version.getBytes(StandardCharsets.UTF_8), false);
    }

    /**
     * The variables that belong to it.
     *
     * @param environment all variables, each {@code NAME=VALUE}
     * @param patterns names, in which {@code *} stands for anything
     * @param minorPatterns those that matter little; they belong to it, too
     */
    public void addVariables(List<byte[]> environment, List<String> patterns, List<String> minorPatterns) {
        if (patterns.isEmpty() && minorPatterns.isEmpty()) {
            return;
        }
        for (byte[] variable : environment) {
            int equals = 0;
            while (equals < variable.length && variable[equals] != '=') {
                equals++;
            }
            String name = new String(variable, 0, equals, StandardCharsets.UTF_8);
            boolean isMinor = matchesAny(name, minorPatterns);
            if (isMinor || matchesAny(name, patterns)) {
                add(ConfigurationPart.VARIABLE + name, variable, isMinor);
            }
        }
    }

    /**
     * A file that belongs to it. What is in it counts, or that it is not there; of one that is larger than a megabyte its
     * size and time.
     *
     * @param path absolute
     */
    public void addFile(String path) {
        int fd = FileDescriptors.open(path, READING, 0);
        String part = ConfigurationPart.FILE + path;
        if (fd < 0) {
            add(part, ("absent " + fd).getBytes(StandardCharsets.UTF_8), false);
            return;
        }
        try {
            add(part, contents(fd), false);
        } catch (PosixException e) {
            add(part, ("unreadable " + e.errno()).getBytes(StandardCharsets.UTF_8), false);
        } finally {
            FileDescriptors.close(fd);
        }
    }

    private static byte[] contents(int fd) {
        FileStatus status = FileStatus.ofDescriptor(fd);
        if (!status.isRegular()) {
            return status.kind().getBytes(StandardCharsets.UTF_8);
        }
        if (status.size() > MOST_OF_A_FILE) {
            return ("large " + status.size() + " " + status.modifiedSeconds()).getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = PositionedAccess.readAt(fd, MOST_OF_A_FILE);
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length + 1);
        all.write(0); // no text above begins so
        all.write(bytes, 0, bytes.length);
        return all.toByteArray();
    }

    private void add(String part, byte[] value, boolean isMinor) {
        // Its key is in it, so that equal values of two parts are not seen to be equal.
        byte[] name = part.getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[name.length + 1 + value.length];
        System.arraycopy(name, 0, whole, 0, name.length);
        System.arraycopy(value, 0, whole, name.length + 1, value.length);
        parts.put(part, new ConfigurationPart(part, Sha256.hex(key.mac(whole), MAC_BYTES), isMinor));
    }

    /** The whole. */
    public Configuration make() {
        Sha256 hash = new Sha256();
        for (ConfigurationPart part : parts.values()) {
            hash.add(part.key()).add("=").add(part.mac()).add("\n");
        }
        byte[] digest = hash.end();
        return new Configuration(Sha256.hex(digest, digest.length), key.id(), List.copyOf(parts.values()));
    }

    private static boolean matchesAny(String name, List<String> patterns) {
        for (String pattern : patterns) {
            if (matches(name, pattern)) {
                return true;
            }
        }
        return false;
    }

    /** With {@code *} for any number of characters. In time that grows with the product of the two lengths at the most. */
    static boolean matches(String name, String pattern) {
        int at = 0;
        int star = -1;
        int afterStar = 0;
        int p = 0;
        while (at < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                afterStar = at;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(at)) {
                p++;
                at++;
            } else if (star >= 0) {
                p = star + 1;
                at = ++afterStar;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
