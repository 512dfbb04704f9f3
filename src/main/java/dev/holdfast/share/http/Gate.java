package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.http.TokenFile;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. A loopback port belongs to every user of the machine and to each page in a browser there: so the name by which
 * the server was called is looked at (DNS rebinding), the page that a browser asks for, and the token.
 */
final class Gate {
    private static final String BEARER = "bearer ";

    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "[::1]");
    /** Clients do not say it. */
    private static final int USUAL_PORT = 80;

    private final Set<String> hosts;
    private final @Nullable TokenFile token;

    /**
     * A gate at a port of the loopback addresses.
     *
     * @param token lets in; null where everybody may
     */
    Gate(int port, @Nullable TokenFile token) {
        hosts = new HashSet<>();
        for (String name : NAMES) {
            hosts.add(name + ":" + port);
            if (port == USUAL_PORT) {
                hosts.add(name);
            }
        }
        this.token = token;
    }

    /**
     * Why a request is refused; empty when it is not.
     *
     * @param needsToken whether the token is asked for, where there is one
     */
    Optional<Answer> refusal(HttpExchange exchange, boolean needsToken) {
        String named = exchange.getRequestURI().getRawAuthority();
        String host = named == null ? header(exchange, "Host") : named;
        if (!hosts.contains(host.toLowerCase(Locale.ROOT))) {
            return Optional.of(Answer.error(
                    Answer.FORBIDDEN, "this server is called by another name; use localhost, or 127.0.0.1"));
        }
        String origin = header(exchange, "Origin").toLowerCase(Locale.ROOT);
        if (!origin.isEmpty()
                && !(origin.startsWith("http://") && hosts.contains(origin.substring("http://".length())))) {
            return Optional.of(Answer.error(Answer.FORBIDDEN, "a page of another origin may not ask"));
        }
        if (needsToken && token != null && !hasToken(exchange, token)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            return Optional.of(
                    Answer.error(Answer.UNAUTHORIZED, "this needs the token, as Authorization: Bearer TOKEN"));
        }
        return Optional.empty();
    }

    private static boolean hasToken(HttpExchange exchange, TokenFile token) {
        String said = header(exchange, "Authorization");
        return said.toLowerCase(Locale.ROOT).startsWith(BEARER)
                && token.is(said.substring(BEARER.length()).strip());
    }

    /** Empty when it is not there. Two of one kind are no header of an honest client, and are joined, as nobody else's. */
    static String header(HttpExchange exchange, String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        return values == null ? "" : String.join(",", values);
    }
}
