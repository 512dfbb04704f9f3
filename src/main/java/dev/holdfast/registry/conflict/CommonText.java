package dev.holdfast.registry.conflict;

import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in the registry's file of an instance, in one form only, if it can be in conflict with another one: of most
 * files a look for it is all that is needed.
 */
public final class CommonText {
    /** In a file that has any directories. */
    private static final String DIRECTORIES = "\"directories\"";

    private CommonText() {}

    /**
     * Of one instance, whose folders are looked at.
     *
     * @return texts of which a file has at least one: the same name, the same port, one of the folders or what is in it, or a
     *     folder above; a name needs no escapes in JSON
     */
    public static List<byte[]> of(InstanceRecord own) {
        List<String> texts = new ArrayList<>();
        texts.add('"' + own.name() + '"');
        if (own.port() > 0) {
            texts.add(Integer.toString(own.port()));
        }
        for (DataDirectory directory : own.directories()) {
            Place place = Place.of(directory);
            texts.add(place.path());
            texts.addAll(place.marks());
            for (String above : place.above()) {
                texts.add('"' + above + '"');
            }
        }
        List<byte[]> bytes = new ArrayList<>();
        for (String text : texts) {
            bytes.add((isPlain(text) ? text : DIRECTORIES).getBytes(StandardCharsets.US_ASCII));
        }
        return bytes;
    }

    /** Whether it stands in JSON as it is, but for the quotes that are around it. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isEnd = i == 0 || i == text.length() - 1;
            if (c < ' ' || c > '~' || c == '\\' || (c == '"' && !isEnd)) {
                return false;
            }
        }
        return true;
    }
}
