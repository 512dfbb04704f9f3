package dev.holdfast.commands.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which headers tell that somebody else asks than who has the socket. */
class AccessTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded",
                "Via",
                "Max-Forwards",
                "CDN-Loop",
                "X-Forwarded",
                "X-Forwarded-For",
                "Forwarded-For",
                "X-Forwarded-Client-Cert",
                "X-Original-Forwarded-For",
                "X-Original-URL",
                "X-Original-Host",
                "X-Rewrite-URL",
                "X-Real-IP",
                "X-Real-Port",
                "X-Client-IP",
                "Client-IP",
                "X-Cluster-Client-IP",
                "X-Envoy-External-Address",
                "X-Envoy-Original-Path",
                "X-ProxyUser-IP",
                "Proxy-Client-IP",
                "WL-Proxy-Client-IP",
                "Proxy-Connection",
                "X-Remote-User",
                "Remote-User",
                "X-Remote-IP",
                "Remote-Addr",
                "X-Auth-Request-User",
                "X-Authenticated-User",
                "X-WebAuth-User",
                "X-SSL-Client-Verify",
                "SSL-Client-Cert",
                "Client-Cert",
                "Front-End-Https",
                "X-Url-Scheme",
                "X-Varnish",
                "X-ARR-LOG-ID",
                "CF-Connecting-IP",
                "CF-Connecting-IPv6",
                "CF-Ray",
                "True-Client-IP",
                "Fastly-Client-IP",
                "Fly-Client-IP",
                "DO-Connecting-IP",
                "X-Appengine-User-IP",
                "X-Azure-ClientIP",
                "X-Azure-SocketIP",
                "X-Vercel-Forwarded-For",
                "X-Amzn-Trace-Id",
                "X-Amz-Cf-Id",
                "X-Cloud-Trace-Context",
                "CDN-Src-IP",
            })
    void aProxyIsKnown(String header) {
        assertThat(Access.isOfProxies(header)).isTrue();
        assertThat(Access.isOfProxies(header.toLowerCase(Locale.ROOT))).isTrue();
    }

    /** Of curl, browsers, Prometheus, and clients of the Model Context Protocol. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "User-Agent",
                "Accept",
                "Accept-Encoding",
                "Authorization",
                "Cache-Control",
                "Connection",
                "Content-Length",
                "Content-Type",
                "Cookie",
                "DNT",
                "Expect",
                "Last-Event-ID",
                "Mcp-Session-Id",
                "MCP-Protocol-Version",
                "Origin",
                "Pragma",
                "Priority",
                "Referer",
                "Sec-Fetch-Site",
                "Sec-Fetch-User",
                "Sec-GPC",
                "Transfer-Encoding",
                "Upgrade-Insecure-Requests",
                "X-Prometheus-Scrape-Timeout-Seconds",
                "X-Request-Id",
                "X-Requested-With",
                "traceparent",
            })
    void whoAsksHimselfIsNotTakenForOne(String header) {
        assertThat(Access.isOfProxies(header)).isFalse();
    }

    /** It is matched in a thread with a small stack. */
    @Test
    void aLongNameIsNoTrouble() {
        assertThat(Access.isOfProxies("a-".repeat(30_000) + "client-ip")).isTrue();
        assertThat(Access.isOfProxies("client-".repeat(10_000))).isFalse();
    }
}
