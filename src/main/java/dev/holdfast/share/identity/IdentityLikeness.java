package dev.holdfast.share.identity;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.host.Likeness;
import dev.holdfast.text.Printable;
import dev.holdfast.text.Sha256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares other starts with the host's own, under a key that is made for this host. Not safe for use by many threads. */
public final class IdentityLikeness implements Likeness {
    private static final int KEY_BYTES = 32;
    private static final int MOST_NAMED = 8;

    private final Identity own;
    private final SaidDigests said;
    private final PartComparison comparison;
    private final String key;
    /** Made for the first start that comes; null until then. */
    private @Nullable Map<String, String> digests;

    /**
     * Nothing is compared yet.
     *
     * @param own what the host's start is made of
     * @param said what it says of how the server is run
     */
    public IdentityLikeness(Identity own, SaidDigests said, ShareSettings share) {
        this.own = own;
        this.said = said;
        comparison = new PartComparison(share.match(), share.keys());
        key = Sha256.hex(Self.randomSecret(KEY_BYTES), KEY_BYTES);
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Optional<String> differs(List<String> options) {
        if (digests == null) {
            digests = own.digests(key);
        }
        List<String> differences = comparison.differences(digests, parts(options));
        return differences.isEmpty() ? Optional.empty() : Optional.of(text(differences));
    }

    @Override
    public Optional<String> warning(List<String> options) {
        List<String> differences = said.differences(key, options);
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of("the running host (pid " + Self.pid() + ") was started with other options: "
                        + joined(differences) + " of this start "
                        + (differences.size() == 1 ? "has" : "have")
                        + " no effect; to change that, stop it first");
    }

    /** A part that is told twice is of nobody who means well: the last one counts. */
    private static Map<String, String> parts(List<String> options) {
        Map<String, String> parts = new HashMap<>();
        for (String option : options) {
            int equals = option.lastIndexOf('='); // a digest has none
            if (option.startsWith(Identity.PART) && equals > 0) {
                parts.put(option.substring(Identity.PART.length(), equals), option.substring(equals + 1));
            }
        }
        return parts;
    }

    /** Names only: a value may be a secret. */
    private static String text(List<String> differences) {
        boolean isOne = differences.size() == 1 && !differences.get(0).equals("the arguments");
        return "it is shared with other settings: " + joined(differences)
                + (isOne ? " differs from that" : " differ from those") + " of the running one (pid " + Self.pid()
                + "); stop that one, or give this one another --name";
    }

    private static String joined(List<String> names) {
        StringBuilder text = new StringBuilder();
        int told = names.size() > MOST_NAMED ? MOST_NAMED - 1 : names.size();
        for (int i = 0; i < told; i++) {
            boolean isLast = i + 1 == told && told == names.size();
            text.append(i == 0 ? "" : isLast ? " and " : ", ").append(Printable.line(names.get(i)));
        }
        return told == names.size()
                ? text.toString()
                : text.append(" and ")
                        .append(names.size() - told)
                        .append(" more")
                        .toString();
    }
}
