package dev.holdfast.commands.serve;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.http.TokenFile;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.sockets.TcpPeer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what. Loopback belongs to every user of the machine, and a browser there asks for whatever page somebody
 * shows it. So three things are looked at: the name by which the server was called, the page that a browser asks for, and
 * whose the socket at the other end is.
 */
final class Access {
    /** What a request needs. */
    enum Need {
        /** Nothing: everybody may know. */
        NONE,
        /** To be this user, or root, or to have the token. */
        OWN,
        /** To have the token. */
        TOKEN
    }

    /** An address is no name that somebody could let point at this machine. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final int ROOT = 0;
    /** Where a link may lead to, and not a frame. */
    private static final List<String> IN_A_WINDOW = List.of("document", "");
    /**
     * A proxy's own socket is not that of whoever asks. Headers of Apache, nginx, Envoy, HAProxy, IIS, Traefik, oauth2-proxy and
     * of the large networks' edges: no program that asks by itself sends one.
     */
    private static final Pattern OF_PROXIES = Pattern.compile(
            "(x-)?forwarded(-.*)?|via|x-varnish|cdn-loop|max-forwards|(x-)?proxy.*|x-(original|envoy|rewrite|real|remote|arr)-.*"
                    + "|(x-)?(auth-request|authenticated|webauth|ssl|client-cert|remote-user|url-scheme).*|front-end-https"
                    + "|x-amzn-trace-id|x-amz-cf-.*|x-cloud-trace-context|cf-.*|x-azure-.*|x-vercel-.*"
                    + "|(.*-)?(client|connecting|connected|user|remote|src|source|peer)-?(ip|addr|address|port)",
            Pattern.CASE_INSENSITIVE);

    private final List<String> names;
    private final @Nullable TokenFile token;

    /**
     * What holds for all requests.
     *
     * @param host the address that was said to listen on
     * @param token lets in; none when there is none
     */
    Access(String host, @Nullable TokenFile token) {
        names = List.of(
                "localhost", host.toLowerCase(Locale.ROOT), Self.hostName().toLowerCase(Locale.ROOT));
        this.token = token;
    }

    /** Why a request is refused; empty when it is not. */
    Optional<Reply> refusal(HttpExchange exchange, Need need) {
        String host = host(exchange);
        if (!isOurs(host)) {
            return Optional.of(Reply.error(
                    Reply.FORBIDDEN, "this server is called by another name; use localhost, or an address"));
        }
        if (isForeignPage(exchange, host)) {
            return Optional.of(Reply.error(Reply.FORBIDDEN, "a page of another origin may not ask"));
        }
        if (need == Need.NONE || hasToken(exchange, need) || (need == Need.OWN && isOwn(exchange))) {
            return Optional.empty();
        }
        Reply reply = Reply.error(
                Reply.UNAUTHORIZED,
                need == Need.TOKEN
                        ? "this needs the token, as Authorization: Bearer TOKEN"
                        : "only the user of this server may ask, or who has the token: Authorization: Bearer TOKEN");
        // A browser asks for a password then: the token.
        boolean isVisit = need == Need.OWN && exchange.getRequestMethod().equals("GET");
        return Optional.of(isVisit ? reply.with("WWW-Authenticate", "Basic realm=\"holdfast\"") : reply);
    }

    /** A request may name the server in its first line, too, which then counts alone. */
    private static String host(HttpExchange exchange) {
        String named = exchange.getRequestURI().getRawAuthority();
        return named == null ? header(exchange, "Host") : named;
    }

    private boolean isOurs(String host) {
        String name = nameOf(host);
        return ADDRESS.matcher(name).matches() || names.contains(name);
    }

    /** Without the port, which a tunnel may change. */
    private static String nameOf(String host) {
        return host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
    }

    /** Browsers say so by one of two headers; other programs by none. */
    private static boolean isForeignPage(HttpExchange exchange, String host) {
        String origin = header(exchange, "Origin").toLowerCase(Locale.ROOT);
        if (!origin.isEmpty()) {
            String own = host.toLowerCase(Locale.ROOT);
            return !origin.equals("http://" + own) && !origin.equals("https://" + own);
        }
        String site = header(exchange, "Sec-Fetch-Site");
        boolean isOther = site.equals("cross-site") || site.equals("same-site");
        boolean isVisit = header(exchange, "Sec-Fetch-Mode").equals("navigate")
                && IN_A_WINDOW.contains(header(exchange, "Sec-Fetch-Dest"))
                && exchange.getRequestMethod().equals("GET");
        return isOther && !isVisit;
    }

    /** A browser that was given a password sends it by itself from then on, whoever makes it ask: so that is not enough to act. */
    private boolean hasToken(HttpExchange exchange, Need need) {
        String said = header(exchange, "Authorization");
        String kind = said.toLowerCase(Locale.ROOT);
        if (token == null || said.isEmpty()) {
            return false;
        }
        if (kind.startsWith(BEARER)) {
            return token.is(said.substring(BEARER.length()).strip());
        }
        if (!kind.startsWith(BASIC) || need == Need.TOKEN) {
            return false;
        }
        try {
            byte[] pair =
                    Base64.getDecoder().decode(said.substring(BASIC.length()).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            return token.is(text.substring(text.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** By the socket at the other end. */
    boolean isOwn(HttpExchange exchange) {
        if (exchange.getRequestHeaders().keySet().stream().anyMatch(Access::isOfProxies)) {
            return false;
        }
        InetSocketAddress peer = exchange.getRemoteAddress();
        InetSocketAddress own = exchange.getLocalAddress();
        OptionalInt user = TcpPeer.user(
                peer.getAddress().getAddress(), peer.getPort(), own.getAddress().getAddress(), own.getPort());
        return user.isPresent() && (user.getAsInt() == ROOT || user.getAsInt() == Self.effectiveUser());
    }

    /** Whether only a proxy has a header of this name. */
    static boolean isOfProxies(String header) {
        return OF_PROXIES.matcher(header).matches();
    }

    private static String header(HttpExchange exchange, String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        // Two of one kind are no header of an honest client.
        return values == null ? "" : values.size() == 1 ? values.get(0) : String.join(",", values);
    }
}
