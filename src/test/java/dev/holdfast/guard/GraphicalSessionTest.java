package dev.holdfast.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which launches come from where the running instance's windows are. */
class GraphicalSessionTest {
    /** The instance's two displays, the launch's two, and by which variable they are told apart. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -,         :0,       -,         :0,         -
            -,         :0.1,     -,         :0,         -
            -,         :0,       -,         :1,         ${DISPLAY#*:}
            -,         host:0.0, -,         host:0.1,   -
            -,         host:0,   -,         other:0,    ${DISPLAY#*:}
            wayland-0, :0,       wayland-0, :1,         -
            wayland-0, :0,       wayland-1, :0,         ${WAYLAND_DISPLAY##*/}
            wayland-0, -,        -,         :0,         -
            wayland-0, :0,       -,         :1,         ${DISPLAY#*:}
            -,         -,        wayland-0, :0,         -
            -,         :0,       -,         -,          -
            """)
    void launchFromAnotherDisplayIsRefused(
            String wayland, String x, String otherWayland, String otherX, String toldApartBy) {
        List<byte[]> variables = new ArrayList<>();
        add(variables, "WAYLAND_DISPLAY", otherWayland);
        add(variables, "DISPLAY", otherX);
        GraphicalSession session = new GraphicalSession(orEmpty(wayland), orEmpty(x));
        String obstacle = session.obstacle(variables).orElse("");
        if (toldApartBy == null) {
            assertThat(obstacle).isEmpty();
        } else {
            assertThat(obstacle).endsWith("as in --name NAME-" + toldApartBy).doesNotContain("\"");
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static void add(List<byte[]> variables, String name, String value) {
        if (value != null) {
            variables.add((name + "=" + value).getBytes(StandardCharsets.UTF_8));
        }
    }
}
