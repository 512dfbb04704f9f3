package dev.holdfast.commands.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.json.jackson.Json;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tools as the protocol describes them, with schemas for what they take and what they answer. */
final class ToolCatalog {
    private static final String TYPE = "type";

    private final ServerTools tools;

    ToolCatalog(ServerTools tools) {
        this.tools = tools;
    }

    static McpSchema.Tool description(ServerTools.Tool tool) {
        return McpSchema.Tool.builder(tool.word(), object(Map.of(), List.of()))
                .description(tool.meaning())
                .outputSchema(output(tool))
                .annotations(McpSchema.ToolAnnotations.builder()
                        .readOnlyHint(tool.isReadOnly())
                        .destructiveHint(!tool.isReadOnly())
                        .idempotentHint(true)
                        .openWorldHint(false)
                        .build())
                .build();
    }

    /** Structured, and the same as text for clients that know no structure. */
    McpSchema.CallToolResult call(ServerTools.Tool tool) {
        ObjectNode answer;
        try {
            answer = tools.call(tool);
        } catch (HoldfastException e) {
            return failure(String.valueOf(e.getMessage()));
        }
        if (!tools.allows(tool)) {
            return failure(answer.path("error").asText());
        }
        return McpSchema.CallToolResult.builder()
                .addTextContent(Json.line(answer))
                .structuredContent(Json.map(answer))
                .isError(false)
                .build();
    }

    private static McpSchema.CallToolResult failure(String why) {
        return McpSchema.CallToolResult.builder()
                .addTextContent(why)
                .isError(true)
                .build();
    }

    private static Map<String, Object> output(ServerTools.Tool tool) {
        Map<String, Object> tracking = object(
                Map.of(
                        "active_instances", type("integer"),
                        "conflicts_detected", type("integer"),
                        "current_instance_id", Map.of(TYPE, List.of("string", "null")),
                        "tracking_enabled", type("boolean")),
                List.of("active_instances", "conflicts_detected", "current_instance_id", "tracking_enabled"));
        return switch (tool) {
            case HEALTH ->
                object(
                        Map.of(
                                "status", type("string"),
                                "uptime", type("number"),
                                "instances", type("array"),
                                "instance_tracking", tracking),
                        List.of("status", "instance_tracking"));
            case DIAGNOSIS ->
                object(
                        Map.of(
                                "status", type("string"),
                                "instance_tracking", tracking,
                                "conflicts", type("array"),
                                "findings", type("array")),
                        List.of("status", "conflicts"));
            case RESOLUTION ->
                object(
                        Map.of(
                                "cleanup_results",
                                type("object"),
                                "actions_taken",
                                type("array"),
                                "left",
                                type("array")),
                        List.of("cleanup_results", "actions_taken"));
            case CONFIGURATION ->
                object(
                        Map.of(
                                "configuration",
                                object(
                                        Map.of("config_hash", Map.of(TYPE, List.of("string", "null"))),
                                        List.of("config_hash")),
                                "instances",
                                type("array")),
                        List.of("configuration"));
        };
    }

    private static Map<String, Object> type(String word) {
        return Map.of(TYPE, word);
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(TYPE, "object");
        schema.put("properties", new TreeMap<>(properties));
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }
}
