package dev.holdfast.share.identity;

import dev.holdfast.settings.SaidOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a start says of how a shared server is run, as far as another process hears of it: names, and digests of values, which
 * may be secrets.
 *
 * @param said the start's own; empty when it says nothing
 */
public record SaidDigests(Optional<SaidOptions> said) {
    /** Before each option's name. */
    private static final String OPTION = "option.";

    /** Those of a start. */
    public static SaidDigests of(Optional<SaidOptions> said) {
        return new SaidDigests(said);
    }

    /**
     * What a host is told.
     *
     * @param key the host's, 64 hexadecimal digits
     * @return {@code option.NAME=DIGEST} each
     */
    public List<String> options(String key) {
        List<String> options = new ArrayList<>();
        Map<String, String> values = said.isEmpty() ? Map.of() : said.get().values();
        values.forEach((name, value) -> options.add(OPTION + name + "=" + Identity.digest(key, OPTION + name, value)));
        return options;
    }

    /**
     * What another start has said that is not so here.
     *
     * @param options what that one told, under the same key
     * @return flags, in the order of the alphabet
     */
    public List<String> differences(String key, List<String> options) {
        List<String> names = new ArrayList<>();
        for (String option : options) {
            int equals = option.lastIndexOf('=');
            if (option.startsWith(OPTION) && equals > 0 && said.isPresent()) {
                String name = option.substring(OPTION.length(), equals);
                String own = Identity.digest(key, OPTION + name, said.get().value(name));
                if (!own.equals(option.substring(equals + 1))) {
                    names.add("--" + name);
                }
            }
        }
        names.sort(null);
        return names;
    }
}
