package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.ReloadObstacle;
import dev.holdfast.control.Request;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.SignalRefusal;
import java.time.Duration;
import java.util.Optional;

/** By which way an instance is asked for something. */
interface Carrier {
    /**
     * Asks. Blocks for an answer where there may be one.
     *
     * @return {@link Outcome#isTaken taken}, or how it ends
     */
    Outcome send(Request request);

    /** Waits so long at the most; whether who was asked has ended, or let go of the lock. */
    boolean awaitEnd(int millis);

    /** What it means that a signal was sent, or not. */
    static Outcome sent(PinnedProcess process, Delivery delivery, Outcome.Result whenSent) {
        if (delivery == Delivery.SENT) {
            return Outcome.of(whenSent);
        }
        return delivery == Delivery.GONE || process.hasEnded()
                ? Outcome.ended(new NotDone.Gone())
                : Outcome.refused(new NotDone.OutOfReach(SignalRefusal.text(process.pid())));
    }

    /** A launcher refuses a reload. An older one says it in words only. */
    private static Outcome notReloadable(ControlAnswer refusal) {
        ReloadObstacle why = refusal.obstacle().orElseGet(() -> new ReloadObstacle.Told(refusal.error()));
        return Outcome.refused(new NotDone.NotReloadable(why, true));
    }

    /**
     * By the private signal, to a launcher that was proved to hold the lock.
     *
     * @param head the launcher
     */
    record BySignal(PinnedProcess head) implements Carrier {
        @Override
        public Outcome send(Request request) {
            return sent(head, head.queue(Request.SIGNAL, request.signalValue()), Outcome.Result.ASKED);
        }

        @Override
        public boolean awaitEnd(int millis) {
            return head.awaitEnd(millis);
        }
    }

    /**
     * To a launcher that was proved to hold the lock, by its control socket, so that it answers; by the private signal
     * where it does not, since it is older or has no socket.
     */
    record ByEither(HolderContact contact, BySignal signal) implements Carrier {
        /** A launcher has its socket a moment after its server. */
        private static final Duration PATIENCE = Duration.ofSeconds(2);

        @Override
        public Outcome send(Request request) {
            Optional<ControlAnswer> answer = contact.askPatiently(contact.call(request, Optional.empty()), PATIENCE);
            if (answer.isEmpty()) {
                return signal.send(request);
            }
            return answer.get().error().isEmpty() ? Outcome.of(Outcome.Result.DONE) : notReloadable(answer.get());
        }

        @Override
        public boolean awaitEnd(int millis) {
            return signal.awaitEnd(millis);
        }
    }

    /**
     * By its control socket, to a launcher whose pid counts in another pid namespace.
     *
     * @param incumbent the launcher, for what is told of it
     */
    record BySocket(Incumbent incumbent, HolderContact contact) implements Carrier {
        @Override
        public Outcome send(Request request) {
            Optional<ControlAnswer> answer = contact.askPatiently(contact.call(request, Optional.empty()));
            String error = answer.map(ControlAnswer::error).orElse("");
            if (answer.isPresent() && error.isEmpty()) {
                return Outcome.of(Outcome.Result.DONE);
            }
            if (request == Request.RELOAD && answer.isPresent() && !error.equals(ControlAnswer.OTHER_INSTANCE)) {
                return notReloadable(answer.get());
            }
            Obstacle obstacle = answer.isPresent() ? new Obstacle.Declined(request, error) : contact.noAnswer(request);
            return Outcome.refused(new NotDone.NotByLauncher(incumbent, obstacle));
        }

        @Override
        public boolean awaitEnd(int millis) {
            return contact.awaitRelease(System.nanoTime() + millis * 1_000_000L);
        }
    }
}
