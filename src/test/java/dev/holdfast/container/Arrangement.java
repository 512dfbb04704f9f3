package dev.holdfast.container;

import java.util.List;

/** Who is PID 1, and who is the server's parent. */
enum Arrangement {
    /** The image as it is: tini, the launcher, the server. */
    SUPERVISE_UNDER_TINI,
    /** tini, and the server in the launcher's place. */
    EXEC_UNDER_TINI,
    /** The launcher is PID 1, and does what tini does. */
    PID_ONE;

    /** The options of {@code podman run} for it. */
    List<String> options(String... more) {
        List<String> own = switch (this) {
            case SUPERVISE_UNDER_TINI -> List.of();
            case EXEC_UNDER_TINI -> List.of("-e", "HOLDFAST_HANDOFF=exec");
            case PID_ONE -> List.of("--entrypoint", "[\"holdfast\",\"run\",\"--\"]");
        };
        return java.util.stream.Stream.concat(own.stream(), List.of(more).stream())
                .toList();
    }

    boolean supervises() {
        return this != EXEC_UNDER_TINI;
    }
}
