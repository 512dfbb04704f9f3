package dev.holdfast.settings;

import java.util.Optional;

/**
 * Where a shared server is served over HTTP.
 *
 * @param port on the loopback addresses; 0 for any that is free
 * @param tokenFolder where the file of the token is, by the instance's name; empty when a client needs no token
 */
public record ShareHttp(int port, Optional<String> tokenFolder) {
    /** The file of the token of an instance; empty when there is none. */
    public Optional<String> tokenFile(String name) {
        return tokenFolder.map(folder -> folder + "/" + name + ".token");
    }
}
