package dev.holdfast.config;

import dev.holdfast.settings.OutputSettings;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Reads where output is kept. Loaded only when something was said of it. */
public final class OutputOptions {
    private static final long STANDARD_SIZE = 10L << 20;
    private static final long SMALLEST = 1 << 10;
    private static final long LARGEST = 1L << 40;
    private static final int STANDARD_KEEP = 5;
    private static final int MOST_KEPT = 100;
    private static final int LONGEST_NUMBER = 12;

    private OutputOptions() {}

    /** Empty when no file was named. */
    static Optional<OutputSettings> read(OptionValues values, String workingDirectory, boolean withStdout) {
        Optional<String> path = values.nonEmpty(RunOption.OUTPUT, "name a file");
        if (path.isPresent() && path.get().endsWith("/")) {
            values.problem(RunOption.OUTPUT, "must name a file, not a folder");
        }
        long size = size(values);
        int keep = values.number(RunOption.OUTPUT_KEEP, 0, MOST_KEPT).orElse(STANDARD_KEEP);
        if (path.isEmpty()) {
            if (values.isOn(RunOption.SHARE)) {
                return Optional.empty(); // there is a file, which whoever starts the host names
            }
            requireFile(values, RunOption.OUTPUT_SIZE);
            requireFile(values, RunOption.OUTPUT_KEEP);
            return Optional.empty();
        }
        return Optional.of(
                new OutputSettings(LockPlace.absolute(path.get(), workingDirectory), size, keep, withStdout, false));
    }

    /** A file or a variable may say it for all instances; typed without a file, it is a mistake. */
    private static void requireFile(OptionValues values, RunOption option) {
        if (values.value(option).origin() == OptionValue.Origin.COMMAND_LINE) {
            values.problem(option, "needs --output FILE");
        }
    }

    private static long size(OptionValues values) {
        if (!values.isSet(RunOption.OUTPUT_SIZE)) {
            return STANDARD_SIZE;
        }
        long size = bytes(values.text(RunOption.OUTPUT_SIZE).trim());
        if (size < SMALLEST || size > LARGEST) {
            values.problem(RunOption.OUTPUT_SIZE, "must be a size from 1K to 1024G, such as 500K or 10M");
        }
        return size;
    }

    /** A size such as 500K; -1 for what is none. */
    static long bytes(String text) {
        int digits = 0;
        while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0 && text.charAt(digits) <= '9') {
            digits++;
        }
        int shift = shift(text.substring(digits));
        if (digits == 0 || digits > LONGEST_NUMBER || shift < 0) {
            return -1;
        }
        long number = Long.parseLong(text.substring(0, digits));
        return number > LARGEST >> shift ? -1 : number << shift;
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "" -> 0;
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            case "g", "G" -> 30;
            default -> -1;
        };
    }

    /**
     * The folder in which the output of instances that run in the background is kept.
     *
     * @param environment gives a variable's value, empty when it is not set
     * @param workingDirectory where relative paths begin
     * @param user the effective user id
     * @return its path; empty when the user has no home
     */
    public static Optional<String> folder(UnaryOperator<String> environment, String workingDirectory, int user) {
        Optional<String> own = ConfigLocation.ownFolder(environment, user);
        return own.isEmpty() ? own : Optional.of(LockPlace.absolute(own.get() + "/logs", workingDirectory));
    }
}
