package dev.holdfast.guard;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ControlCall;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.journal.Journal;
import dev.holdfast.listen.ListeningSockets;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.settings.ActivationSettings;
import dev.holdfast.share.host.Host;
import dev.holdfast.supervise.ControlReply;
import dev.holdfast.supervise.ControlSocket;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.supervise.ReloadRequest;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.supervise.Supervisor;
import dev.holdfast.waiting.Ticker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers what comes in by the control socket. Whoever gets here is the launcher's own user, or root, and could send it
 * the signals as well; so all are served.
 */
final class ControlHandler implements ControlSocket.Handler {
    private final GuardSettings settings;
    private final RecordKeeper keeper;
    private final Supervisor supervisor;
    private final RunningServer server;
    private final Journal journal;
    private final Ticker ticker;
    /** Made at the first second launch. */
    private @Nullable Activations activations;
    /** Made at the first comparison or redeploy. */
    private @Nullable Deployments deployments;

    private @Nullable ServerActivation activation;

    ControlHandler(
            GuardSettings settings,
            RecordKeeper keeper,
            Supervisor supervisor,
            RunningServer server,
            Journal journal,
            Ticker ticker) {
        this.settings = settings;
        this.keeper = keeper;
        this.supervisor = supervisor;
        this.server = server;
        this.journal = journal;
        this.ticker = ticker;
    }

    @Override
    public ControlReply answer(byte[] line, UnixStream.Peer peer) {
        LockRecord record = keeper.record();
        ControlCall call;
        try {
            call = ControlCall.parse(line);
        } catch (ControlCall.RefusedException e) {
            return refused(record, String.valueOf(e.getMessage()));
        }
        boolean isMeant = call.instanceId().equals(record.instanceId());
        if (!isMeant && !call.instanceId().isEmpty()) {
            return refused(record, ControlAnswer.OTHER_INSTANCE);
        }
        if (!isMeant && call.request() == Request.YIELD) {
            return refused(record, "whoever is to yield must be named: \"instanceId\"");
        }
        if (call.request() == Request.ACTIVATE) {
            return activate(call, peer);
        }
        if (call.request() == Request.RELOAD) {
            return reload();
        }
        if (call.request() == Request.SOCKETS) {
            return isMeant
                    ? sockets(call, peer)
                    : refused(record, "whose sockets are meant must be named: \"instanceId\"");
        }
        if (call.request() == Request.SHARE) {
            return share(record);
        }
        if (call.request() == Request.CLIENTS) {
            return clients(record);
        }
        if (call.request() == Request.ATTACH) {
            return attach(call, peer);
        }
        if (call.request() == Request.REDEPLOY || call.request() == Request.ROLLBACK) {
            return redeploy(call, peer);
        }
        return answer(serve(call, peer));
    }

    /** What the server does with the signal may take a moment to be seen. */
    private ControlReply reload() {
        ReloadRequest reload = supervisor.reload();
        return reload.isDecided()
                ? answer(reload)
                : new ControlReply.Later(
                        () -> reload.isDecided() ? answer(reload).line() : null);
    }

    private ControlReply.Line answer(ReloadRequest decided) {
        String instanceId = keeper.record().instanceId();
        return decided.obstacle().isPresent()
                ? new ControlReply.Line(
                        ControlAnswer.refusal(instanceId, decided.obstacle().get()))
                : answer("");
    }

    private ControlReply.Line answer(String obstacle) {
        return obstacle.isEmpty()
                ? new ControlReply.Line(ControlAnswer.line(keeper.record()))
                : refused(keeper.record(), obstacle);
    }

    private static ControlReply.Line refused(LockRecord record, String reason) {
        return new ControlReply.Line(ControlAnswer.refusal(record.instanceId(), reason));
    }

    private ControlReply activate(ControlCall call, UnixStream.Peer peer) {
        ActivationSettings way = settings.activation().orElse(null);
        if (peer.uid() != Self.effectiveUser()) {
            return new ControlReply.Line(refusal("another user's instance is not activated", LongAnswer.Refusal.NEVER));
        }
        if (way == null || !way.isAnyWay()) {
            return new ControlReply.Line(refusal(
                    "it was started without --on-activate COMMAND and --activate-signal SIG, so nothing tells its server",
                    LongAnswer.Refusal.NEVER));
        }
        Activations known = activations;
        if (known == null) {
            ServerActivation target = new ServerActivation(way, keeper, supervisor, server.hooks(), journal, ticker);
            known = new Activations(target, ticker);
            activation = target;
            activations = known;
        }
        return new ControlReply.Longer(
                known.activation(call, reason(call, peer).facts()), call.payloadBytes(), Activations.DESCRIPTORS);
    }

