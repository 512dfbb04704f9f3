package dev.holdfast.guard;

import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * Makes record, channels and descriptors of a running launcher those of the deployment that is started next. Not safe for
 * use by many threads.
 */
final class DeploymentEntrance implements Deployment.Entrance {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private final RunningServer first;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private @Nullable Deployment entered;

    DeploymentEntrance(RunningServer first, RecordKeeper keeper, Supervisor supervisor) {
        this.first = first;
        this.keeper = keeper;
        this.supervisor = supervisor;
    }

    /** What is running, or was started last. */
    Deployment entered() {
        if (entered == null) {
            throw new IllegalStateException("nothing was started yet");
        }
        return entered;
    }

    /** A deployment runs that was started before. */
    void goesOn(Deployment deployment) {
        entered = deployment;
    }

    @Override
    public void enter(Deployment deployment) {
        Deployment.Parts parts = deployment.parts();
        entered = deployment;
        keeper.deploys(
                parts.version(),
                Guard.timeToStop(parts.server()),
                parts.server().readiness().isExpected());
        first.launch()
                .use(
                        first.channels()
                                .enter(parts.environment(), parts.server().readiness(), supervisor),
                        parts.context(),
                        first.channels().readyPipe());
    }

    @Override
    public void enterBeside(Deployment deployment, int seat) {
        Deployment.Parts parts = deployment.parts();
        entered = deployment;
        keeper.deploys(
                parts.version(),
                Guard.timeToStop(parts.server()),
                parts.server().readiness().isExpected());
        first.launch().startBeside(seat);
        first.launch()
                .use(
                        first.channels()
                                .enterBeside(parts.environment(), parts.server().readiness(), supervisor, seat),
                        parts.context(),
                        first.channels().readyPipe());
        writeToChannels();
    }

    @Override
    public String mark() {
        NotifySocket socket = first.channels().notifySocket();
        return socket == null ? "" : "NOTIFY_SOCKET=" + socket.address();
    }

    @Override
    public void leave(int seat) {
        first.channels().leave(seat, supervisor);
        first.launch().leave(seat);
        writeToChannels();
    }

    private void writeToChannels() {
        OutputTap output = first.channels().output();
        if (output != null) {
            first.launch().writeTo(output.replacement(STDOUT), output.replacement(STDERR));
        }
    }
}
