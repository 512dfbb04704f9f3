package dev.holdfast.json;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of JSON-RPC 2.0 as the bytes that it came in, and where in them the members stand that tell whose it is. The
 * rest is checked to be JSON and otherwise left alone, so a message can be answered or passed on without being written
 * anew: numbers keep their digits, and members that nobody here knows stay.
 *
 * <p>Of a member that is there twice the last one counts, as for the parsers behind it; see {@link #hasRepeated}. Names may be
 * written with escapes. Takes time in proportion to the length, throws for no input, and is safe for use by many threads
 * as long as nobody changes the bytes.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0 Specification</a>
 */
public final class Envelope {
    private static final Member[] MEMBERS = Member.values();
    private static final int DEEPEST = 4;

    private final byte[] bytes;
    private final Map<Member, Span> spans = new EnumMap<>(Member.class);
    private boolean repeated;

    private Envelope(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Where a value stands in the bytes: its first one, and behind its last. */
    private record Span(int from, int to) {
        /** Of what is not there. */
        static final Span NONE = new Span(0, 0);
    }

    /** What is looked for: the members of the message itself, and of the Model Context Protocol those that name a party. */
    public enum Member {
        ID(null, "id"),
        METHOD(null, "method"),
        PARAMS(null, "params"),
        RESULT(null, "result"),
        ERROR(null, "error"),
        /** Whose progress a notification tells. */
        PARAMS_PROGRESS_TOKEN(PARAMS, "progressToken"),
        /** Which request is cancelled. */
        PARAMS_REQUEST_ID(PARAMS, "requestId"),
        PARAMS_URI(PARAMS, "uri"),
        PARAMS_LEVEL(PARAMS, "level"),
        PARAMS_TASK_ID(PARAMS, "taskId"),
        PARAMS_ELICITATION_ID(PARAMS, "elicitationId"),
        PARAMS_TASK(PARAMS, "task"),
        PARAMS_META(PARAMS, "_meta"),
        /** Under which token progress of this request is to be told. */
        META_PROGRESS_TOKEN(PARAMS_META, "progressToken"),
        /** Stands in each request of a client that knows no handshake. */
        META_PROTOCOL_VERSION(PARAMS_META, "io.modelcontextprotocol/protocolVersion"),
        META_LOG_LEVEL(PARAMS_META, "io.modelcontextprotocol/logLevel"),
        META_SUBSCRIPTION_ID(PARAMS_META, "io.modelcontextprotocol/subscriptionId"),
        META_RELATED_TASK(PARAMS_META, "io.modelcontextprotocol/related-task"),
        META_RELATED_TASK_ID(META_RELATED_TASK, "taskId"),
        RESULT_TASK(RESULT, "task"),
        RESULT_TASK_ID(RESULT_TASK, "taskId"),
        RESULT_META(RESULT, "_meta"),
        RESULT_SUBSCRIPTION_ID(RESULT_META, "io.modelcontextprotocol/subscriptionId");

        /** Null for a member of the message itself. */
        private final @Nullable Member parent;

        /** Of ASCII. */
        private final String name;

        Member(@Nullable Member parent, String name) {
            this.parent = parent;
            this.name = name;
        }

        private boolean isWithin(Member other) {
            for (Member each = this; each != null; each = each.parent) {
                if (each == other) {
                    return true;
                }
            }
            return false;
        }

        private boolean isCalled(byte[] bytes, int from, int to) {
            boolean is = to - from == name.length();
            for (int i = 0; is && i < name.length(); i++) {
                is = bytes[from + i] == name.charAt(i);
            }
            return is;
        }
    }

    /**
     * Looks a message over.
     *
     * @param bytes kept, not copied
     * @param from the first of its bytes
     * @param to behind the last; a line's end, and blanks, may be among them
     * @return empty when it is not one JSON object, or a string that is looked for is not UTF-8
     */
    public static Optional<Envelope> of(byte[] bytes, int from, int to) {
        Envelope envelope = new Envelope(bytes);
        return new JsonScanner(bytes, from, to, DEEPEST, envelope.new Finder()).isWellFormed()
                        && isObject(bytes, from)
                        && envelope.isText()
                ? Optional.of(envelope)
                : Optional.empty();
    }

    /** Looks over a message that is all of an array. */
    public static Optional<Envelope> of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** Of what is JSON. */
    private static boolean isObject(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
        return bytes[at] == '{';
    }

    private boolean isText() {
        for (Member member : MEMBERS) {
            if (isString(member) && decoded(from(member), to(member)) == null) {
                return false;
            }
        }
        return true;
    }

    /** Whether a member is there, with whatever value. */
    public boolean has(Member member) {
        return spans.containsKey(member);
    }

    /** Where a member's value begins in the bytes; 0 when it is not there. */
    public int from(Member member) {
        return spans.getOrDefault(member, Span.NONE).from;
    }

    /** Behind the end of a member's value; 0 when it is not there. */
    public int to(Member member) {
        return spans.getOrDefault(member, Span.NONE).to;
    }

    /** Whether a member is there, and a string. */
    public boolean isString(Member member) {
        return has(member) && bytes[from(member)] == '"';
    }

    /** Whether a member is there, and a number of any kind. */
    public boolean isNumber(Member member) {
        byte first = has(member) ? bytes[from(member)] : 0;
        return first == '-' || (first >= '0' && first <= '9');
    }

    /**
     * What a string says.
     *
     * @return the text without its escapes; empty when the member is not there, or no string
     */
    public Optional<String> text(Member member) {
        if (!isString(member)) {
            return Optional.empty();
        }
        return Optional.ofNullable(decoded(from(member) + 1, to(member) - 1)).map(JsonStrings::unescaped);
    }

    /**
     * Whether one of the members is there twice, in the same object. Who routes by what the first one says, and passes the
     * message on to a parser that takes the last, lets a sender act under a foreign id.
     */
    public boolean hasRepeated() {
        return repeated;
    }

    /** Null when it is not UTF-8. */
    private @Nullable String decoded(int from, int to) {
        return JsonStrings.decoded(bytes, from, to);
    }

    /** Notes where the members stand. */
    private final class Finder implements JsonScanner.Visitor {
        /** For each open object the member that is being read; null for one that nobody looks for. */
        private final @Nullable Member[] current = new @Nullable Member[DEEPEST + 1];

        @Override
        public void opened(int depth) {
            current[depth] = null;
        }

        @Override
        public void name(int depth, int from, int to) {
            Member member = named(depth, from, to);
            current[depth] = member;
            if (member == null) {
                return;
            }
            repeated |= has(member);
            for (Member each : MEMBERS) {
                if (each.isWithin(member)) {
                    spans.remove(each);
                }
            }
        }

        private @Nullable Member named(int depth, int from, int to) {
            Member parent = current[depth - 1];
            if (depth > 1 && parent == null) {
                return null;
            }
            byte[] name = bytes;
            int start = from;
            int end = to;
            if (hasEscape(from, to)) {
                String text = decoded(from, to);
                name = text == null ? new byte[0] : JsonStrings.unescaped(text).getBytes(StandardCharsets.UTF_8);
                start = 0;
                end = name.length;
            }
            for (Member member : MEMBERS) {
                if (member.parent == parent && member.isCalled(name, start, end)) {
                    return member;
                }
            }
            return null;
        }

        private boolean hasEscape(int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\\') {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void value(int depth, int from, int to) {
            Member member = current[depth];
            if (member != null) {
                spans.put(member, new Span(from, to));
            }
        }
    }
}
