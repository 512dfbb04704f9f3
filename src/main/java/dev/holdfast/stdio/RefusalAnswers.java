package dev.holdfast.stdio;

import dev.holdfast.json.Batch;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.text.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Answers each request of a line with one and the same JSON-RPC error: those of a batch, too. Notifications, answers and what
 * is no message get none. A request's id comes back byte for byte. Not safe for use by many threads.
 *
 * @see <a href="https://www.jsonrpc.org/specification#error_object">JSON-RPC 2.0 Specification, 5.1 Error object</a>
 */
final class RefusalAnswers {
    /** The first of the codes that are left to servers; what clients show is the text. */
    private static final int CODE = -32000;

    private static final byte[] BEFORE_ID = ascii("{\"jsonrpc\":\"2.0\",\"id\":");

    private final byte[] afterId;
    private final Output output;

    /** Where the answers go. */
    interface Output {
        /**
         * Writes.
         *
         * @param bytes a part of a line
         * @return false when nobody takes any more
         */
        boolean write(byte[] bytes);
    }

    /**
     * Answers for one refusal.
     *
     * @param message what the user is to read; may have several lines
     * @param reason a word for programs
     * @param instance the instance's name
     * @param holderPid who is in the way; 0 when that is not known
     */
    RefusalAnswers(String message, String reason, String instance, int holderPid, Output output) {
        FlatObjectWriter details = new FlatObjectWriter().text("reason", reason).text("name", instance);
        if (holderPid != 0) {
            details.number("pid", holderPid);
        }
        String error = new FlatObjectWriter()
                .number("code", CODE)
                .text("message", "holdfast: " + Printable.lines(message))
                .object("data", new FlatObjectWriter().object("holdfast", details))
                .end();
        afterId = (",\"error\":" + error + "}").getBytes(StandardCharsets.UTF_8);
        this.output = output;
    }

    /**
     * Answers what is in a line. Blocks as the output does.
     *
     * @param line without its newline
     * @return how many requests were in it and have their answer, the whole of a batch or none; -1 when nobody takes any more
     */
    int answer(byte[] line) {
        Optional<Envelope> message = Envelope.of(line);
        if (message.isPresent()) {
            return isRequest(message.get()) ? sum(write(line, message.get(), "", "\n"), 1) : 0;
        }
        Optional<Batch> batch = Batch.of(line);
        return batch.isPresent() ? answer(line, batch.get()) : 0;
    }

    /** One by one: a megabyte of small requests has answers of thirty. */
    private int answer(byte[] line, Batch batch) {
        int answers = 0;
        for (int i = 0; i < batch.size(); i++) {
            Optional<Envelope> message = batch.message(i);
            if (message.isPresent() && isRequest(message.get())) {
                if (!write(line, message.get(), answers == 0 ? "[" : ",", "")) {
                    return -1;
                }
                answers++;
            }
        }
        return answers == 0 ? 0 : sum(output.write(ascii("]\n")), answers);
    }

    private static int sum(boolean isWritten, int answers) {
        return isWritten ? answers : -1;
    }

    /** What the protocol allows as an id: a client finds nothing under another one. */
    private static boolean isRequest(Envelope message) {
        return message.isString(Member.METHOD)
                && (message.isString(Member.ID) || message.isNumber(Member.ID))
                && !message.has(Member.RESULT)
                && !message.has(Member.ERROR);
    }

    private boolean write(byte[] line, Envelope request, String before, String after) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream(afterId.length + 128);
        answer.writeBytes(ascii(before));
        answer.writeBytes(BEFORE_ID);
        int from = request.from(Member.ID);
        answer.write(line, from, request.to(Member.ID) - from);
        answer.writeBytes(afterId);
        answer.writeBytes(ascii(after));
        return output.write(answer.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
