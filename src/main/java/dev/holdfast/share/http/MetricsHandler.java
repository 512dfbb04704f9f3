package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.classpath.SecondClassPath;
import dev.holdfast.share.metrics.HostMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /metrics}: numbers without anybody's words, for whoever asks at a loopback name. The libraries for it are loaded when
 * somebody does.
 */
final class MetricsHandler implements Handler {
    private final HostThread host;
    private final Supplier<String> report;
    private final String instanceId;
    private final String name;

    /**
     * For an instance.
     *
     * @param report what the host tells of itself, as JSON; called in its thread
     */
    MetricsHandler(HostThread host, Supplier<String> report, String instanceId, String name) {
        this.host = host;
        this.report = report;
        this.instanceId = instanceId;
        this.name = name;
    }

    @Override
    public Optional<Answer> handle(HttpExchange exchange) throws InterruptedException {
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            return Optional.of(Answer.error(Answer.NO_SUCH_METHOD, "only GET"));
        }
        Optional<String> told = host.ask(sessions -> Optional.of(report.get()));
        if (told.isEmpty()) {
            return Optional.of(Answer.error(Answer.UNAVAILABLE, "the host is ending"));
        }
        SecondClassPath.addServe();
        HostMetrics metrics = HostMetrics.of(
                instanceId, name, Gate.header(exchange, "Accept"), told.get().getBytes(StandardCharsets.UTF_8));
        return Optional.of(new Answer(Answer.OK, metrics.contentType(), metrics.text()));
    }
}
