package dev.holdfast.cli;

import dev.holdfast.console.Console;
import dev.holdfast.lock.file.Step;
import dev.holdfast.lock.file.Steps;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells how long each step of the start took, on stderr in one line, when {@code HOLDFAST_TIMING} is set; without it
 * nothing here is loaded. Times are those since bin/holdfast began, in milliseconds, by the wall clock: the script, the
 * JVM and this class have no other clock in common.
 */
final class Timing implements Steps {
    /** Asks for it. */
    static final String VARIABLE = "HOLDFAST_TIMING";
    /** Set by bin/holdfast: when it began and when it became the JVM, in nanoseconds since 1970. */
    private static final String SCRIPT_BEGAN = "BEGAN";

    private static final String SCRIPT_ENDED = "JVM";
    private static final Map<Step, String> NAMES = Map.of(
            Step.RUN_MAIN, "jvm",
            Step.RUN_PARSED, "options",
            Step.ACQUIRE_LOCKED, "lock",
            Step.ACQUIRE_RECORDED, "record",
            Step.RUN_SPAWNED, "server",
            Step.RUN_READY, "loop");
    private static final int NANOS_PER_MICRO = 1000;

    private final Steps others;
    private final Map<String, Long> micros = new LinkedHashMap<>();

    /**
     * Times from here on.
     *
     * @param others are told of each step as well
     */
    Timing(Steps others) {
        this.others = others;
        note("begin", micros(SCRIPT_BEGAN));
        note("script", micros(SCRIPT_ENDED));
    }

    private void note(String name, long time) {
        if (time != 0) {
            micros.put(name, time);
        }
    }

    private static long micros(String variable) {
        String nanos = LaunchScript.variable(variable);
        return nanos.matches("[0-9]{19}") ? Long.parseLong(nanos) / NANOS_PER_MICRO : 0;
    }

    @Override
    public void reached(Step step) {
        String name = NAMES.get(step);
        if (name != null) {
            note(name, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        }
        others.reached(step);
        if (step == Step.RUN_READY) {
            Console.line("holdfast: ms since the start: " + text());
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        long begin = micros.values().iterator().next();
        micros.forEach((name, time) -> {
            if (time != begin) {
                long tenths = (time - begin + 50) / 100;
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ');
                text.append(tenths / 10).append('.').append(tenths % 10);
            }
        });
        return text.toString();
    }
}
