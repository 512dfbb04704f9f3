package dev.holdfast.embed;

import dev.holdfast.lock.file.LockFile;
import dev.holdfast.settings.ConflictPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a server that guards itself is to be guarded.
 *
 * @param name the instance
 * @param lockFile where its lock is
 * @param policy what to do on a conflict
 * @param waitTimeout how long to wait for another instance; empty for ever
 * @param transport recorded; how clients talk to the server
 * @param grace how long its own stop may take; recorded, so that others are patient
 * @param version recorded; the server's version
 * @param arguments what a running instance is handed under the policy that does, byte for byte
 * @param activateTimeout how long an instance may take over a second launch
 */
public record EmbeddedSettings(
        String name,
        LockFile lockFile,
        ConflictPolicy policy,
        Optional<Duration> waitTimeout,
        String transport,
        Duration grace,
        String version,
        List<byte[]> arguments,
        Duration activateTimeout) {}
