package dev.holdfast.guard;

import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;

/**
 * Tells of the steps of a stop, where tests let the launcher crash.
 *
 * @param steps is told
 */
record CrashSteps(Steps steps) implements InstanceListener {
    @Override
    public void stopping(InstanceEvent.Stopping event) {
        steps.reached(Step.RELEASE_STOPPING);
    }

    @Override
    public void ended(InstanceEvent.Ended event) {
        steps.reached(Step.RELEASE_REAPED);
    }

    @Override
    public void gone(InstanceEvent.Gone event) {
        steps.reached(Step.RUN_GONE);
    }
}
