package dev.holdfast.instance;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.Request;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.PinnedProcess;
import dev.holdfast.process.SignalRefusal;
import java.util.Optional;

/** By which way a launcher is asked: by the private signal where it can be pinned, by its control socket elsewhere. */
interface Carrier {
    /** Asks for something. Empty when the launcher takes it; otherwise how that ends. */
    Optional<Outcome> send(Request request);

    /** Waits so long at the most; whether the launcher has ended, or let go of the lock. */
    boolean awaitEnd(int millis);

    /**
     * To a launcher that was proved to hold the lock.
     *
     * @param head the launcher
     */
    record BySignal(PinnedProcess head) implements Carrier {
        @Override
        public Optional<Outcome> send(Request request) {
            return refusal(head, head.queue(Request.SIGNAL, request.signalValue()));
        }

        /** What it means that a signal did not arrive; empty when it did. */
        static Optional<Outcome> refusal(PinnedProcess process, Delivery delivery) {
            if (delivery == Delivery.SENT) {
                return Optional.empty();
            }
            return Optional.of(
                    delivery == Delivery.GONE || process.hasEnded()
                            ? Outcome.ended(new NotDone.Gone())
                            : Outcome.refused(new NotDone.OutOfReach(SignalRefusal.text(process.pid()))));
        }

        @Override
        public boolean awaitEnd(int millis) {
            return head.awaitEnd(millis);
        }
    }

    /**
     * To a launcher whose pid counts in another pid namespace.
     *
     * @param incumbent the launcher, for what is told of it
     */
    record BySocket(Incumbent incumbent, HolderContact contact) implements Carrier {
        @Override
        public Optional<Outcome> send(Request request) {
            Optional<ControlAnswer> answer = contact.askPatiently(contact.call(request, Optional.empty()));
            return answer.isPresent() && answer.get().error().isEmpty()
                    ? Optional.empty()
                    : Optional.of(notDone(request, answer));
        }

        /** For an answer that says no, or none. */
        Outcome notDone(Request request, Optional<ControlAnswer> answer) {
            Obstacle obstacle = answer.isPresent()
                    ? new Obstacle.Declined(request, answer.get().error())
                    : contact.noAnswer(request);
            return Outcome.refused(new NotDone.NotByLauncher(incumbent, obstacle));
        }

        @Override
        public boolean awaitEnd(int millis) {
            return contact.awaitRelease(System.nanoTime() + millis * 1_000_000L);
        }
    }
}
