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

    /** A second one while two servers run. */
    @Override
    public int slots() {
        return 2;
    }

    @Override
    public boolean isBeforeReaping() {
        return true;
    }

    @Override
    public void arm(PollSlots slots) {
        slots.watch(0, supervisor.servers().readiness().httpDescriptor(), PollSet.READABLE);
        Readiness beside = supervisor.servers().readinessBeside();
        slots.watch(1, beside == null ? -1 : beside.httpDescriptor(), PollSet.READABLE);
    }

    @Override
    public void serve(PollSlots slots) {
        if (slots.returned(0) != 0) {
            supervisor.servers().readiness().httpAnswered();
        }
        Readiness beside = supervisor.servers().readinessBeside();
        if (beside != null && slots.returned(1) != 0) {
            beside.httpAnswered();
        }
    }
}
