package dev.holdfast.commands.health;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.command.Environment;
import dev.holdfast.commands.doctor.Doctor;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.registry.DataDirectory;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.settings.InstanceVariables;
import java.util.List;
import java.util.Optional;

/** The four tools of an AI client, by whatever way they are called. Safe for use by many threads. */
public final class ServerTools {
    /** What can be called. */
    public enum Tool {
        HEALTH("get_server_health", "Health of all guarded servers of this user, and how instance tracking does", true),
        DIAGNOSIS(
                "diagnose_server_state",
                "What is wrong with the guarded servers: conflicts between instances, and what killed launchers have left",
                true),
        RESOLUTION(
                "resolve_server_conflicts",
                "Clears away files that killed launchers have left. Ends no process. Needs --allow-resolve",
                false),
        CONFIGURATION("get_server_configuration", "What the guarded servers are made of, as hashes to compare", true);

        private final String word;
        private final String meaning;
        private final boolean isReadOnly;

        Tool(String word, String meaning, boolean isReadOnly) {
            this.word = word;
            this.meaning = meaning;
            this.isReadOnly = isReadOnly;
        }

        /** Its name. */
        public String word() {
            return word;
        }

        /** What it does, for who may call it. */
        public String meaning() {
            return meaning;
        }

        /** Whether it changes nothing. */
        public boolean isReadOnly() {
            return isReadOnly;
        }

        /** The tool of a name. */
        public static Optional<Tool> of(String word) {
            return List.of(values()).stream()
                    .filter(tool -> tool.word.equals(word))
                    .findFirst();
        }
    }

    private final OverviewSource source;
    private final Doctor doctor;
    private final Current current;
    private final boolean allowResolve;
    private final long startedAt = System.nanoTime();

    /**
     * Which instance is meant by "current": the first of these that is known.
     *
     * @param instanceId was said
     * @param name the instance that runs by this name
     */
    public record Current(Optional<String> instanceId, Optional<String> name) {}

    /**
     * The tools.
     *
     * @param current which instance is the caller's own; that of this process's environment where nothing was said
     * @param allowResolve whether files may be cleared away
     */
    public ServerTools(OverviewSource source, Doctor doctor, Current current, boolean allowResolve) {
        this.source = source;
        this.doctor = doctor;
        this.current = current;
        this.allowResolve = allowResolve;
    }

    /** Whether a tool may be called here. */
    public boolean allows(Tool tool) {
        return tool.isReadOnly() || allowResolve;
    }

    /**
     * Calls a tool.
     *
     * @return its answer; that it is not allowed, when {@link #allows} says so
     */
    public ObjectNode call(Tool tool) {
        if (!allows(tool)) {
            return Json.object().put("error", tool.word() + " is not allowed here; start with --allow-resolve for it");
        }
        return switch (tool) {
            case HEALTH -> health();
            case DIAGNOSIS -> diagnosis();
            case RESOLUTION -> resolution();
            case CONFIGURATION -> configuration();
        };
    }

    private Optional<String> currentId(Overview overview) {
        if (current.instanceId().isPresent()) {
            return current.instanceId();
        }
        if (current.name().isPresent()) {
            return overview.live().stream()
                    .map(InstanceEntry.Known::record)
                    .filter(record -> record.name().equals(current.name().get()))
                    .map(InstanceRecord::instanceId)
                    .findFirst();
        }
        return Optional.of(Environment.ofThisProcess().value(InstanceVariables.ID))
                .filter(id -> !id.isEmpty());
    }

    private ObjectNode health() {
        Overview overview = source.now();
        Health health = Health.of(overview, current.instanceId());
        String id = currentId(overview).orElse(null);
        ObjectNode node = health.json(id, (System.nanoTime() - startedAt) / 1e9);
        node.putObject("instance_tracking")
                .put("active_instances", overview.live().size())
                .put("conflicts_detected", overview.conflicts().size())
                .put("current_instance_id", id)
                .put("tracking_enabled", source.isTracking());
        return node;
    }

    private ObjectNode diagnosis() {
        ObjectNode node = doctor.diagnosis();
        String id = currentId(source.now()).orElse(null);
        if (node.get("instance_tracking") instanceof ObjectNode tracking) {
            tracking.put("current_instance_id", id);
        }
        return node;
    }

    private ObjectNode resolution() {
        ObjectNode node = doctor.resolve();
        var unused = source.fresh();
        return node;
    }

    /** Of the current instance, or of the only one; and in short of all. */
    private ObjectNode configuration() {
        Overview overview = source.now();
        List<InstanceRecord> live =
                overview.live().stream().map(InstanceEntry.Known::record).toList();
        Optional<String> id = currentId(overview);
        Optional<InstanceRecord> meant = live.stream()
                .filter(record -> id.isPresent() ? record.instanceId().equals(id.get()) : live.size() == 1)
                .findFirst();
        ObjectNode node = Json.object();
        ObjectNode shown = node.putObject("configuration");
        if (meant.isPresent()) {
            put(shown, meant.get());
        } else {
            shown.putNull("config_hash");
        }
        ArrayNode all = node.putArray("instances");
        live.forEach(record -> put(all.addObject(), record));
        return node;
    }

    private static void put(ObjectNode node, InstanceRecord record) {
        String hash = record.configuration().hash();
        node.put("server_name", record.name())
                .put("instance_id", record.instanceId())
                .put("config_hash", hash.isEmpty() ? null : hash)
                .put("version", record.lock().version())
                .put("transport", record.lock().transport())
                .put("lock_file", record.lockFile());
        ArrayNode directories = node.putArray("directories");
        record.directories().stream().map(DataDirectory::path).forEach(directories::add);
    }
}
