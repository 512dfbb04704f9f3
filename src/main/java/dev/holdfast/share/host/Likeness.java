package dev.holdfast.share.host;

import java.util.List;
import java.util.Optional;

/** Whether another start is of the same server, in the same circumstances. */
public interface Likeness {
    /** The key by which both sides make their parts unreadable, 64 hexadecimal digits: another one for each host. */
    String key();

    /**
     * Compares a start with that of the host.
     *
     * @param options what it says of itself, {@code name=value} each
     * @return what differs, for whoever has started it; empty when nothing does
     */
    Optional<String> differs(List<String> options);

    /**
     * What a start that may be a client has said in vain, since it is the host's to do.
     *
     * @param options as for {@link #differs}
     * @return for whoever has started it; empty for nothing
     */
    Optional<String> warning(List<String> options);
}
