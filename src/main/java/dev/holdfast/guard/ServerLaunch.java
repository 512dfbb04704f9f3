package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import dev.holdfast.command.Inheritance;
import dev.holdfast.command.LaunchTarget;
import dev.holdfast.command.ServerContext;
import dev.holdfast.listen.ListeningSockets;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Exec;
import dev.holdfast.posix.processes.ProcessStat;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.signals.DeathSignal;
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
    /** The one of the latest start. Never closed at the end: the launcher's end is what it is there for. */
    private @Nullable DeathSignal latest;

    private int latestGroup;
    private int serverPid;
    /** By what the supervisor knows the latest one. */
    private int seat;
    /** The server that runs beside the latest one; null for none. */
    private @Nullable Earlier beside;

    private int stdout = STDOUT;
    private int stderr = STDERR;
    private @Nullable ReadyPipe readyPipe;

    /**
     * What a server will inherit.
     *
     * @param isLastOfTree whether nothing of the server's tree outlives it
     * @param callersDescriptors those above 2 that the launcher's caller passed on
     * @param deathSignal what it gets when the launcher is killed; 0 for nothing
     * @param context where and as whom it runs
     * @param sockets what it listens on, of the launcher's own; the environment tells of them
     */
    ServerLaunch(
            Tenure tenure,
            Environment environment,
            boolean hangUpIgnored,
            boolean isLastOfTree,
            List<Integer> callersDescriptors,
            int deathSignal,
            ServerContext context,
            Optional<ListeningSockets> sockets) {
        this.inheritance =
                new Inheritance(sockets.isPresent() ? sockets.get().without(callersDescriptors) : callersDescriptors);
        this.sockets = sockets;
        held = tenure.inherited(isLastOfTree);
        this.environment = environment;
        this.hangUpIgnored = hangUpIgnored;
        this.listens = isListening(environment);
        this.deathSignal = deathSignal;
        this.context = context;
    }

    /** Lets it write elsewhere than to this process's own stdout and stderr. */
    void writeTo(int newStdout, int newStderr) {
        stdout = newStdout;
        stderr = newStderr;
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

    /** Lets it say by this that it is ready: a new pipe for each start, instead of what the caller has under that number. */
    void sayReadyOn(ReadyPipe pipe) {
        readyPipe = pipe;
        inheritance.reserve(pipe.number());
    }

    /** Whether the sockets of {@code LISTEN_FDS} are for this process. */
    private static boolean isListening(Environment environment) {
        return Self.listenedSockets(environment.value("LISTEN_PID"), environment.value("LISTEN_FDS")) > 0;
    }

    /** From now on it starts another deployment's command. */
    void use(Environment newEnvironment, ServerContext newContext, @Nullable ReadyPipe newReadyPipe) {
        environment = sockets.isPresent() ? sockets.get().addTo(newEnvironment) : newEnvironment;
        listens = isListening(environment);
        context = newContext;
        readyPipe = newReadyPipe;
        inheritance.reserve(newReadyPipe == null ? 0 : newReadyPipe.number());
    }

    /**
     * A server that was started before the latest one, and runs beside it.
     *
     * @param signal tells it of the launcher's death; null for nothing
     */
    private record Earlier(
            int seat, int pid, int group, @Nullable DeathSignal signal) {}

    /** What is started next runs beside what was started last. */
    void startBeside(int newSeat) {
        beside = new Earlier(seat, serverPid, latestGroup, latest);
        latest = null;
        serverPid = 0;
        seat = newSeat;
    }

    /** One of the two has gone, or was not started. */
    void leave(int leaving) {
        Earlier other = beside;
        beside = null;
        if (other == null) {
            return;
        }
        DeathSignal gone = leaving == seat ? latest : other.signal();
        if (leaving == seat) {
            seat = other.seat();
            serverPid = other.pid();
            latest = other.signal();
            latestGroup = other.group();
        }
        if (gone != null) {
            gone.close();
        }
    }

    /** The server that runs beside the latest one; 0 for none. */
    int besidePid() {
        return beside == null ? 0 : beside.pid();
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
        if (stdout != STDOUT) {
            spawn.passDescriptor(stdout, STDOUT);
        }
        if (stderr != STDERR) {
            spawn.passDescriptor(stderr, STDERR);
        }
        inheritance.passCallers(spawn);
        try {
            for (int descriptor : held) {
                inheritance.pass(spawn, descriptor);
            }
            serverPid = 0;
            return deathSignal == 0 ? startHere(spawn) : startWithDeathSignal(spawn);
        } finally {
            inheritance.closeCopies();
        }
    }

    private int startHere(Spawn spawn) {
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
        serverPid = Math.max(0, pid);
        return pid;
    }

    /** The server of the latest start, which may have ended since; 0 when that failed, or there was none. */
    int serverPid() {
        return serverPid;
    }

    /** Aimed at the server as soon as it has a pid. */
    private int startWithDeathSignal(Spawn spawn) {
        if (latest != null) {
            latest.close(); // of a start that failed, or of a server that has ended
        }
        DeathSignal signal = DeathSignal.create(FIRST_OWN, deathSignal);
        latest = signal;
        inheritance.pass(spawn, signal.descriptor());
        spawn.dieOf(signal);
        int pid = startHere(spawn);
        if (pid > 0) {
            latestGroup = pid;
        }
        return pid;
    }

    /**
     * A server has another main process from now on, which may have left the process group of the first one.
     *
     * @param started the one that was started
     */
    void aimDeathSignalAt(int pid, int started) {
        int group = ProcessStat.of(pid).map(ProcessStat::processGroup).orElse(0);
        Earlier other = beside;
        if (other != null && other.pid() == started) {
            if (other.signal() != null && group != other.group()) {
                other.signal().aimAt(group == pid ? -pid : pid);
            }
        } else if (latest != null && group != latestGroup) {
            latest.aimAt(group == pid ? -pid : pid);
        }
    }

    /** As the interface says. {@code LISTEN_PID} stays true: it is this process. */
    @Override
    public int become(byte[] program, List<byte[]> arguments) {
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
