package dev.holdfast.share;

import java.util.Locale;

/** Why a host lets a client go. */
public enum Bye {
    /** The host was told to stop, or has lingered long enough. */
    STOPPED,
    /** The server has ended for good, or another one has come back that promises other things. */
    ENDED,
    /** Another start takes over. */
    TAKEOVER,
    /** The client does not read. */
    SLOW,
    /** The client does not speak the protocol. */
    PROTOCOL,
    /** The client has said that it sends nothing more, and has all its answers. */
    DONE;

    /** The word for it on the link. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
