package dev.holdfast.share.host;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.control.LongAnswer;
import dev.holdfast.control.Payload;
import dev.holdfast.posix.sockets.UnixStream;
import dev.holdfast.supervise.ControlWork;
import dev.holdfast.text.Printable;
import dev.holdfast.waiting.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A start that wants to be a client of a shared server: compared with the host's own, and let in or not. */
final class Arrival implements ControlWork {
    private static final String NAME = "client=";
    private static final int LONGEST_NAME = 64;

    private final Host host;
    private final String instanceId;
    private final int pid;
    private String name = "";
    private @Nullable String answer;
    private String warning = "";
    private @Nullable ClientPipes pipes;
    private boolean isAdmitted;
    private boolean isOver;

    /** Nothing is known of it yet but its pid. */
    Arrival(Host host, String instanceId, int pid) {
        this.host = host;
        this.instanceId = instanceId;
        this.pid = pid;
    }

    @Override
    public void begin(Payload payload, int... descriptors) {
        List<String> options = new ArrayList<>();
        for (byte[] option : payload.options()) {
            options.add(new String(option, StandardCharsets.UTF_8));
        }
        for (String option : options) {
            name = option.startsWith(NAME) ? Printable.plain(option.substring(NAME.length()), LONGEST_NAME) : name;
        }
        Optional<String> obstacle = host.obstacle();
        Optional<String> difference =
                obstacle.isPresent() ? Optional.empty() : host.likeness().differs(options);
        if (obstacle.isPresent()) {
            answer = LongAnswer.refusal(instanceId, obstacle.get(), host.kindOfObstacle());
        } else if (difference.isPresent()) {
            answer = LongAnswer.refusal(instanceId, difference.get(), LongAnswer.Refusal.NEVER);
        } else {
            isAdmitted = true;
            warning = host.likeness().warning(options).orElse("");
            pipes = descriptors.length == ControlAnswer.CLIENTS_PIPES && host.hasRoomForPipes()
                    ? ClientPipes.of(descriptors[0], descriptors[1]).orElse(null)
                    : null;
            answer = LongAnswer.done(instanceId, pipes == null ? 0 : ControlAnswer.PIPES_TAKEN);
        }
        if (!isAdmitted) {
            String why = obstacle.orElse(difference.orElse(""));
            host.audit("refused a client pid=" + pid + " why=\"" + Printable.line(why) + "\"");
        }
    }

    @Override
    public @Nullable String next() {
        String line = answer;
        answer = null;
        isOver = line != null;
        return line;
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    @Override
    public long deadline() {
        return Ticker.NEVER;
    }

    @Override
    public boolean takes(UnixStream stream) {
        if (isAdmitted) {
            host.attach(stream, pipes, name, pid, warning);
        }
        return isAdmitted;
    }

    @Override
    public void abandon() {
        if (pipes != null) {
            pipes.close();
        }
    }
}
