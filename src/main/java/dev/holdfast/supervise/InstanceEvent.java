package dev.holdfast.supervise;

import dev.holdfast.control.ReloadObstacle;
import dev.holdfast.lock.file.LockCheck;
import dev.holdfast.process.ExitStatus;
import java.time.Duration;

/** Something that happened to an instance. An {@link InstanceListener} hears of it, in the loop's own thread. */
public sealed interface InstanceEvent {
    /** Calls the listener's method for this event. No switch on types, which would load each of them. */
    void tell(InstanceListener listener);

    /**
     * The server was started.
     *
     * @param pid its pid
     * @param again whether another one ran before, under the same launcher
     */
    record Started(int pid, boolean again) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.started(this);
        }
    }

    /**
     * The server says that another process of its tree is the main one.
     *
     * @param pid that one's
     * @param started the one that was started
     */
    record MainChanged(int pid, int started) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.mainChanged(this);
        }
    }

    /**
     * The server is ready to serve, also again after a reload.
     *
     * @param pid its pid
     */
    record Ready(int pid) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.ready(this);
        }
    }

    /**
     * The server is not ready in time, and is stopped now.
     *
     * @param pid its pid
     * @param missing what was waited for in vain
     */
    record NotReady(int pid, String missing) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.notReady(this);
        }
    }

    /**
     * The server tells something of itself, by {@code NOTIFY_SOCKET}.
     *
     * @param notification what it said: may hold anything
     */
    record Notified(Notification notification) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.notified(this);
        }
    }

    /**
     * Somebody who is not believed has said something by the server's {@code NOTIFY_SOCKET}, and is passed over.
     *
     * @param pid the server's
     * @param sender its pid; 0 in another pid namespace
     * @param user its user
     */
    record StrangerSpoke(int pid, int sender, int user) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.strangerSpoke(this);
        }
    }

    /**
     * The descriptor to which the server was to write a newline is closed, and none came.
     *
     * @param pid the server's
     * @param descriptor its number in the server
     */
    record EndedWithoutNewline(int pid, int descriptor) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.endedWithoutNewline(this);
        }
    }

    /**
     * The server reads its configuration again.
     *
     * @param pid its pid
     */
    record Reloading(int pid) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.reloading(this);
        }
    }

    /**
     * A reload was asked for, and the server was told nothing.
     *
     * @param pid the server's
     * @param obstacle why
     */
    record NotReloaded(int pid, ReloadObstacle obstacle) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.notReloaded(this);
        }
    }

    /**
     * The server tells what it does.
     *
     * @param pid its pid
     * @param text one line, as it said it: may hold anything
     */
    record StatusText(int pid, String text) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.statusText(this);
        }
    }

    /**
     * The server was told to stop.
     *
     * @param pid its pid
     * @param reason why
     * @param signal what it got
     * @param grace how long it has
     */
    record Stopping(int pid, StopReason reason, int signal, Duration grace) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.stopping(this);
        }
    }

    /**
     * The server is about to end by itself.
     *
     * @param pid its pid
     * @param reason its client hung up, {@code stdin-closed}, or it said so, {@code server-stopping}, or it was asked to stop
     *     by the end of its input
     * @param patience how long until it gets the stop signal
     * @param untilKilled how long until SIGKILL, at the most
     */
    record Draining(int pid, StopReason reason, Duration patience, Duration untilKilled) implements InstanceEvent {
        /** The cause when the server has said so itself. */
        static final String SERVER_STOPPING = "server-stopping";

        /** Whether the server has said so itself. */
        public boolean isServersOwn() {
            return reason.cause().equals(SERVER_STOPPING);
        }

        @Override
        public void tell(InstanceListener listener) {
            listener.draining(this);
        }
    }

    /**
     * The server ended. Others of its tree may be left.
     *
     * @param pid its pid
     * @param status how
     */
    record Ended(int pid, ExitStatus status) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.ended(this);
        }
    }

    /**
     * The server ended and left processes behind, which were told to stop.
     *
     * @param pid the server's
     * @param count how many
     */
    record Sweeping(int pid, int count) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.sweeping(this);
        }
    }

    /**
     * SIGKILL goes to all that is left.
     *
     * @param pid the server's
     * @param reason why
     */
    record Killing(int pid, String reason) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.killing(this);
        }
    }

    /**
     * A process of the server's tree may not be signalled, and was not. Told again each time that it is tried.
     *
     * @param process whose pid
     * @param signal what it was to get
     */
    record Refused(int process, int signal) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.refused(this);
        }
    }

    /**
     * Something does not die of SIGKILL (state D, or a bug in the kernel), or may not get it, and is left alone.
     *
     * @param pid the server's
     * @param pids what is left
     */
    record Survived(int pid, String pids) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.survived(this);
        }
    }

    /**
     * Nothing of the server is left.
     *
     * @param pid the server's
     * @param status how it ended
     */
    record Gone(int pid, ExitStatus status) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.gone(this);
        }
    }

    /**
     * The server is started again after a while.
     *
     * @param pid who it was
     * @param delay how long a while
     * @param status how it ended
     */
    record BackingOff(int pid, Duration delay, ExitStatus status) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.backingOff(this);
        }
    }

    /**
     * The server is not started again: it ended too often.
     *
     * @param restarts how many restarts there were
     */
    record GaveUp(int restarts) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.gaveUp(this);
        }
    }

    /**
     * This process may not signal the server, so it cannot stop it.
     *
     * @param pid the server's
     */
    record OutOfReach(int pid) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.outOfReach(this);
        }
    }

    /**
     * Something happened to a server that runs beside the instance's own, during a redeploy: the new one before it is
     * ready, the old one after that.
     *
     * @param event what
     */
    record Beside(InstanceEvent event) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.beside(this);
        }
    }

    /**
     * The instance's own server is the one that ran beside it, and the other way round.
     *
     * @param pid who is the server now
     * @param isReady whether it is ready
     * @param isReadyExpected whether it says when it is ready, or that is seen
     * @param beside who runs beside it now
     */
    record ChangedPlaces(int pid, boolean isReady, boolean isReadyExpected, int beside) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.changedPlaces(this);
        }
    }

    /** No server runs beside the instance's own any more. */
    record Alone() implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.alone(this);
        }
    }

    /**
     * The lock was looked after.
     *
     * @param found what counts
     * @param isNews whether it is another thing than before
     */
    record LockChecked(LockCheck found, boolean isNews) implements InstanceEvent {
        @Override
        public void tell(InstanceListener listener) {
            listener.lockChecked(this);
        }
    }
}
