package dev.holdfast.registry;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.text.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The JSON of a record: the keys of the lock record under their own names, and those of the registry after them. */
final class InstanceRecordFormat {
    /** A larger file is none of ours. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_DIRECTORIES = 100;
    private static final int MOST_PARTS = 2000;
    private static final int HIGHEST_PORT = 65_535;
    private static final long MOST_SECONDS = 366L * 24 * 3600;

    private InstanceRecordFormat() {}

    static byte[] bytes(InstanceRecord record) {
        byte[] bytes = json(record, record.configuration()).getBytes(StandardCharsets.UTF_8);
        // Of thousands of variables the hash must do.
        return bytes.length <= MOST_BYTES && record.configuration().parts().size() <= MOST_PARTS
                ? bytes
                : json(
                                record,
                                new Configuration(
                                        record.configuration().hash(),
                                        record.configuration().keyId(),
                                        List.of()))
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static String json(InstanceRecord record, Configuration configuration) {
        FlatObjectWriter json = new FlatObjectWriter();
        record.lock().addTo(json, record.state());
        json.textIfAny("lockFile", record.lockFile())
                .textIfAny("description", record.description())
                .textIfAny("address", record.address());
        if (record.port() > 0) {
            json.number("port", record.port());
        }
        add(json, record.directories());
        add(json, configuration);
        json.textIfAny("machine", record.machine());
        json.text("lastHeartbeat", record.lastHeartbeat()).number("heartbeatSeconds", record.heartbeatSeconds());
        add(json, record.counters());
        return json.end() + "\n";
    }

    private static void add(FlatObjectWriter json, List<DataDirectory> directories) {
        if (directories.isEmpty()) {
            return;
        }
        List<String> paths = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (DataDirectory directory : directories.subList(0, Math.min(MOST_DIRECTORIES, directories.size()))) {
            paths.add(directory.path());
            ids.add(directory.id());
        }
        json.texts("directories", paths).texts("directoryIds", ids);
    }

    private static void add(FlatObjectWriter json, Configuration configuration) {
        if (configuration.hash().isEmpty()) {
            return;
        }
        json.text("configHash", configuration.hash()).text("configKey", configuration.keyId());
        if (!configuration.parts().isEmpty()) {
            FlatObjectWriter parts = new FlatObjectWriter();
            List<String> minor = new ArrayList<>();
            for (ConfigurationPart part : configuration.parts()) {
                parts.text(part.key(), part.mac());
                if (part.isMinor()) {
                    minor.add(part.key());
                }
            }
            json.object("configParts", parts);
            if (!minor.isEmpty()) {
                json.texts("configMinor", minor);
            }
        }
    }

    private static void add(FlatObjectWriter json, InstanceCounters counters) {
        FlatObjectWriter stops = new FlatObjectWriter();
        if (!counters.stops().isEmpty()) { // before an exec it is, and a tree's iterator is three classes
            for (Map.Entry<String, Long> stop : new TreeMap<>(counters.stops()).entrySet()) {
                stops.number(stop.getKey(), stop.getValue());
            }
        }
        json.object(
                "counters",
                new FlatObjectWriter()
                        .number("restarts", counters.restarts())
                        .number("reloads", counters.reloads())
                        .number("kills", counters.kills())
                        .number("failures", counters.failures())
                        .number("lastStopMillis", counters.lastStopMillis())
                        .object("stops", stops));
    }

    /** Empty when it is no record of a running instance, or says something impossible. */
    static Optional<InstanceRecord> of(FlatObject fields) {
        Optional<LockRecord> lock = LockRecord.of(fields);
        String lastHeartbeat = fields.text("lastHeartbeat").orElse("");
        if (lock.isEmpty()
                || lock.get().name().isEmpty()
                || lock.get().instanceId().isEmpty()
                || RecordTime.epochSecond(lastHeartbeat).isEmpty()) {
            return Optional.empty();
        }
        Optional<FlatObject> counters = fields.object("counters");
        return Optional.of(new InstanceRecord(
                lock.get(),
                fields.text("lockFile").orElse(""),
                new InstanceFacts(
                        shortText(fields, "description"),
                        shortText(fields, "address"),
                        (int) between(0, fields.number("port", 0), HIGHEST_PORT),
                        directories(fields)),
                configuration(fields),
                lastHeartbeat,
                between(0, fields.number("heartbeatSeconds", 0), MOST_SECONDS),
                counters.isPresent() ? counters(counters.get()) : InstanceCounters.NONE,
                fields.text("machine").orElse("")));
    }

    private static String shortText(FlatObject fields, String key) {
        String text = fields.text(key).orElse("");
        return text.substring(0, Math.min(text.length(), InstanceRecord.LONGEST_TEXT));
    }

    private static long between(long least, long number, long most) {
        return Math.max(least, Math.min(most, number));
    }

    private static List<DataDirectory> directories(FlatObject fields) {
        List<String> paths = fields.texts("directories");
        List<String> ids = fields.texts("directoryIds");
        List<DataDirectory> directories = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_DIRECTORIES, paths.size()); i++) {
            directories.add(new DataDirectory(paths.get(i), ids.size() == paths.size() ? ids.get(i) : ""));
        }
        return directories;
    }

    private static Configuration configuration(FlatObject fields) {
        Optional<FlatObject> said = fields.object("configParts");
        Set<String> minor = new TreeSet<>(fields.texts("configMinor"));
        List<ConfigurationPart> parts = new ArrayList<>();
        if (said.isPresent()) {
            for (String key : new TreeSet<>(said.get().keys())) {
                String mac = said.get().text(key).orElse("");
                parts.add(new ConfigurationPart(key, mac, minor.contains(key)));
            }
        }
        return new Configuration(
                fields.text("configHash").orElse(""), fields.text("configKey").orElse(""), parts);
    }

    private static InstanceCounters counters(FlatObject counters) {
        Map<String, Long> stops = new TreeMap<>();
        Optional<FlatObject> said = counters.object("stops");
        if (said.isPresent()) {
            for (String reason : said.get().keys()) {
                stops.put(reason, count(said.get(), reason));
            }
        }
        return new InstanceCounters(
                count(counters, "restarts"),
                count(counters, "reloads"),
                count(counters, "kills"),
                count(counters, "failures"),
                Math.max(-1, counters.number("lastStopMillis", -1)),
                stops);
    }

    private static long count(FlatObject counters, String key) {
        return Math.max(0, counters.number(key, 0));
    }
}
