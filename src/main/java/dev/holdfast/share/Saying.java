package dev.holdfast.share;

/** Says something to a client. */
@FunctionalInterface
interface Saying {
    /** Does nothing for a client that is gone. */
    void say(int client, byte[] line);
}
