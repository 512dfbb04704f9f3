package dev.holdfast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.guard.Journal;
import dev.holdfast.text.Timestamps;
import java.util.function.Function;

/** Journal entries as JSON, one to a line, with the time when they happened. */
final class JsonLines implements Function<Journal.Entry, String> {
    private final ObjectMapper mapper = new ObjectMapper();
    private final String instanceId;

    JsonLines(String instanceId) {
        this.instanceId = instanceId;
    }

    @Override
    public String apply(Journal.Entry entry) {
        try {
            return mapper.writeValueAsString(mapper.createObjectNode()
                    .put("time", Timestamps.iso(entry.epochMillis()))
                    .put("level", entry.level().name())
                    .put("instance", instanceId)
                    .put("message", entry.text()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
