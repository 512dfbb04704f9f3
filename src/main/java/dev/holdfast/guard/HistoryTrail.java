package dev.holdfast.guard;

import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.history.HistoryLine;
import dev.holdfast.journal.Journal;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.supervise.Chore;
import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;
import dev.holdfast.supervise.StopReason;
import dev.holdfast.waiting.Ticker;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Appends what becomes of the instance to this user's history, a line for each start, readiness, restart and stop. What
 * happens in the server's first moment is written when that is over, or with its end.
 *
 * <p>A history that cannot be written costs a line for those who look for a fault, and nothing else.
 */
final class HistoryTrail extends Chore implements InstanceListener, AutoCloseable {
    /** What the lines are appended to. */
    interface Appender {
        /**
         * Appends lines.
         *
         * @param lines each with its newline
         * @return why they are not there; empty when they are
         */
        String append(String lines);
    }

    /** Of a server that nobody has told to end. */
    private static final String BY_ITSELF = "ended";

    private final String name;
    private final LockRecord record;
    private final Ticker ticker;
    private final Appender appender;
    private final Journal journal;
    private final StringBuilder waiting = new StringBuilder();
    private boolean isOpen;
    private boolean hasTold;
    private long startedAt;
    private boolean wasReady;
    /** How the server that ran last came to its end, as far as that is known. */
    private final End end = new End();

    /**
     * Nothing is written yet.
     *
     * @param appender writes the lines
     */
    HistoryTrail(LockRecord record, Appender appender, Journal journal, Ticker ticker) {
        super(ticker, Guard.FIRST_LOOK);
        this.name = record.name();
        this.record = record;
        this.appender = appender;
        this.journal = journal;
        this.ticker = ticker;
    }

    /** Of an instance that was just started: with who had its lock before. */
    static HistoryTrail of(SuperviseHandOff handOff, LockRecord record, HomeWriter writer) {
        HistoryTrail trail = new HistoryTrail(record, new UserHistory(writer), handOff.journal, Ticker.SYSTEM);
        if (handOff.predecessors != null) {
            trail.tell(handOff.predecessors);
        }
        return trail;
    }

    private void tell(Predecessors before) {
        Takeover takeover = before.takeover();
        if (takeover != null) {
            HistoryLine line = line(HistoryKind.TAKEOVER).text(HistoryKey.REASON, takeover.reason());
            if (takeover.pid() > 0) {
                line.number(HistoryKey.OTHER_PID, takeover.pid());
            }
            add(line.text(HistoryKey.OTHER_INSTANCE, takeover.instanceId()));
        }
        Optional<LockRecord> crashed = before.crashed();
        if (crashed.isPresent()) {
            LockRecord left = crashed.get();
            boolean isOfThisBoot = left.bootId().equals(ProcFs.bootId());
            add(new HistoryLine(HistoryKind.CRASH, name, left.instanceId())
                    .number(HistoryKey.PID, left.launcher().pid())
                    .text(HistoryKey.REASON, isOfThisBoot ? "not-released" : "reboot")
                    .text(HistoryKey.VERSION, left.version())
                    .text(HistoryKey.OTHER_START, left.startTime()));
        }
    }

    private HistoryLine line(HistoryKind kind) {
        return new HistoryLine(kind, name, record.instanceId());
    }

    private void add(HistoryLine line) {
        waiting.append(line.end());
        if (isOpen) {
            write();
        }
    }

    private void write() {
        if (waiting.isEmpty()) {
            return;
        }
        tell(appender.append(waiting.toString()));
        waiting.setLength(0);
    }

    private void tell(String obstacle) {
        if (!obstacle.isEmpty() && !hasTold) {
            hasTold = true;
            journal.debug("no line in the history: " + obstacle);
        }
    }

    @Override
    protected void run() {
        isOpen = true;
        write();
    }

    @Override
    public void started(InstanceEvent.Started event) {
        HistoryLine line =
                line(event.again() ? HistoryKind.RESTART : HistoryKind.START).number(HistoryKey.PID, event.pid());
        begin(event.again() ? end.addTo(line) : line.text(HistoryKey.VERSION, record.version()));
    }

    private void begin(HistoryLine line) {
        end.clear();
        startedAt = ticker.nanoTime();
        wasReady = false;
        add(line);
    }

