package dev.holdfast.share;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the server once for a list that several clients want at the same time, in the very same words. Nothing is kept once
 * it is answered. Not safe for use by several threads.
 */
final class SameLists {
    private final Asking server;
    private final Answering answers;
    private final Map<String, List<Long>> open = new HashMap<>();

    SameLists(Asking server, Answering answers) {
        this.server = server;
        this.answers = answers;
    }

    /** Answers a client's request. */
    @FunctionalInterface
    interface Answering {
        /**
         * Does nothing for a request that is not open.
         *
         * @param answer under whatever id
         */
        void answer(long wireId, byte[] answer);
    }

    /** Whether a request is for a list, and answered with nothing else: no progress. */
    static boolean areFor(Envelope message) {
        return Messages.method(message).endsWith("/list") && !message.has(Member.META_PROGRESS_TOKEN);
    }

    /**
     * A client asks for a list.
     *
     * @param line its request, as it would be sent
     * @param message what is in this very line
     * @return whether the server is asked now, and not by another's request
     */
    boolean ask(long wireId, byte[] line, Envelope message) {
        String method = Messages.method(message);
        String params = message.has(Member.PARAMS) ? text(line, message) : "{}";
        String key = method + " " + params;
        List<Long> asking = open.get(key);
        if (asking != null) {
            asking.add(wireId);
            return false;
        }
        open.put(key, new ArrayList<>(List.of(wireId)));
        server.send(method, params, answer -> answered(key, answer));
        return true;
    }

    private static String text(byte[] line, Envelope message) {
        int from = message.from(Member.PARAMS);
        return new String(line, from, message.to(Member.PARAMS) - from, StandardCharsets.ISO_8859_1);
    }

    private void answered(String key, byte[] answer) {
        List<Long> asking = open.remove(key);
        if (asking != null) {
            asking.forEach(wireId -> answers.answer(wireId, answer));
        }
    }

    /**
     * A request is of no use any more. The server goes on with it: another may come in between.
     *
     * @return whether it was one of these, and the server is to be told nothing
     */
    boolean withdraw(long wireId) {
        boolean found = false;
        for (List<Long> asking : open.values()) {
            found |= asking.remove(Long.valueOf(wireId));
        }
        return found;
    }

    /** Whether a request waits for a list. */
    boolean has(long wireId) {
        return open.values().stream().anyMatch(each -> each.contains(wireId));
    }
}
