package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.Inheritance;
import dev.holdfast.command.LaunchTarget;
import dev.holdfast.command.ServerContext;
import dev.holdfast.listen.ListeningSockets;
import dev.holdfast.posix.files.DescriptorTable;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Exec;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.share.host.ServerPipes;
import dev.holdfast.supervise.OutputTap;
import dev.holdfast.supervise.ReadyPipe;
import dev.holdfast.tenure.Tenure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server inherits: the launcher's own descriptors, the lock's two, one that tells it of the launcher's death,
 * and the launcher's environment with the instance's variables in it.
 *
 * <p>The lock follows the server, so that it is held as long as the server lives, whatever becomes of the launcher.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_listen_fds.3.html">sd_listen_fds(3)</a>
 */
final class ServerLaunch implements LaunchTarget {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int FIRST_OWN = 3;
    /** sd_listen_fds(3) checks the variable against the server's own pid, which is not known before it runs. */
    private static final String SET_LISTEN_PID = "LISTEN_PID=$$; export LISTEN_PID; exec \"$@\"";

    private final int[] held;
    private Environment environment;
    private final boolean hangUpIgnored;
    private boolean listens;
    private final Inheritance inheritance;
    private final int deathSignal;
    private ServerContext context;
    private final Optional<ListeningSockets> sockets;
    /** The place of the server that is started next, or was started last. */
    private ServerSeat latest;
    /** The place of the server that runs beside that one; null for none. */
    private @Nullable ServerSeat beside;

    /**
     * What a server will inherit.
     *
     * @param isLastOfTree whether nothing of the server's tree outlives it
     * @param callersDescriptors those above 2 that the launcher's caller passed on
     * @param deathSignal what it gets when the launcher is killed; 0 for nothing
     * @param context where and as whom it runs
     * @param sockets what it listens on, of the launcher's own; the environment tells of them
     * @param seat its place in the launcher
     */
    ServerLaunch(
            Tenure tenure,
            Environment environment,
            boolean hangUpIgnored,
            boolean isLastOfTree,
            List<Integer> callersDescriptors,
            int deathSignal,
            ServerContext context,
            Optional<ListeningSockets> sockets,
            ServerSeat seat) {
        this.inheritance =
                new Inheritance(sockets.isPresent() ? sockets.get().without(callersDescriptors) : callersDescriptors);
        this.sockets = sockets;
        held = tenure.inherited(isLastOfTree);
        this.environment = environment;
        this.hangUpIgnored = hangUpIgnored;
        this.listens = isListening(environment);
        this.deathSignal = deathSignal;
        this.context = context;
        latest = seat;
        reserveReadyPipe();
    }

    /** The sockets that the launcher keeps for it. */
    Optional<ListeningSockets> sockets() {
        return sockets;
    }

    /** All that it listens on and the launcher has, too: those of the launcher's caller, and the launcher's own. */
    List<Integer> listening() {
        if (sockets.isPresent()) {
            return sockets.get().descriptors();
        }
        List<Integer> descriptors = new ArrayList<>();
        int count = Self.listenedSockets(environment.value("LISTEN_PID"), environment.value("LISTEN_FDS"));
        for (int i = 0; i < count; i++) {
            descriptors.add(FIRST_OWN + i);
        }
        return descriptors;
    }

    /** A new pipe for each start, instead of what the caller has under that number. */
    private void reserveReadyPipe() {
        ReadyPipe pipe = latest.readyPipe();
        inheritance.reserve(pipe == null ? 0 : pipe.number());
    }

    /** Whether the sockets of {@code LISTEN_FDS} are for this process. */
    private static boolean isListening(Environment environment) {
        return Self.listenedSockets(environment.value("LISTEN_PID"), environment.value("LISTEN_FDS")) > 0;
    }

    /** From now on it starts another deployment's command. */
    void use(Environment newEnvironment, ServerContext newContext) {
        environment = sockets.isPresent() ? sockets.get().addTo(newEnvironment) : newEnvironment;
        listens = isListening(environment);
        context = newContext;
    }

    /**
     * The places of the servers from now on.
     *
     * @param newBeside that of the one that runs beside the latest one; null for none
     */
    void use(ServerSeat newLatest, @Nullable ServerSeat newBeside) {
        latest = newLatest;
        beside = newBeside;
        reserveReadyPipe();
    }

