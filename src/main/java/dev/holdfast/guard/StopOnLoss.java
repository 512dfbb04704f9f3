package dev.holdfast.guard;

import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.supervise.Supervisor;

/**
 * Stops the server when another process holds its lock: there must not be two.
 *
 * @param supervisor stops it
 */
record StopOnLoss(Supervisor supervisor) implements InstanceListener {
    @Override
    public void lockChecked(InstanceEvent.LockChecked event) {
        if (event.isNews() && event.found() == LockCheck.LOST) {
            supervisor.requestStop("lock-lost");
        }
    }
}
