package dev.holdfast.settings;

/**
 * Who an instance is, and whom it serves.
 *
 * @param name the instance
 * @param nameOrigin where its name comes from
 * @param transport how clients talk to the server; recorded
 * @param watchClient whether the closing of stdin and the parent's death are stop requests
 * @param version the server's; recorded
 */
public record InstanceSettings(
        String name, NameOrigin nameOrigin, String transport, boolean watchClient, String version) {
    /** The same where there is no client to be watched. */
    public InstanceSettings withoutClientWatch() {
        return new InstanceSettings(name, nameOrigin, transport, false, version);
    }
}
