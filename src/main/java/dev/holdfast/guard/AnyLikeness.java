package dev.holdfast.guard;

import dev.holdfast.share.host.Likeness;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Each start may be a client. */
final class AnyLikeness implements Likeness {
    private static final int KEY_BYTES = 32;
    private final String key;

    AnyLikeness() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        key = HexFormat.of().formatHex(bytes);
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Optional<String> differs(List<String> options) {
        return Optional.empty();
    }
}
