package dev.holdfast.command;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a server is started as, in 64 digits: so two processes can compare their commands, and neither tells the other what
 * its own is. Never written to disk.
 */
public final class CommandDigest {
    private CommandDigest() {}

    /**
     * The digest. No two commands have one text before it: each part has its length before it.
     *
     * @param words the command and its arguments, as they were typed
     * @param folder the server's working directory
     * @param version the server's version
     * @return SHA-256, hexadecimal
     */
    public static String of(List<byte[]> words, String folder, String version) {
        MessageDigest digest = sha256();
        for (byte[] word : words) {
            add(digest, word);
        }
        add(digest, folder.getBytes(StandardCharsets.UTF_8));
        add(digest, version.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
