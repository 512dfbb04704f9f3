package dev.holdfast.cli;

import dev.holdfast.config.InstanceArguments;
import dev.holdfast.config.LockPlace;
import dev.holdfast.config.RedeployOption;
import dev.holdfast.config.RunArguments;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.config.StartOption;
import dev.holdfast.control.KnownCommands;
import dev.holdfast.control.RedeployOrder;
import dev.holdfast.text.RawText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The last good command of a launcher that is gone, as {@code holdfast start} would be told it: what the launcher was told,
 * and in place of its first server's options those of this command.
 *
 * @param known what is known of the launcher and its commands
 * @param target which instance it was
 * @param options how it is to be started this time, as {@link RedeployOrder} has it
 */
record RestoredStart(KnownCommands known, Target target, Map<String, String> options) {
    private static final String MAIN = Main.class.getName();
    private static final int OCTAL = 8;

    /** All that follows {@code start}. */
    List<byte[]> words() {
        Map<RunOption, String> said = launchersOptions();
        RedeployOrder order = known.lastGood();
        for (RunOption option : RedeployOption.CHANGEABLE) {
            said.remove(option);
            if (order.has(option.key())) {
                said.put(option, typed(option, order.text(option.key(), "")));
            }
        }
        said.put(RunOption.CWD, order.folder());
        said.remove(RunOption.FORCE);
        InstanceArguments.PLACE.forEach(said::remove);
        said.put(RunOption.NAME, target.name());
        said.put(RunOption.LOCK_FILE, target.lockFile().path());
        List<String> flags = new ArrayList<>();
        said.forEach((option, value) ->
                flags.add(option.takesValue() ? option.longFlag() + "=" + value : option.longFlag()));
        if (options.containsKey(RedeployOrder.SETTLE)) {
            flags.add(StartOption.SETTLE.longFlag() + "=" + options.get(RedeployOrder.SETTLE) + "ms");
        }
        flags.add("--");
        List<byte[]> words = new ArrayList<>();
        flags.forEach(flag -> words.add(RawText.bytes(flag)));
        words.addAll(order.command());
        return words;
    }

    private Map<RunOption, String> launchersOptions() {
        List<String> words = new ArrayList<>();
        known.launcher().forEach(word -> words.add(new String(word, StandardCharsets.UTF_8)));
        Map<RunOption, String> said = new EnumMap<>(RunOption.class);
        int main = words.indexOf(MAIN);
        // The word of the background has another one behind it.
        int from = main
                + (main >= 0 && main + 1 < words.size() && words.get(main + 1).equals(Background.WORD) ? 3 : 2);
        if (main >= 0 && from <= words.size()) {
            try {
                said.putAll(
                        RunArguments.parse(words.subList(from, words.size())).values());
            } catch (SettingsException e) {
                return said; // of another version of Holdfast: what belongs to the command is known all the same
            }
        }
        for (RunOption option : List.of(RunOption.OUTPUT, RunOption.LOG_FILE, RunOption.CONFIG)) {
            String path = said.get(option);
            if (path != null) {
                said.put(option, LockPlace.absolute(path, known.folder()));
            }
        }
        return said;
    }

    /** As it is typed: an order has times in milliseconds. */
    private static String typed(RunOption option, String value) {
        return switch (option) {
            case GRACE, READY_TIMEOUT, WATCHDOG, HOOK_TIMEOUT -> value + "ms";
            case UMASK -> Integer.toString(Integer.parseInt(value), OCTAL);
            case ENV_FILE -> value.replace('\n', ',');
            default -> value;
        };
    }
}