    /** Whoever asks is about to end this instance. Until then the server goes on with them. */
    private ControlReply sockets(ControlCall call, UnixStream.Peer peer) {
        List<Integer> descriptors = server.launch().listening();
        journal.info("handing over " + descriptors.size() + " listening sockets "
                + reason(call, peer).facts());
        server.launch().sockets().ifPresent(ListeningSockets::handedOver);
        return new ControlReply.Descriptors(LongAnswer.done(keeper.record().instanceId(), 0), descriptors);
    }

    private ControlReply share(LockRecord record) {
        Host share = server.share();
        return share == null
                ? refused(record, ControlAnswer.NOT_SHARED)
                : new ControlReply.Line(
                        ControlAnswer.shared(record, share.likeness().key()));
    }

    private ControlReply clients(LockRecord record) {
        Host share = server.share();
        return share == null
                ? refused(record, ControlAnswer.NOT_SHARED)
                : new ControlReply.Line(ControlAnswer.clients(record.instanceId(), share.report()));
    }

    /** Another user's client would act as this one. */
    private ControlReply attach(ControlCall call, UnixStream.Peer peer) {
        Host share = server.share();
        if (share == null) {
            return new ControlReply.Line(refusal(ControlAnswer.NOT_SHARED, LongAnswer.Refusal.NEVER));
        }
        if (peer.uid() != Self.effectiveUser()) {
            return new ControlReply.Line(
                    refusal("another user's instance is not attached to", LongAnswer.Refusal.NEVER));
        }
        ControlWork arrival = share.arrival(keeper.record().instanceId(), peer.pid());
        // The kernel drops those for which this process has no room.
        return new ControlReply.Longer(arrival, call.payloadBytes(), ControlAnswer.CLIENTS_PIPES, true);
    }

    /** Whoever may ask may stop the server as well, and start another one. */
    private ControlReply redeploy(ControlCall call, UnixStream.Peer peer) {
        if (settings.parallelInstances().isPresent()) {
            return new ControlReply.Line(refusal(
                    "it is one of several that may run side by side; stop it, and start the new version",
                    LongAnswer.Refusal.NEVER));
        }
        if (server.share() != null) {
            return new ControlReply.Line(refusal(
                    "it is shared, and its clients' starts say which command it runs; stop it, and let them start the new one",
                    LongAnswer.Refusal.NEVER));
        }
        StopReason reason = reason(call, peer);
        return new ControlReply.Longer(
                call.request() == Request.ROLLBACK
                        ? deployments().rollback(reason)
                        : deployments().redeploy(reason),
                call.payloadBytes(),
                0);
    }

    @Override
    public String progress(String word) {
        return LongAnswer.progress(keeper.record().instanceId(), word, 0);
    }

    @Override
    public String refusal(String reason, String kind) {
        return LongAnswer.refusal(keeper.record().instanceId(), reason, kind);
    }

    @Override
    public void look() {
        if (activations != null) {
            activations.look();
        }
        if (deployments != null) {
            deployments.look();
        }
    }

    @Override
    public long deadline() {
        long own = deployments == null ? Long.MAX_VALUE : deployments.deadline();
        return activations == null ? own : Math.min(own, activations.deadline());
    }

    @Override
    public void heard(Children.News news) {
        if (activation != null) {
            activation.heard(news);
        }
        if (deployments != null) {
            deployments.heard(news);
        }
    }

    /** Also called when nothing was begun. */
    @Override
    public void serverEnded() {
        if (activation != null) {
            activation.serverEnded();
        }
        if (deployments != null) {
            deployments.serverEnded();
        }
    }

    private Deployments deployments() {
        Deployments known = deployments == null
                ? new Deployments(settings, server, keeper, supervisor, journal, ticker)
                : deployments;
        deployments = known;
        return known;
    }

    private static StopReason reason(ControlCall call, UnixStream.Peer peer) {
        // The kernel's pid is the truth, where it has one: the sender's own word counts in its own namespace only.
        boolean isHere = peer.pid() > 0;
        return StopReason.asked(
                call.request().word(), isHere ? peer.pid() : call.pid(), peer.uid(), isHere ? "" : call.host());
    }

    /** Why it is not done; empty when it is. */
    private String serve(ControlCall call, UnixStream.Peer peer) {
        StopReason reason = reason(call, peer);
        switch (call.request()) {
            case STATUS, ACTIVATE, RELOAD, SOCKETS, REDEPLOY, ROLLBACK, SHARE, CLIENTS, ATTACH -> {}
            case STOP, YIELD -> {
                return supervisor.stop(reason, call.grace().orElse(supervisor.grace()));
            }
            case RESTART -> {
                return supervisor.restart(reason);
            }
            case STARTABLE -> {
                return deployments().obstacleToStart();
            }
            case SAME -> {
                return deployments().isMeantBy(call.digest()) ? "" : ControlAnswer.OTHER_COMMAND;
            }
        }
        return "";
    }
}
