package dev.holdfast.supervise;

import dev.holdfast.posix.files.PollSet;

/** The answer of the URL that shows that the server is ready, as a source of the loop. */
public final class ReadinessSource implements EventSource {
    private final Supervisor supervisor;

    /**
     * Waits for what the probes of a server report.
     *
     * @param supervisor whose server it is
     */
    public ReadinessSource(Supervisor supervisor) {
        this.supervisor = supervisor;
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        slots.watch(0, supervisor.readiness().httpDescriptor(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        if (slots.returned(0) != 0) {
            supervisor.readiness().httpAnswered();
        }
    }
}