    /** Of the two servers of a redeploy, the new one is told of when it takes the place. */
    @Override
    public void changedPlaces(InstanceEvent.ChangedPlaces event) {
        begin(line(HistoryKind.RESTART).number(HistoryKey.PID, event.pid()).text(HistoryKey.REASON, "redeploy"));
        wasReady = event.isReady();
    }

    @Override
    public void ready(InstanceEvent.Ready event) {
        if (!wasReady) { // not again after a reload
            wasReady = true;
            add(line(HistoryKind.READY)
                    .number(HistoryKey.PID, event.pid())
                    .number(HistoryKey.TOOK, millisSince(startedAt)));
        }
    }

    @Override
    public void notReady(InstanceEvent.NotReady event) {
        end.cause = "not-ready";
    }

    @Override
    public void draining(InstanceEvent.Draining event) {
        end.begin(event.reason().cause());
        end.reason = event.reason();
    }

    @Override
    public void stopping(InstanceEvent.Stopping event) {
        end.begin(event.reason().cause());
        end.reason = event.reason();
    }

    @Override
    public void killing(InstanceEvent.Killing event) {
        end.begin("killed");
        end.isKilled = true;
    }

    @Override
    public void ended(InstanceEvent.Ended event) {
        end.pid = event.pid();
        end.status = event.status();
    }

    @Override
    public void gone(InstanceEvent.Gone event) {
        end.pid = event.pid();
        end.status = event.status();
        end.tookMillis = end.began ? millisSince(end.beganAt) : -1;
    }

    @Override
    public void backingOff(InstanceEvent.BackingOff event) {
        end.delayMillis = event.delay().toMillis();
    }

    @Override
    public void gaveUp(InstanceEvent.GaveUp event) {
        end.cause = "gave-up";
    }

    /** The launcher is about to end, so the server that ended last was stopped for good. */
    @Override
    public void close() {
        if (end.status != null) {
            end.delayMillis = -1; // nothing was started after it
            waiting.append(end.addTo(line(HistoryKind.STOP).number(HistoryKey.PID, end.pid))
                    .end());
        }
        write();
    }

    private long millisSince(long nanos) {
        return (ticker.nanoTime() - nanos) / 1_000_000;
    }

    /** What is known of a server's end before it is told. */
    private final class End {
        private String cause = "";
        private boolean began;
        private long beganAt;
        private long tookMillis;
        private long delayMillis;
        private boolean isKilled;
        private int pid;
        private @Nullable StopReason reason;
        private @Nullable ExitStatus status;

        End() {
            clear();
        }

        void clear() {
            cause = "";
            began = false;
            tookMillis = -1;
            delayMillis = -1;
            isKilled = false;
            reason = null;
            status = null;
        }

        /** The first cause counts, and from then on the time. */
        void begin(String why) {
            if (!began) {
                began = true;
                beganAt = ticker.nanoTime();
                cause = cause.isEmpty() ? why : cause;
            }
        }

        HistoryLine addTo(HistoryLine line) {
            line.text(HistoryKey.REASON, cause.isEmpty() ? BY_ITSELF : cause);
            StopReason asked = reason;
            if (asked != null) {
                addAsker(line, asked);
            }
            if (tookMillis >= 0) {
                line.number(HistoryKey.TOOK, tookMillis);
            }
            ExitStatus how = status;
            if (how != null && how.signal() == 0) {
                line.number(HistoryKey.CODE, how.code());
            } else if (how != null) {
                line.text(HistoryKey.SIGNAL, "SIG" + Signals.name(how.signal()));
            }
            if (isKilled) {
                line.flag(HistoryKey.KILLED);
            }
            if (delayMillis >= 0) {
                line.number(HistoryKey.DELAY, delayMillis);
            }
            return line;
        }

        private void addAsker(HistoryLine line, StopReason asked) {
            if (asked.fromKernel()) {
                line.flag(HistoryKey.TERMINAL);
            } else if (asked.senderPid() > 0 && asked.senderPid() != Self.pid()) {
                line.number(HistoryKey.BY_PID, asked.senderPid()).number(HistoryKey.BY_USER, asked.senderUid());
            }
            line.text(HistoryKey.BY_HOST, asked.host());
        }
    }
}
