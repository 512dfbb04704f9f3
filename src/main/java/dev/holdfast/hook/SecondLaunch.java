package dev.holdfast.hook;

import dev.holdfast.control.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a second launch hands over.
 *
 * @param payload its arguments, variables and folder
 * @param folder a descriptor of its working directory
 * @param output its stdout
 * @param errors its stderr
 */
public record SecondLaunch(Payload payload, int folder, int output, int errors) {
    /** The variables by which a desktop lets a program come to the front. */
    public static final List<String> TOKENS = List.of("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID");

    private static final String FOLDER = "HOLDFAST_ACTIVATION_FOLDER";

    /** Those of its variables that are such tokens. */
    List<byte[]> tokens() {
        List<byte[]> tokens = new ArrayList<>();
        for (byte[] entry : payload.variables()) {
            String text = new String(entry, StandardCharsets.ISO_8859_1);
            if (TOKENS.contains(text.substring(0, Math.max(0, text.indexOf('='))))) {
                tokens.add(entry);
            }
        }
        return tokens;
    }

    /** What tells the command the folder's path; empty when the second launch did not know it. */
    byte[] folderVariable() {
        byte[] path = payload.folder().orElse(new byte[0]);
        byte[] entry =
                Arrays.copyOf((FOLDER + "=").getBytes(StandardCharsets.ISO_8859_1), FOLDER.length() + 1 + path.length);
        System.arraycopy(path, 0, entry, FOLDER.length() + 1, path.length);
        return entry;
    }
}