    /** Each server that was started and may live: two during a redeploy that overlaps, none where the start has failed. */
    List<Integer> servers() {
        List<Integer> servers = new ArrayList<>();
        if (latest.pid() > 0) {
            servers.add(latest.pid());
        }
        if (beside != null && beside.pid() > 0) {
            servers.add(beside.pid());
        }
        return servers;
    }

    @Override
    public ServerContext context() {
        return context;
    }

    @Override
    public int start(byte[] program, List<byte[]> arguments) {
        Spawn spawn = listens
                ? new Spawn(bytes("/bin/sh"), throughShell(program, arguments), environment.entries())
                : new Spawn(program, arguments, environment.entries());
        if (hangUpIgnored) {
            spawn.keepHangUpIgnored();
        }
        OutputTap output = latest.output();
        if (output != null) {
            passOutput(spawn, output, STDOUT);
            passOutput(spawn, output, STDERR);
        }
        ServerPipes pipes = latest.pipes();
        if (pipes != null) {
            pipes.open();
            spawn.passDescriptor(pipes.serversInput(), STDIN);
            spawn.passDescriptor(pipes.serversOutput(), STDOUT);
        }
        inheritance.passCallers(spawn);
        try {
            for (int descriptor : held) {
                inheritance.pass(spawn, descriptor);
            }
            latest.started(0);
            return deathSignal == 0 ? startHere(spawn) : startWithDeathSignal(spawn);
        } finally {
            if (pipes != null) {
                pipes.handedOver();
            }
            inheritance.closeCopies();
        }
    }

    private static void passOutput(Spawn spawn, OutputTap output, int standard) {
        int replacement = output.replacement(standard);
        if (replacement != standard) {
            spawn.passDescriptor(replacement, standard);
        }
    }

    private int startHere(Spawn spawn) {
        ReadyPipe readyPipe = latest.readyPipe();
        if (readyPipe != null) {
            // Behind what was passed before: in this process its number may be that of anything that was passed before.
            spawn.passDescriptor(readyPipe.open(), readyPipe.number());
        }
        if (sockets.isPresent()) {
            sockets.get().passTo(spawn); // behind all that may have one of their numbers here
        }
        int pid = spawn.start();
        if (readyPipe != null) {
            readyPipe.handedOver();
        }
        latest.started(Math.max(0, pid));
        return pid;
    }

    /** Aimed at the server as soon as it has a pid. */
    private int startWithDeathSignal(Spawn spawn) {
        DeathSignal signal = latest.newDeathSignal(FIRST_OWN, deathSignal);
        inheritance.pass(spawn, signal.descriptor());
        spawn.dieOf(signal);
        int pid = startHere(spawn);
        if (pid > 0) {
            latest.deathSignalIsAimedAt(pid);
        } else {
            latest.startFailed();
        }
        return pid;
    }

    /**
     * A server has another main process from now on, which may have left the process group of the first one.
     *
     * @param started the one that was started
     */
    void aimDeathSignalAt(int pid, int started) {
        ServerSeat other = beside;
        ServerSeat seat = other != null && other.pid() == started ? other : latest;
        seat.aimDeathSignalAt(pid);
    }

    /** As the interface says. {@code LISTEN_PID} stays true: it is this process. */
    @Override
    public int become(byte[] program, List<byte[]> arguments) {
        DescriptorTable.separate();
        try {
            for (int descriptor : held) {
                var unused = inheritance.copy(descriptor);
            }
            Children.leaveSubreaper(); // an exec would keep it, and the server would get children that it does not know
            List<int[]> moved = sockets.isPresent() ? sockets.get().moves() : List.of();
            return Exec.asServer(program, arguments, environment.entries(), inheritance.kept(), moved, hangUpIgnored);
        } finally {
            inheritance.closeCopies();
        }
    }

    /** The shell replaces itself by the program: same pid, nothing in between. */
    private static List<byte[]> throughShell(byte[] program, List<byte[]> arguments) {
        List<byte[]> all = new ArrayList<>();
        all.add(bytes("sh"));
        all.add(bytes("-c"));
        all.add(bytes(SET_LISTEN_PID));
        all.add(bytes("sh"));
        all.add(program);
        all.addAll(arguments.subList(1, arguments.size()));
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
