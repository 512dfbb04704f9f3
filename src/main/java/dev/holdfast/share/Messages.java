package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import java.util.List;

/** What both directions know of messages. */
final class Messages {
    static final String CANCELLED = "notifications/cancelled";
    /** A request that stays open: the subscriptions of a client that knows no handshake. */
    static final String LISTEN = "subscriptions/listen";

    static final String PROGRESS = "notifications/progress";
    static final String UPDATED = "notifications/resources/updated";
    static final String LOGGED = "notifications/message";
    /** How the methods end of what says that a list is not as it was. */
    static final String LIST_CHANGED = "/list_changed";

    /** What names a party: a notification that nobody here knows must have none of them. */
    private static final List<Member> PARTIES = List.of(
            Member.PARAMS_PROGRESS_TOKEN,
            Member.PARAMS_REQUEST_ID,
            Member.PARAMS_TASK_ID,
            Member.PARAMS_ELICITATION_ID,
            Member.META_PROGRESS_TOKEN,
            Member.META_SUBSCRIPTION_ID,
            Member.META_RELATED_TASK);

    private Messages() {}

    static String method(Envelope message) {
        return message.text(Member.METHOD).orElse("");
    }

    /** The revision that a request without a handshake names; empty for one that needs a handshake. */
    static String revision(Envelope message) {
        String revision = message.text(Member.META_PROTOCOL_VERSION).orElse("");
        boolean isModern =
                message.has(Member.META_PROTOCOL_VERSION) || method(message).equals(HostMethod.DISCOVER.method());
        return isModern && revision.isEmpty() ? Opening.OLDEST_MODERN : revision;
    }

    static boolean namesAParty(Envelope message) {
        for (Member party : PARTIES) {
            if (message.has(party)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an answer is a result, and no error. */
    static boolean isResult(byte[] answer) {
        return Envelope.of(answer).map(found -> found.has(Member.RESULT)).orElse(false);
    }
}
