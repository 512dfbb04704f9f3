package dev.holdfast.commands.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the library may see, and what everything else is answered. */
class MessageCheckTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -32700 | garbage
            -32700 | {"jsonrpc":"2.0","id":1,
            -32600 | {}
            -32600 | 1
            -32600 | null
            -32600 | [{"jsonrpc":"2.0","id":1,"method":"ping"}]
            -32600 | {"jsonrpc":"1.0","id":1,"method":"ping"}
            -32600 | {"jsonrpc":"2.0","id":null,"method":"ping"}
            -32600 | {"jsonrpc":"2.0","id":1.5,"method":"ping"}
            -32600 | {"jsonrpc":"2.0","id":{},"method":"ping"}
            -32600 | {"jsonrpc":"2.0","id":1,"method":5}
            -32600 | {"jsonrpc":"2.0","id":1}
            -32600 | {"jsonrpc":"2.0","result":{}}
            -32602 | {"jsonrpc":"2.0","id":1,"method":"initialize"}
            -32602 | {"jsonrpc":"2.0","id":1,"method":"tools/call"}
            -32602 | {"jsonrpc":"2.0","id":1,"method":"tools/call","params":5}
            -32602 | {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":3}}
            0      | {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{}}}
            0      | {"jsonrpc":"2.0","id":"a","method":"ping"}
            0      | {"jsonrpc":"2.0","id":1,"method":"unheard/of"}
            0      | {"jsonrpc":"2.0","method":"notifications/initialized"}
            0      | {"jsonrpc":"2.0","id":1,"result":{}}
            0      | {"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}
            """)
    void onlyMessagesAreTaken(int code, String message) {
        Optional<MessageCheck.Refusal> refusal = MessageCheck.of(message.getBytes(StandardCharsets.UTF_8));
        assertThat(refusal.map(MessageCheck.Refusal::code).orElse(0)).isEqualTo(code);
        // Only who is known to have asked is named.
        refusal.ifPresent(
                found -> assertThat(found.answer().path("id").asText()).isEqualTo(code == -32602 ? "1" : "null"));
    }
}
