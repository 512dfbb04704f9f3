package dev.holdfast.settings;

import java.util.Optional;

/**
 * Who an instance is, and whom it serves.
 *
 * @param name the instance
 * @param nameOrigin where its name comes from
 * @param transport how clients talk to the server; recorded
 * @param watchClient whether the closing of stdin and the parent's death are stop requests
 * @param version the server's; recorded
 * @param tracking how it is in the registry; empty when nothing was said of that
 * @param metrics where its metrics are served; empty when they are not
 * @param share how several clients share it; empty when they do not
 * @param said what this start says of how a shared server is run; empty when it is not shared
 */
public record InstanceSettings(
        String name,
        NameOrigin nameOrigin,
        String transport,
        boolean watchClient,
        String version,
        Optional<TrackingSettings> tracking,
        Optional<MetricsSettings> metrics,
        Optional<ShareSettings> share,
        Optional<SaidOptions> said) {
    /** The same where there is no client to be watched. */
    public InstanceSettings withoutClientWatch() {
        return new InstanceSettings(name, nameOrigin, transport, false, version, tracking, metrics, share, said);
    }

    /** The same where a host stays when its last client has left. */
    public InstanceSettings stayingWithoutClients() {
        return share.isEmpty()
                ? this
                : new InstanceSettings(
                        name,
                        nameOrigin,
                        transport,
                        watchClient,
                        version,
                        tracking,
                        metrics,
                        Optional.of(share.get().withoutEnd()),
                        said);
    }
}
