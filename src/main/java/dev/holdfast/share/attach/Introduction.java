package dev.holdfast.share.attach;

import java.util.List;

/** What a start says of itself, so that a host can tell whether it may be a client. */
public interface Introduction {
    /**
     * The words for one host.
     *
     * @param key the host's: what may be secret is told only as a digest under it
     * @return {@code name=value} each, without NUL
     */
    List<String> options(String key);
}
