package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.supervise.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * Makes record, channels and descriptors of a running launcher those of the deployment that is started next. Not safe for
 * use by many threads.
 */
final class DeploymentEntrance implements Deployment.Entrance {
    private final RunningServer first;
    private final RecordKeeper keeper;
    private final SeatChanges seats;
    private @Nullable Deployment entered;

    DeploymentEntrance(RunningServer first, RecordKeeper keeper, Supervisor supervisor) {
        this.first = first;
        this.keeper = keeper;
        seats = new SeatChanges(first.channels(), supervisor);
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
        enter(deployment, seats.enter(parts.environment(), parts.server().readiness()));
    }

    @Override
    public void enterBeside(Deployment deployment, int seat) {
        Deployment.Parts parts = deployment.parts();
        enter(deployment, seats.enterBeside(parts.environment(), parts.server().readiness(), seat));
    }

    /** With the environment that names the channels. */
    private void enter(Deployment deployment, Environment environment) {
        Deployment.Parts parts = deployment.parts();
        entered = deployment;
        keeper.deploys(parts);
        first.launch().use(environment, parts.context());
        first.launch().use(first.channels().latest(), first.channels().beside());
    }

    @Override
    public String mark() {
        NotifySocket socket = first.channels().latest().socket();
        return socket == null ? "" : "NOTIFY_SOCKET=" + socket.address();
    }

    @Override
    public void leave(int seat) {
        seats.leave(seat);
        first.launch().use(first.channels().latest(), first.channels().beside());
    }
}
