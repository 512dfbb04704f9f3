package dev.holdfast.control;

import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a running launcher is to put into its server's place: the payload of {@link Request#REDEPLOY}.
 *
 * @param command the command and its arguments, byte for byte
 * @param environment {@code NAME=value} each, byte for byte; not looked at with {@link #KEEP_ENVIRONMENT}
 * @param folder where the server starts, absolute; as {@link RawText}
 * @param options what else is to be different, by the key of the option; what is not said stays as it is. Times are in
 *     milliseconds
 */
public record RedeployOrder(
        List<byte[]> command, List<byte[]> environment, String folder, Map<String, String> options) {
    /** How long the new server must run after it is ready. */
    public static final String SETTLE = "settle";
    /** A shell command that must succeed before anything is stopped. */
    public static final String CHECK = "check";
    /** Nothing but the checks. */
    public static final String DRY_RUN = "dry-run";
    /** The new server is started while the old one serves. */
    public static final String OVERLAP = "overlap";
    /** The environment stays. */
    public static final String KEEP_ENVIRONMENT = "keep-env";

    /** Copies the collections. */
    public RedeployOrder {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        options = Map.copyOf(options);
    }

    /** As it is sent; empty when it is too much. */
    public byte[] payload() {
        PayloadWriter writer = new PayloadWriter().folder(RawText.bytes(folder));
        for (Map.Entry<String, String> option : options.entrySet()) {
            writer = writer.option((option.getKey() + "=" + option.getValue()).getBytes(StandardCharsets.UTF_8));
        }
        for (byte[] entry : environment) {
            writer = writer.variable(entry);
        }
        writer = writer.arguments(command);
        return writer.isShortEnough() ? writer.end() : new byte[0];
    }

    /** Reads what was sent, and copies it. */
    public static RedeployOrder of(Payload payload) {
        Map<String, String> options = new LinkedHashMap<>();
        for (byte[] option : payload.options()) {
            String text = new String(option, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            if (equals > 0) {
                options.put(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        String folder = RawText.of(payload.folder().orElse(new byte[] {'/'}));
        return new RedeployOrder(payload.argumentBytes(), payload.variables(), folder, options);
    }

    /** Whether a switch was said. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** A number that was said; otherwise another one, also for what is none. */
    public long number(String option, long otherwise) {
        try {
            return options.containsKey(option) ? Long.parseLong(options.getOrDefault(option, "")) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** A text that was said; otherwise another one. */
    public String text(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }
}
