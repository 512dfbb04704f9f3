package dev.holdfast.commands.history;

import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryKey;
import dev.holdfast.history.HistoryKind;
import dev.holdfast.posix.users.UserDatabase;
import dev.holdfast.text.Durations;
import dev.holdfast.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The history for people: a line for each entry, in columns.
 *
 * @param entries the oldest first
 */
public record HistoryText(List<HistoryEntry> entries) {
    private static final int SECONDS = "2026-05-02T09:14:03".length();
    private static final int LONGEST_EVENT = 8;
    /** Of an instance; a longer one is somebody's invention. */
    private static final int LONGEST_NAME = 64;

    @Override
    public String toString() {
        int width = entries.stream()
                .mapToInt(entry -> Math.min(LONGEST_NAME, entry.name().length()))
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            String line = time(entry.time()) + "  " + padded(entry.name(), width) + "  "
                    + padded(entry.event(), LONGEST_EVENT) + "  " + String.join(", ", facts(entry));
            lines.add(Printable.line(line.stripTrailing()));
        }
        return String.join("\n", lines);
    }

    /** To a second: {@code --json} has the rest of it. */
    private static String time(String iso) {
        return iso.length() < SECONDS ? iso : iso.substring(0, SECONDS).replace('T', ' ');
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static List<String> facts(HistoryEntry entry) {
        Optional<HistoryKind> kind = HistoryKind.of(entry.event());
        List<String> facts = new ArrayList<>();
        if (kind.isEmpty()) {
            return facts;
        }
        switch (kind.get()) {
            case START -> {
                add(facts, "pid ", entry.number(HistoryKey.PID));
                addText(facts, "version ", entry.text(HistoryKey.VERSION));
                addText(facts, "by ", entry.text(HistoryKey.REASON));
            }
            case READY -> {
                add(facts, "pid ", entry.number(HistoryKey.PID));
                addTime(facts, "after ", entry.number(HistoryKey.TOOK));
            }
            case RESTART, STOP -> ofEnd(facts, entry);
            case REFUSAL -> {
                add(facts, "pid ", entry.number(HistoryKey.PID));
                facts.add(refusal(entry.text(HistoryKey.REASON)));
                add(facts, "by pid ", entry.number(HistoryKey.OTHER_PID));
            }
            case TAKEOVER -> {
                add(facts, "from pid ", entry.number(HistoryKey.OTHER_PID));
                addText(facts, "instance ", entry.text(HistoryKey.OTHER_INSTANCE));
                facts.add(
                        entry.text(HistoryKey.REASON).equals("forced")
                                ? "forced"
                                : "its client and its launcher were gone");
            }
            case CRASH -> {
                add(facts, "pid ", entry.number(HistoryKey.PID));
                addText(facts, "started ", time(entry.text(HistoryKey.OTHER_START)));
                facts.add(
                        entry.text(HistoryKey.REASON).equals("reboot")
                                ? "the machine went down under it"
                                : "it never released its lock; found by this start");
            }
        }
        return facts;
    }

    private static void ofEnd(List<String> facts, HistoryEntry entry) {
        add(facts, "pid ", entry.number(HistoryKey.PID));
        facts.add(reason(entry.text(HistoryKey.REASON)) + asker(entry));
        addTime(facts, "took ", entry.number(HistoryKey.TOOK));
        add(facts, "code ", entry.number(HistoryKey.CODE));
        addText(facts, "died of ", entry.text(HistoryKey.SIGNAL));
        if (entry.facts().flag(HistoryKey.KILLED)) {
            facts.add("killed");
        }
        addTime(facts, "waited ", entry.number(HistoryKey.DELAY));
    }

    private static String reason(String reason) {
        return reason.equals("found-ended") ? "ended unseen; found by now" : reason;
    }

    private static String asker(HistoryEntry entry) {
        if (entry.facts().flag(HistoryKey.TERMINAL)) {
            return " from the terminal";
        }
        if (entry.number(HistoryKey.BY_PID) < 0) {
            return "";
        }
        int user = (int) entry.number(HistoryKey.BY_USER);
        return " by pid " + entry.number(HistoryKey.BY_PID)
                + (entry.text(HistoryKey.BY_HOST).isEmpty() ? "" : " on " + entry.text(HistoryKey.BY_HOST)) + " of "
                + UserDatabase.name(user).orElse("uid " + Integer.toUnsignedString(user));
    }

    private static String refusal(String reason) {
        return switch (reason) {
            case "not-taken-over" -> "not taken over";
            case "stays" -> "did not end";
            case "not-activated" -> "took no arguments";
            default -> "already running";
        };
    }

    private static void add(List<String> facts, String before, long number) {
        if (number >= 0) {
            facts.add(before + number);
        }
    }

    private static void addText(List<String> facts, String before, String text) {
        if (!text.isEmpty()) {
            facts.add(before + text);
        }
    }

    private static void addTime(List<String> facts, String before, long millis) {
        if (millis >= 0) {
            facts.add(before + Durations.text(Duration.ofMillis(millis)));
        }
    }
}
