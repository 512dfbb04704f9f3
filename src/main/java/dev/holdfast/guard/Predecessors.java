package dev.holdfast.guard;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.settings.HandOff;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who had the lock before, where that one did not simply release it: for the history, once the server runs.
 *
 * @param takeover who was ended for this start; null when nobody was
 * @param left what a holder that is no more has left; null when it has left nothing
 */
record Predecessors(@Nullable Takeover takeover, @Nullable LockRecord left) {
    /**
     * What has crashed. Not what this very start has ended, nor a server without a launcher: it has nobody who would
     * remove its record.
     */
    Optional<LockRecord> crashed() {
        boolean isEndedByUs =
                left != null && takeover != null && takeover.instanceId().equals(left.instanceId());
        return left == null || isEndedByUs || left.care().handOff().orElse(HandOff.SUPERVISE) == HandOff.EXEC
                ? Optional.empty()
                : Optional.of(left);
    }
}
