package dev.holdfast.share.host;

import dev.holdfast.supervise.EventSource;
import dev.holdfast.waiting.Ticker;
import java.util.Optional;

/** Lets clients in that speak HTTP. On the second class path; a source of the loop. */
public interface HttpEntrance extends EventSource, AutoCloseable {
    /** The class that does it. */
    String IMPLEMENTATION = "dev.holdfast.share.http.HttpClients";

    /**
     * Takes the port. Who connects waits until {@link #open}. To be called once, before the server starts: a port that is taken
     * is told before anything else happens.
     *
     * @param port 0 for any that is free
     * @param tokenFile of the token that lets in, made when it is not there; empty where none is needed
     * @throws dev.holdfast.listen.ListenException if the port cannot be had, or the token
     */
    void bind(int port, Optional<String> tokenFile);

    /**
     * What is told of the instance.
     *
     * @param id the instance's
     * @param name its name
     */
    record Instance(String id, String name) {}

    /**
     * Lets clients in. To be called once.
     *
     * @param longestMessage of a client's, in bytes
     */
    void open(Host host, Instance instance, int longestMessage, Ticker ticker);

    /** Where clients come in. */
    String url();

    /** Lets nobody in any more, and ends all exchanges. Blocks for a second at the most, for those that are being answered. */
    @Override
    void close();
}
