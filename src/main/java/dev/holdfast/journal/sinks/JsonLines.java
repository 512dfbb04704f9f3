package dev.holdfast.journal.sinks;

import dev.holdfast.journal.Journal;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.text.Timestamps;
import java.util.function.Function;

/** Journal entries as JSON, one to a line, with the time when they happened. */
final class JsonLines implements Function<Journal.Entry, String> {
    private final String instanceId;

    JsonLines(String instanceId) {
        this.instanceId = instanceId;
    }

    @Override
    public String apply(Journal.Entry entry) {
        return Json.line(Json.object()
                .put("time", Timestamps.iso(entry.epochMillis()))
                .put("level", entry.level().name())
                .put("instance", instanceId)
                .put("message", entry.text()));
    }
}
