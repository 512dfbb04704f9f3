package dev.holdfast.share;

import dev.holdfast.json.Envelope;

/** Which requests of clients are refused in the host's own words, before anybody looks at them. */
final class Admission {
    private final Handshake handshake;
    private Closed closed = Closed.NO;

    /** None but those of the wrong era, and of clients that have not begun as they should. */
    Admission(Handshake handshake) {
        this.handshake = handshake;
    }

    /** Why no request is taken now. */
    enum Closed {
        NO("", ""),
        BACKING_OFF("the server has ended again and again, and is not started again yet", "server-ended"),
        STOPPING("the shared server is being stopped, and has not got this request", "server-stopping"),
        ENDED(
                "the shared server has ended, and has not answered this; holdfast logs has what it wrote",
                "server-ended");

        private final String why;
        private final String reason;

        Closed(String why, String reason) {
            this.why = why;
            this.reason = reason;
        }
    }

    boolean isOpen() {
        return closed == Closed.NO;
    }

    /** Whether nothing is taken any more. */
    boolean isStopped() {
        return closed == Closed.STOPPING || closed == Closed.ENDED;
    }

    /** Takes requests again, or none; who has stopped does not start again. */
    void set(Closed next) {
        closed = isStopped() ? closed : next;
    }

    /** The answer to a request that is not taken now. */
    byte[] refusal(String id) {
        return Errors.answer(id, Errors.HOST, closed.why, closed.reason);
    }

    /** The answer of the host's own; empty when the request is to be sent. */
    byte[] refusal(Client client, RawValue id, Envelope message) {
        String method = Messages.method(message);
        String revision = Messages.revision(message);
        boolean isModern = !revision.isEmpty();
        if (method.equals("ping") && !client.isTalking()) {
            return Errors.empty(id.json());
        }
        if (isModern ? handshake.isLegacy() : handshake.isModern()) {
            return otherEra(id.json(), method, revision);
        }
        if (!isModern && !client.isTalking()) {
            return Errors.answer(id.json(), Errors.INVALID_REQUEST, "not initialized");
        }
        return isOpen() ? new byte[0] : refusal(id.json());
    }

    /** The answer to a request of the other era than the server's. */
    byte[] otherEra(String id, String method, String revision) {
        boolean isAskedAtAll = method.equals(HostMethod.DISCOVER.method()) && !handshake.isModern();
        return isAskedAtAll
                ? Errors.answer(id, Errors.METHOD_NOT_FOUND, "the shared server needs a handshake")
                : handshake.otherEra(id, revision);
    }
}
