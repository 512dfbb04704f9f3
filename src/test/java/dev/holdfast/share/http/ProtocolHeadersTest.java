package dev.holdfast.share.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.json.Envelope;
import dev.holdfast.json.Parts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers and message must say the same, since 2026-07-28. */
class ProtocolHeadersTest {
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\"," + META + "}}";

    /** The error's code, with the status before it; empty when there is nothing to complain of. */
    private static String complaint(String message, String... headers) {
        byte[] line = message.getBytes(StandardCharsets.UTF_8);
        Optional<Answer> problem = ProtocolHeaders.problem(
                new StubExchange("/mcp", headers), line, Envelope.of(line).orElseThrow());
        return problem.map(answer -> answer.status() + " "
                        + Parts.of(answer.body(), "error/code", "id").json("error/code") + " "
                        + Parts.of(answer.body(), "id").json("id"))
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-07-28, tools/call, echo, ''",
        "2026-07-28, tools/call, =?base64?ZWNobw==?=, ''",
        "2026-07-28, tools/call, =?base64?ZWNobX==?=, 400 -32020 7",
        "2026-07-28, tools/call, =?base64?!?=, 400 -32020 7",
        "2026-07-28, tools/call, ECHO, 400 -32020 7",
        "2026-07-28, tools/list, echo, 400 -32020 7",
        "2026-07-28, Tools/Call, echo, 400 -32020 7",
        "2026-07-29, tools/call, echo, 400 -32020 7",
        "2025-11-25, tools/call, echo, 400 -32020 7"
    })
    void eachHeaderMustSayWhatTheMessageSays(String version, String method, String name, String complaint) {
        assertThat(complaint(CALL, "MCP-Protocol-Version", version, "Mcp-Method", method, "Mcp-Name", name))
                .isEqualTo(complaint);
    }

    @Test
    void noHeaderMayBeMissing() {
        assertThat(complaint(CALL, "Mcp-Method", "tools/call", "Mcp-Name", "echo"))
                .isEqualTo("400 -32020 7");
        assertThat(complaint(CALL, "MCP-Protocol-Version", "2026-07-28", "Mcp-Name", "echo"))
                .isEqualTo("400 -32020 7");
        assertThat(complaint(CALL, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call"))
                .isEqualTo("400 -32020 7");
    }

    @Test
    void whereTheMessageNamesNothingNoNameIsNeeded() {
        String list = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/list\",\"params\":{" + META + "}}";

        assertThat(complaint(list, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list"))
                .isEmpty();
    }

    @Test
    void theNameOfAResourceIsItsUri() {
        String read = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"resources/read\",\"params\":{\"uri\":\"file:///ä\","
                + META + "}}";

        assertThat(complaint(
                        read,
                        "MCP-Protocol-Version",
                        "2026-07-28",
                        "Mcp-Method",
                        "resources/read",
                        "Mcp-Name",
                        "=?base64?ZmlsZTovLy/DpA==?="))
                .isEmpty();
    }

    @Test
    void aRequestWithoutTheVersionInItIsRefused() {
        String call = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/list\"}";

        assertThat(complaint(call, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list"))
                .isEqualTo("400 -32020 \"a\"");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-11-05, true",
        "2025-03-26, true",
        "2025-06-18, true",
        "2025-11-25, true",
        "2025-12-01, false",
        "x, false"
    })
    void anOlderVersionMustBeAKnownOne(String version, boolean isKnown) {
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

        // "x" is above all versions, and so of those that say in each message what they are
        assertThat(complaint(call, "MCP-Protocol-Version", version).isEmpty()).isEqualTo(isKnown);
    }
}
