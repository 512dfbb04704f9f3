package dev.holdfast.commands.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.commands.doctor.Doctor;
import dev.holdfast.commands.health.Health;
import dev.holdfast.commands.health.OverviewSource;
import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.lock.file.LockRecord;
import java.util.Optional;
import java.util.function.Function;

/** What there is to ask for. */
final class Routes {
    private static final double NANOS = 1e9;

    private final ServeSettings settings;
    private final OverviewSource source;
    private final LifeCounts life;
    private final StateJson state;
    private final EventStream events;
    private final Actions actions;
    private final McpEndpoint mcp;
    private final String instanceId = LockRecord.newInstanceId();
    private final long startedAt = System.nanoTime();

    Routes(ServeSettings settings, Doctor doctor) {
        this.settings = settings;
        source = new OverviewSource(settings.level(), settings.instance());
        HistorySource history = new HistorySource();
        life = new LifeCounts(history);
        state = new StateJson(settings, history);
        events = new EventStream(() -> state.all(source.now()));
        actions = new Actions(source, doctor);
        ServerTools.Current current = new ServerTools.Current(settings.instance(), Optional.empty());
        mcp = new McpEndpoint(new ServerTools(source, doctor, current, settings.allowResolve()));
    }

    /** All of it. */
    Router addTo(Router router) {
        return router.add("/health", Route.get(Access.Need.NONE, exchange -> Optional.of(health())))
                .add("/health/instances", Route.get(Access.Need.NONE, exchange -> Optional.of(instances())))
                .add("/metrics", Route.get(Access.Need.NONE, exchange -> Optional.of(metrics(exchange))))
                .add("/api/instances", Route.get(Access.Need.OWN, exchange -> Optional.of(list())))
                .add("/api/instances/", Route.get(Access.Need.OWN, exchange -> Optional.of(one(exchange))))
                .add("/api/events", Route.get(Access.Need.OWN, events::serve))
                .add("/mcp", Route.post(Access.Need.OWN, mcp::answer))
                .add("/api/stop/", action(exchange -> actions.to(last(exchange), Actions.Action.STOP)))
                .add("/api/restart/", action(exchange -> actions.to(last(exchange), Actions.Action.RESTART)))
                .add("/api/resolve", action(exchange -> actions.resolve()))
                .add("/", PageFiles.route("page.html", "text/html; charset=utf-8"))
                .add("/page.css", PageFiles.route("page.css", "text/css; charset=utf-8"))
                .add("/page.js", PageFiles.route("page.js", "text/javascript; charset=utf-8"))
                .add("/icon.svg", PageFiles.route("icon.svg", "image/svg+xml"));
    }

    private static int status(Health health) {
        return health.isWell() ? Reply.OK : Reply.UNAVAILABLE;
    }

    private Reply health() {
        Health health = Health.of(source.now(), settings.instance());
        double uptime = (System.nanoTime() - startedAt) / NANOS;
        return Reply.json(status(health), health.json(settings.instance().orElse(instanceId), uptime));
    }

    /** Without --allow-actions there are none, whoever asks. */
    private Route action(Function<HttpExchange, Reply> work) {
        return Route.post(
                Access.Need.TOKEN,
                exchange -> Optional.of(
                        settings.allowActions()
                                ? work.apply(exchange)
                                : Reply.error(Reply.FORBIDDEN, "start serve with --allow-actions for this")));
    }

    private static String last(HttpExchange exchange) {
        String path = exchange.getRequestURI().getRawPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private Reply one(HttpExchange exchange) {
        return state.one(source.now(), last(exchange))
                .map(node -> Reply.json(Reply.OK, node))
                .orElseGet(() -> Reply.error(Reply.NOT_FOUND, "there is no such instance"));
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
        return Reply.json(status(health), node);
    }
}
