package dev.holdfast.share.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.TokenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask a host over HTTP: row 35. */
class GateTest {
    private static final int PORT = 8931;
    private static final String SECRET = "0123456789abcdef0123";

    @TempDir
    Path folder;

    private TokenFile token() throws IOException {
        Path file = folder.resolve("orders.token");
        Files.writeString(file, SECRET + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return new TokenFile(file.toString());
    }

    private static int status(Gate gate, StubExchange exchange) {
        return gate.refusal(exchange, true).map(Answer::status).orElse(Answer.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8931, 200",
        "LOCALHOST:8931, 200",
        "127.0.0.1:8931, 200",
        "[::1]:8931, 200",
        "localhost, 403",
        "localhost:8932, 403",
        "127.0.0.1, 403",
        "127.0.0.2:8931, 403",
        "0.0.0.0:8931, 403",
        "evil.example:8931, 403",
        "localhost.evil.example:8931, 403",
        "'localhost:8931,evil.example', 403",
        "'', 403"
    })
    void onlyNamesOfTheLoopbackAddressesAreAnswered(String host, int status) {
        assertThat(status(new Gate(PORT, null), new StubExchange("/mcp", "Host", host)))
                .isEqualTo(status);
    }

    @Test
    void twoHostHeadersAreNone() {
        StubExchange exchange = new StubExchange("/mcp", "Host", "localhost:8931", "Host", "localhost:8931");

        assertThat(status(new Gate(PORT, null), exchange)).isEqualTo(Answer.FORBIDDEN);
    }

    @Test
    void anAbsoluteAddressCountsInsteadOfTheHeader() {
        assertThat(status(
                        new Gate(PORT, null),
                        new StubExchange("http://evil.example:8931/mcp", "Host", "localhost:8931")))
                .isEqualTo(Answer.FORBIDDEN);
    }

    @Test
    void theUsualPortNeedNotBeSaid() {
        assertThat(status(new Gate(80, null), new StubExchange("/mcp", "Host", "localhost")))
                .isEqualTo(Answer.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8931, 200",
        "http://127.0.0.1:8931, 200",
        "http://localhost, 403",
        "http://localhost:3000, 403",
        "https://localhost:8931, 403",
        "http://evil.example, 403",
        "http://localhost:8931.evil.example, 403",
        "null, 403"
    })
    void aPageOfAnotherOriginMayNotAsk(String origin, int status) {
        StubExchange exchange = new StubExchange("/mcp", "Host", "localhost:8931", "Origin", origin);

        assertThat(status(new Gate(PORT, null), exchange)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer 0123456789abcdef0123, 200",
        "bearer  0123456789abcdef0123, 200",
        "0123456789abcdef0123, 401",
        "Basic 0123456789abcdef0123, 401",
        "Bearer 0123456789abcdef012, 401",
        "Bearer 0123456789abcdef01234, 401",
        "Bearer, 401",
        "'', 401"
    })
    void onlyTheTokenLetsIn(String said, int status) throws IOException {
        StubExchange exchange = new StubExchange("/mcp", "Host", "localhost:8931", "Authorization", said);

        assertThat(status(new Gate(PORT, token()), exchange)).isEqualTo(status);
    }

    @Test
    @DisplayName("a foreign name is refused before the token is looked at")
    void nobodyLearnsByAForeignNameWhetherATokenIsRight() throws IOException {
        StubExchange exchange =
                new StubExchange("/mcp", "Host", "evil.example:8931", "Authorization", "Bearer " + SECRET);

        assertThat(status(new Gate(PORT, token()), exchange)).isEqualTo(Answer.FORBIDDEN);
    }

    @Test
    void healthNeedsNoToken() throws IOException {
        assertThat(new Gate(PORT, token()).refusal(new StubExchange("/health", "Host", "localhost:8931"), false))
                .isEmpty();
    }

    @Test
    void aRemovedTokenLetsNobodyIn() throws IOException {
        TokenFile token = token();
        Files.delete(folder.resolve("orders.token"));

        assertThat(status(
                        new Gate(PORT, token),
                        new StubExchange("/mcp", "Host", "localhost:8931", "Authorization", "Bearer " + SECRET)))
                .isEqualTo(Answer.UNAUTHORIZED);
    }
}
