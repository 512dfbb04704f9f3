package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.settings.ListenAddress;
import dev.holdfast.settings.ListenSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenOptionsTest {
    private static RunSettings read(Map<String, String> environment, String... flags) {
        return new SettingsReader(
                        RunArguments.parse(List.of(flags)),
                        name -> environment.getOrDefault(name, name.equals("HOLDFAST_HOME") ? "/no/such" : ""))
                .read(List.of("/opt/billing"), "/srv/orders", 1001);
    }

    private static List<String> problems(String... flags) {
        SettingsException refusal = catchThrowableOfType(SettingsException.class, () -> read(Map.of(), flags));
        assertThat(refusal).isNotNull();
        return refusal.problems();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080             |      |             | 8080 |",
                "web=8080         | web  |             | 8080 |",
                "127.0.0.1:80     |      | 127.0.0.1   | 80   |",
                "localhost:80     |      | 127.0.0.1   | 80   |",
                "0.0.0.0:65535    |      | 0.0.0.0     | 65535 |",
                "[::1]:80         |      | ::1         | 80   |",
                "web=[::]:80      | web  | ::          | 80   |",
                "/run/orders.sock |      |             | 0    | /run/orders.sock",
                "./orders.sock    |      |             | 0    | /srv/orders/orders.sock",
                "a.b-c_d=/run/x=y | a.b-c_d |          | 0    | /run/x=y",
                "/run/a=b.sock    |      |             | 0    | /run/a=b.sock",
            })
    void formsOfAnAddress(String text, String name, String host, int port, String path) {
        ListenSettings settings =
                read(Map.of(), "--listen", text).server().listen().orElseThrow();
        assertThat(settings.asStdin()).isFalse();
        assertThat(settings.addresses())
                .containsExactly(new ListenAddress(
                        name == null ? "" : name, host == null ? "" : host, port, path == null ? "" : path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0               | must have a port from 1 to 65535",
                "65536           | must have a port from 1 to 65535",
                "999999999999    | must have a port from 1 to 65535",
                "127.0.0.1:      | must have a port from 1 to 65535",
                "web             | must be PORT, HOST:PORT or a path",
                "web=            | must have a port",
                "example.org:80  | names are not looked up",
                ":80             | must have an address for HOST",
                "::1:80          | must have an address for HOST",
                "[127.0.0.1]:80  | must have an address for HOST",
                "127.1:80        | must have an address for HOST",
                "/run/           | must name a file, not a folder",
                "a b=80          | NAME that is not",
                "=80             | NAME that is not",
                "8080,8080       | has 8080 twice",
                "a=8080,b=8080   | has 8080 twice",
            })
    void mistakesAreTold(String text, String problem) {
        assertThat(problems("--listen", text)).singleElement().asString().contains(problem);
    }

    @Test
    void pathsThatNoClientCouldConnectToAreRefused() {
        assertThat(problems("--listen", "/" + "x".repeat(107)))
                .singleElement()
                .asString()
                .contains("more than 107 bytes");
        assertThat(read(Map.of(), "--listen", "/" + "x".repeat(106)).server().listen())
                .isPresent();
    }

    @Test
    void severalKeepTheirOrder() {
        assertThat(read(Map.of("HOLDFAST_LISTEN", "b=81, 80"))
                        .server()
                        .listen()
                        .orElseThrow()
                        .addresses())
                .extracting(ListenAddress::toString)
                .containsExactly("81", "80");
        assertThat(read(Map.of("HOLDFAST_LISTEN", "9"), "--listen", "81", "--listen", "[::1]:80")
                        .server()
                        .listen()
                        .orElseThrow()
                        .addresses())
                .extracting(ListenAddress::toString)
                .containsExactly("81", "[::1]:80");
    }

    @Test
    void stdinIsForOneSocketAlone() {
        assertThat(read(Map.of(), "--listen", "80", "--listen-stdin")
                        .server()
                        .listen()
                        .orElseThrow()
                        .asStdin())
                .isTrue();
        assertThat(problems("--listen-stdin")).singleElement().asString().contains("needs one --listen");
        assertThat(problems("--listen", "80,81", "--listen-stdin"))
                .singleElement()
                .asString()
                .contains("needs one --listen");
        assertThat(problems("--listen", "80", "--listen-stdin", "--transport", "stdio"))
                .singleElement()
                .asString()
                .contains("exclude each other");
    }

    @Test
    void readinessThatSaysNothingIsRefused() {
        assertThat(problems("--listen", "127.0.0.1:80", "--ready-port", "80"))
                .singleElement()
                .asString()
                .contains("is a port of --listen, which is open before the server runs");
        assertThat(problems("--listen", "80,81", "--ready-fd", "4"))
                .singleElement()
                .asString()
                .contains("is one of the sockets", "3 to 4");
        assertThat(read(Map.of(), "--listen", "80,81", "--ready-fd", "5", "--ready-port", "82")
                        .server()
                        .readiness()
                        .port())
                .isEqualTo(82);
    }

    /** For a redeploy in which two servers have the sockets at the same time. */
    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080/health, true",
        "http://localhost/, true",
        "https://localhost/, false",
        "http://localhost:81, false",
        "'', false",
    })
    void urlsAtOneOfTheSockets(String url, boolean isAtOne) {
        ListenSettings settings =
                read(Map.of(), "--listen", "8080,80").server().listen().orElseThrow();
        assertThat(settings.hasPortOf(url)).isEqualTo(isAtOne);
    }
}
