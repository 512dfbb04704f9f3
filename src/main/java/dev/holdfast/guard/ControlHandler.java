package dev.holdfast.guard;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.control.Request;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.supervise.ControlSocket;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;

/**
 * Answers what comes in by the control socket. Whoever gets here is the launcher's own user, or root, and could send it
 * the signals as well; so all are served.
 */
final class ControlHandler implements ControlSocket.Handler {
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private final SameCommand command;

    ControlHandler(RecordKeeper keeper, Supervisor supervisor, SameCommand command) {
        this.keeper = keeper;
        this.supervisor = supervisor;
        this.command = command;
    }

    @Override
    public String answer(byte[] line, UnixStream.Peer peer) {
        LockRecord record = keeper.record();
        ControlCall call;
        try {
            call = ControlCall.parse(line);
        } catch (ControlCall.RefusedException e) {
            return ControlAnswer.refusal(record.instanceId(), String.valueOf(e.getMessage()));
        }
        boolean isMeant = call.instanceId().equals(record.instanceId());
        if (!isMeant && !call.instanceId().isEmpty()) {
            return ControlAnswer.refusal(record.instanceId(), ControlAnswer.OTHER_INSTANCE);
        }
        if (!isMeant && call.request() == Request.YIELD) {
            return ControlAnswer.refusal(record.instanceId(), "whoever is to yield must be named: \"instanceId\"");
        }
        String obstacle = serve(call, peer);
        return obstacle.isEmpty()
                ? ControlAnswer.line(keeper.record())
                : ControlAnswer.refusal(record.instanceId(), obstacle);
    }

    /** Why it is not done; empty when it is. */
    private String serve(ControlCall call, UnixStream.Peer peer) {
        // The kernel's pid is the truth, where it has one: the sender's own word counts in its own namespace only.
        boolean isHere = peer.pid() > 0;
        StopReason reason = StopReason.asked(
                call.request().word(), isHere ? peer.pid() : call.pid(), peer.uid(), isHere ? "" : call.host());
        switch (call.request()) {
            case STATUS -> {}
            case STOP, YIELD -> {
                return supervisor.stop(reason, call.grace());
            }
            case RESTART -> {
                return supervisor.restart(reason);
            }
            case RELOAD -> {
                return supervisor.reload();
            }
            case SAME -> {
                return command.isMeantBy(call.digest()) ? "" : ControlAnswer.OTHER_COMMAND;
            }
            case ACTIVATE -> {
                return "this instance cannot be activated";
            }
        }
        return "";
    }
}
