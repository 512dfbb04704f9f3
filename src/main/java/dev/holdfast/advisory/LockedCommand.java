package dev.holdfast.advisory;

import dev.holdfast.command.CommandException;
import dev.holdfast.command.Environment;
import dev.holdfast.command.Inheritance;
import dev.holdfast.command.LaunchTarget;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.lock.Hold;
import dev.holdfast.posix.files.DescriptorTable;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.posix.processes.Exec;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.posix.signals.DeathSignal;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.process.SignalRefusal;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command while an advisory lock is held for it, as flock(1) runs one: in the same process group, so that the
 * terminal's keys and the shell's job control mean both. What is sent to this process alone is passed on.
 *
 * <p>The command has the descriptors that this process was started with, and not the lock's: what it leaves behind as a
 * daemon does not hold the lock. When this process is killed, and the lock freed by that, the kernel sends the command a
 * TERM. Not safe for use by many threads.
 */
public final class LockedCommand implements LaunchTarget {
    private final Hold hold;
    private final Environment environment;
    private final Inheritance inheritance;
    private final SignalQueue signals;
    private final Consumer<String> warning;
    private @Nullable DeathSignal death;
    private boolean interruptKey;

    /**
     * A command that has yet to be started.
     *
     * @param hold the lock
     * @param environment what it is started with
     * @param inherited the descriptors above 2 that it gets, in ascending order
     * @param signals the queue of this process's signals
     * @param warning hears, in half a sentence, what could not be passed on
     */
    public LockedCommand(
            Hold hold,
            Environment environment,
            List<Integer> inherited,
            SignalQueue signals,
            Consumer<String> warning) {
        this.hold = hold;
        this.environment = environment;
        this.inheritance = new Inheritance(List.copyOf(inherited));
        this.signals = signals;
        this.warning = warning;
    }

    /**
     * Runs a command to its end. Blocks. The lock stays held.
     *
     * @param command what to run
     * @param sentBefore signals that came while the lock was waited for, for it
     * @return how it ended
     * @throws CommandException if the kernel refuses the program
     */
    public ExitStatus run(ResolvedCommand command, List<SignalQueue.Received> sentBefore) {
        Signals.setDefault(Signals.CHLD); // ignored, it would lose the exit status
        try (DeathSignal onDeath = DeathSignal.create(0, Signals.TERM);
                PollSet poll = new PollSet(1)) {
            death = onDeath;
            int pid = command.start(this);
            try {
                return watch(pid, sentBefore, poll);
            } catch (RuntimeException | Error e) {
                // As when this process is killed: the lock is free in a moment. It was not reaped, or there is no
                // failure.
                var unused = Self.kill(pid, Signals.TERM);
                throw e;
            }
        }
    }

    private ExitStatus watch(int pid, List<SignalQueue.Received> sentBefore, PollSet poll) {
        for (SignalQueue.Received signal : sentBefore) {
            relay(signal, pid);
        }
        poll.add(signals.descriptor(), PollSet.READABLE);
        ExitStatus end = reap(pid);
        while (end == null) {
            poll.await(-1);
            for (SignalQueue.Received signal = signals.next(); signal != null; signal = signals.next()) {
                relay(signal, pid);
            }
            end = reap(pid);
        }
        return end;
    }

    /**
     * Dies of Ctrl-C, when it came and the command died of it: a shell that runs a script goes on after a program that
     * ended by itself, with whatever code. The kernel frees the lock then. Returns when it did not come so.
     *
     * @param end how the command ended
     */
    public void dieOfInterruptKey(ExitStatus end) {
        if (interruptKey && end.signal() == Signals.INT) {
            Signals.dieOf(Signals.INT);
        }
    }

    /**
     * Replaces this process by a command that holds the lock itself, until it and all to whom it passes the descriptor
     * on have ended.
     *
     * @param command what to run
     * @param sentBefore signals that came while the lock was waited for, for it
     * @return why that failed; on success it does not return
     */
    public CommandException become(ResolvedCommand command, List<SignalQueue.Received> sentBefore) {
        for (SignalQueue.Received signal : sentBefore) {
            var unused = Self.kill(Self.pid(), signal.number()); // pending until the mask is emptied
        }
        return command.become(this);
    }

    private static @Nullable ExitStatus reap(int pid) {
        for (Children.News news = Children.next(); news.pid() != 0; news = Children.next()) {
            if (news.pid() == pid && news.change() == Children.Change.EXITED) {
                return ExitStatus.exited(news.status());
            }
            if (news.pid() == pid && news.change() == Children.Change.KILLED) {
                return ExitStatus.killedBy(news.status());
            }
        }
        return null;
    }

    private void relay(SignalQueue.Received signal, int pid) {
        int number = signal.number();
        if (number == Signals.CHLD || signal.senderPid() == Self.pid()) {
            return;
        }
        interruptKey |= signal.fromKernel() && number == Signals.INT;
        // The terminal's own signals go to the whole group, and so does what the command sends to its group. Only of a
        // hang-up the kernel tells the session's leader alone.
        boolean forGroup = signal.fromKernel() && !(number == Signals.HUP && Self.isSessionLeader());
        if (!forGroup && signal.senderPid() != pid) {
            // Our child, not reaped yet.
            if (Delivery.of(Self.kill(pid, number)) == Delivery.REFUSED) {
                warning.accept("cannot pass SIG" + Signals.name(number) + " on: " + SignalRefusal.text(pid));
            }
        }
        if (number == Signals.TSTP || number == Signals.TTIN || number == Signals.TTOU) {
            // The shell waits for us to stop. Blocks here until it continues the job.
            var unused = Signals.stopSelf(number);
        }
    }

    @Override
    public ServerContext context() {
        return ServerContext.LAUNCHERS;
    }

    @Override
    public int start(byte[] program, List<byte[]> arguments) {
        Spawn spawn = new Spawn(program, arguments, environment.entries());
        spawn.stayInJob();
        if (death != null) {
            spawn.dieOf(death);
        }
        inheritance.passCallers(spawn);
        return spawn.start();
    }

    @Override
    public int become(byte[] program, List<byte[]> arguments) {
        DescriptorTable.separate();
        var unused = inheritance.copy(hold.descriptor());
        try {
            return Exec.asCommand(program, arguments, environment.entries(), inheritance.kept());
        } finally {
            inheritance.closeCopies();
        }
    }
}
