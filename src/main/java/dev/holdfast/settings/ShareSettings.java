package dev.holdfast.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a server is shared by several clients.
 *
 * @param scope who shares it
 * @param linger how long the host stays after its last client; empty for ever
 * @param match how much of two starts must agree
 * @param keys variables that must agree, too
 * @param flow how much of the clients' messages it gets
 * @param contract what is agreed on with it
 * @param copiesStderr whether clients' starts print what it writes to stderr
 * @param http where it is served over HTTP, too; empty for nowhere
 * @param countsTools whether its metrics tell tools apart
 */
public record ShareSettings(
        ShareScope scope,
        Optional<Duration> linger,
        ShareMatch match,
        List<String> keys,
        ShareFlow flow,
        ShareContract contract,
        boolean copiesStderr,
        Optional<ShareHttp> http,
        boolean countsTools) {
    /** Copies the list. */
    public ShareSettings {
        keys = List.copyOf(keys);
    }

    /** The same with a host that stays until it is stopped. */
    public ShareSettings withoutEnd() {
        return new ShareSettings(scope, Optional.empty(), match, keys, flow, contract, copiesStderr, http, countsTools);
    }
}
