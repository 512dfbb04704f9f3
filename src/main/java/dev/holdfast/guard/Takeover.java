package dev.holdfast.guard;

import dev.holdfast.instance.Incumbent;
import dev.holdfast.lock.file.LockRecord;

/**
 * Who was ended for a start.
 *
 * @param pid whose pid was proved; 0 when it was asked, and lives elsewhere
 * @param instanceId of what its record said; empty when that could not be read
 * @param reason why
 */
record Takeover(int pid, String instanceId, String reason) {
    static Takeover from(Incumbent incumbent, String reason) {
        return new Takeover(
                incumbent.pid(), incumbent.record().map(LockRecord::instanceId).orElse(""), reason);
    }
}
