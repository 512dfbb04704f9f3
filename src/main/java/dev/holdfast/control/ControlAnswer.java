package dev.holdfast.control;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.text.Printable;
import java.util.Locale;
import java.util.Optional;

/**
 * What a launcher answers by its control socket, one line of JSON: who it is and how it goes, or why it does not do what
 * was asked.
 *
 * @param instanceId who answers
 * @param state where in its life it is, in the word of the record
 * @param graceMillis how long a stop of it may take
 * @param error why it does not do what was asked; empty when it does
 * @param obstacle the same where it is that of a reload, and the launcher says so
 */
public record ControlAnswer(
        String instanceId, String state, long graceMillis, String error, Optional<ReloadObstacle> obstacle) {
    /** Of an instance that is not the one that was meant. */
    public static final String OTHER_INSTANCE = "this is another instance";

    /** Of an instance that runs something else than whoever asks would start. */
    public static final String OTHER_COMMAND = "this instance runs another command, or in another folder or version";

    /** Of an instance whose server is nobody's but its own client's. */
    public static final String NOT_SHARED = "it is not shared";

    /** Of an instance whose command is gone, say. */
    public static final String NO_COMMAND = "its command cannot be run any more";

    /** Of an instance whose folder is gone, say. */
    public static final String NO_CONTEXT = "its folder or user cannot be had any more";

    /** Of an instance whose server runs as another user, say. */
    public static final String OUT_OF_REACH = "its launcher may not signal its server";

    /** Which version of what follows an attachment is spoken. */
    public static final int SHARE_PROTOCOL = 1;

    /** How many descriptors a client's start may hand over: its standard input and output, for the host to read and write. */
    public static final int CLIENTS_PIPES = 2;

    /** What a start that is let in is answered whose standard input and output the host has taken over. */
    public static final int PIPES_TAKEN = 1;

    /** The key of what is told of a shared server's clients. */
    public static final String SHARE = "share";

    private static final int LONGEST_TEXT = LockRecord.LONGEST_TEXT;

    /** That it is done, and how it goes now. */
    public static String line(LockRecord record) {
        FlatObjectWriter json = begin(record.instanceId())
                .text("name", record.name())
                .text("state", record.state().name().toLowerCase(Locale.ROOT))
                .textIfAny("statusText", record.statusText())
                .text("startTime", record.startTime())
                .text("host", record.host())
                .number("pid", record.launcher().pid());
        Optional<ProcessIdentity> server = record.server();
        if (server.isPresent()) {
            json.number("serverPid", server.get().pid());
        }
        return json.number("graceMillis", record.graceMillis()).end();
    }

    /**
     * That it is shared.
     *
     * @param key by which starts are compared
     */
    public static String shared(LockRecord record, String key) {
        return begin(record.instanceId())
                .number("share", SHARE_PROTOCOL)
                .text("key", key)
                .number("descriptors", CLIENTS_PIPES)
                .end();
    }

    /**
     * Who the clients of a shared server are.
     *
     * @param report ended by this
     */
    public static String clients(String instanceId, FlatObjectWriter report) {
        return begin(instanceId).object(SHARE, report).end();
    }

    /** That it is not done, and why. */
    public static String refusal(String instanceId, String reason) {
        return begin(instanceId).text("error", reason).end();
    }

    /** That nothing was reloaded, and why. */
    public static String refusal(String instanceId, ReloadObstacle obstacle) {
        return obstacle.addTo(begin(instanceId)).end();
    }

    private static FlatObjectWriter begin(String instanceId) {
        return new FlatObjectWriter().number("holdfast", ControlCall.PROTOCOL).text("instanceId", instanceId);
    }

    /** Reads a line; empty when it is none of ours. */
    public static Optional<ControlAnswer> parse(byte[] line) {
        Optional<FlatObject> fields = FlatObject.parse(line);
        if (fields.isEmpty() || fields.get().number("holdfast", 0) != ControlCall.PROTOCOL) {
            return Optional.empty();
        }
        return Optional.of(new ControlAnswer(
                plain(fields.get().text("instanceId").orElse("")),
                plain(fields.get().text("state").orElse("")),
                Math.max(0, fields.get().number("graceMillis", 0)),
                plain(fields.get().text("error").orElse("")),
                ReloadObstacle.in(fields.get())));
    }

    /** What may stand in a log line and on a terminal. */
    static String plain(String text) {
        return Printable.plain(text, LONGEST_TEXT);
    }
}
