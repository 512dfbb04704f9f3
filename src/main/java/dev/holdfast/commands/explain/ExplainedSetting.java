package dev.holdfast.commands.explain;

import dev.holdfast.config.OptionValue;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.settings.LockScope;
import java.util.ArrayList;
import java.util.List;

/**
 * One setting, as {@code --explain} shows it.
 *
 * @param key as in the configuration file
 * @param value what holds; not for commands, which may have secrets in them
 * @param source the flag, the variable, {@code FILE:LINE}, or {@code default}
 */
record ExplainedSetting(String key, String value, String source) {
    static List<ExplainedSetting> all(SettingsReader reader, RunSettings settings) {
        List<ExplainedSetting> all = new ArrayList<>();
        for (RunOption option : RunOption.values()) {
            OptionValue value = reader.value(option);
            boolean isDefault = value.origin() == OptionValue.Origin.DEFAULT;
            String text = isDefault ? defaultOf(option, settings) : shown(option, value.text());
            all.add(new ExplainedSetting(option.key(), text, isDefault ? "default" : value.place()));
        }
        return all;
    }

    private static String defaultOf(RunOption option, RunSettings settings) {
        return switch (option) {
            case NAME -> settings.instance().name();
            case LOCK_FILE -> settings.lockPath();
            case SCOPE -> settings.instance().share().isPresent() ? LockScope.USER.toString() : option.defaultText();
            case SHARE_SCOPE ->
                settings.instance()
                        .share()
                        .map(share -> share.scope().toString())
                        .orElse(option.defaultText());
            default -> option.takesValue() ? option.defaultText() : "false";
        };
    }

    /** Another value of the same setting, as it may be shown. */
    String masked(String other) {
        for (RunOption option : RunOption.values()) {
            if (option.key().equals(key)) {
                return shown(option, other);
            }
        }
        return "(set)";
    }

    private static String shown(RunOption option, String text) {
        return switch (option) {
            case PRE_START, POST_STOP, ON_CONFLICT_COMMAND, READY_COMMAND, ON_ACTIVATE -> "(set)";
            // A user and a password before the host
            case READY_HTTP -> text.replaceFirst("//[^/@]*@", "//...@");
            default -> option.takesValue() || !text.isEmpty() ? text : "true";
        };
    }
}
