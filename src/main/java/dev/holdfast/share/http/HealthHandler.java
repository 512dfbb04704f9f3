package dev.holdfast.share.http;

import com.sun.net.httpserver.HttpExchange;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /health}: whether the server behind it takes requests now. For whoever asks at a loopback name. */
final class HealthHandler implements Handler {
    private final Supplier<Health> health;

    HealthHandler(Supplier<Health> health) {
        this.health = health;
    }

    /** How it is. */
    enum Health {
        /** No client has come yet, so nobody has asked it anything. */
        UNASKED("no client yet"),
        OK("ok"),
        /** It is being started again, or it has not answered the handshake. */
        NOT_INITIALIZED("the server is not initialized");

        private final String word;

        Health(String word) {
            this.word = word;
        }
    }

    @Override
    public Optional<Answer> handle(HttpExchange exchange) {
        if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            return Optional.of(Answer.error(Answer.NO_SUCH_METHOD, "only GET"));
        }
        Health now = health.get();
        return Optional.of(Answer.health(now == Health.NOT_INITIALIZED ? Answer.UNAVAILABLE : Answer.OK, now.word));
    }
}
