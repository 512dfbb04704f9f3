package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** What bodies of requests and answers are: JSON, or a stream of events. */
final class MediaTypes {
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";

    private static final int PIECE = 32 << 10;

    private MediaTypes() {}

    /** Whether the client takes a stream of events. */
    static boolean takesEvents(HttpExchange exchange) {
        return Gate.header(exchange, "Accept").toLowerCase(Locale.ROOT).contains(EVENTS);
    }

    /** Whether the client says that it has sent JSON. A page in a browser cannot say so without having asked before. */
    static boolean isJson(HttpExchange exchange) {
        String type = Gate.header(exchange, "Content-Type").toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().equals(JSON);
    }

    /** Writes the bytes in pieces: of a long array the JDK's server makes a copy that is twice as long. */
    static void write(OutputStream stream, byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; from += PIECE) {
            stream.write(bytes, from, Math.min(PIECE, bytes.length - from));
        }
    }

    /** The message, or where it is of several lines, a copy that is of one. */
    static byte[] inOneLine(byte[] message) {
        for (byte each : message) {
            if (each == '\n' || each == '\r') {
                return asOneLine(message.clone());
            }
        }
        return message; // it may be long, and others may have the same
    }

    /** The same message, changed in place: what is white space between its parts would end it as a line. */
    static byte[] asOneLine(byte[] message) {
        for (int i = 0; i < message.length; i++) {
            if (message[i] == '\n' || message[i] == '\r') {
                message[i] = ' ';
            }
        }
        return message;
    }
}
