package dev.holdfast.command;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a server is started as, in a short text: so two processes can compare their commands without sending them. Never
 * written to disk.
 *
 * <p>FNV-1a of 64 bits, and the length: it tells two commands of one user apart, which nobody forges to deceive
 * himself. The JDK's own digests load a hundred and fifty classes, which cost a start in the background a quarter of its time.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-eastlake-fnv/">The FNV Non-Cryptographic Hash Algorithm</a>
 */
public final class CommandDigest {
    private static final long OFFSET_BASIS = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private long hash = OFFSET_BASIS;
    private long length;

    private CommandDigest() {}

    /**
     * The digest. No two commands have one text before it: each part has its length before it.
     *
     * @param words the command and its arguments, as they were typed
     * @param folder the server's working directory
     * @param version the server's version
     * @return hexadecimal digits, with a hyphen in them
     */
    public static String of(List<byte[]> words, String folder, String version) {
        CommandDigest digest = new CommandDigest();
        for (byte[] word : words) {
            digest.add(word);
        }
        digest.add(folder.getBytes(StandardCharsets.UTF_8));
        digest.add(version.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(digest.length) + "-" + Long.toHexString(digest.hash);
    }

    private void add(byte[] part) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            add((byte) (part.length >> shift));
        }
        for (byte octet : part) {
            add(octet);
        }
    }

    private void add(byte octet) {
        hash = (hash ^ (octet & 0xFF)) * PRIME;
        length++;
    }
}
