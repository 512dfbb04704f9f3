package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The graphical session that a launcher was started in, by what its environment says of it. A window on another display is
 * of no use to who sits at this one.
 *
 * @param wayland {@code WAYLAND_DISPLAY}; empty when there is none
 * @param x {@code DISPLAY}; empty when there is none
 */
record GraphicalSession(String wayland, String x) {
    static final String WAYLAND_DISPLAY = "WAYLAND_DISPLAY";
    static final String DISPLAY = "DISPLAY";

    /** No quotation marks: an answer of the control socket has none in a text. */
    private static final String ELSEWHERE =
            "it belongs to another graphical session; give each a name of its own, as in --name NAME-";

    static GraphicalSession ofThisProcess() {
        Environment launcher = Environment.ofThisProcess();
        return new GraphicalSession(launcher.value(WAYLAND_DISPLAY), launcher.value(DISPLAY));
    }

    /** Why a launch with these variables must not activate it, in half a sentence; empty when it may. */
    Optional<String> obstacle(List<byte[]> variables) {
        String otherWayland = value(variables, WAYLAND_DISPLAY);
        String otherX = value(variables, DISPLAY);
        boolean isByWayland = !wayland.isEmpty() && !otherWayland.isEmpty();
        boolean isByX = !x.isEmpty() && !otherX.isEmpty();
        boolean isOther = isByWayland
                ? !wayland.equals(otherWayland)
                : isByX && !display(x).equals(display(otherX));
        return isOther
                ? Optional.of(ELSEWHERE + (isByWayland ? "${WAYLAND_DISPLAY##*/}" : "${DISPLAY#*:}"))
                : Optional.empty();
    }

    private static String value(List<byte[]> variables, String name) {
        for (byte[] entry : variables) {
            String text = new String(entry, StandardCharsets.UTF_8);
            if (text.startsWith(name + "=")) {
                return text.substring(name.length() + 1);
            }
        }
        return "";
    }

    /** Without the screen's number: {@code :0.1} is of the same display as {@code :0}. */
    private static String display(String name) {
        int dot = name.indexOf('.', name.lastIndexOf(':') + 1);
        return dot < 0 ? name : name.substring(0, dot);
    }
}
