package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockRecord;
import java.util.Optional;

/** What there is to ask for. */
final class Routes {
    private static final double NANOS = 1e9;

    private final ServeSettings settings;
    private final OverviewSource source;
    private final LifeCounts life = new LifeCounts(new HistorySource());
    private final String instanceId = LockRecord.newInstanceId();
    private final long startedAt = System.nanoTime();

    Routes(ServeSettings settings) {
        this.settings = settings;
        source = new OverviewSource(settings.level(), settings.instance());
    }

    /** All of it. */
    Router addTo(Router router) {
        return router.add("/health", Route.get(Access.Need.NONE, exchange -> Optional.of(health())))
                .add("/health/instances", Route.get(Access.Need.NONE, exchange -> Optional.of(instances())))
                .add("/metrics", Route.get(Access.Need.NONE, exchange -> Optional.of(metrics(exchange))))
                .add("/api/instances", Route.get(Access.Need.OWN, exchange -> Optional.of(list())));
    }

    private Reply health() {
        Health health = Health.of(source.now(), settings.instance());
        double uptime = (System.nanoTime() - startedAt) / NANOS;
        return Reply.json(health.status(), health.json(settings.instance().orElse(instanceId), uptime));
    }

    private Reply metrics(HttpExchange exchange) {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        return new Metrics(source.now(), life).reply(accept == null ? "" : accept);
    }

    private Reply list() {
        return Reply.json(Reply.OK, new InstancesJson(source.now()).list());
    }

    private Reply instances() {
        Health health = Health.of(source.now(), settings.instance());
        ObjectNode node = Json.object();
        node.put("status", health.isWell() ? "healthy" : "unhealthy");
        node.put("active_instances", source.now().live().size());
        node.set("instances", health.list());
        return Reply.json(health.status(), node);
    }
}
