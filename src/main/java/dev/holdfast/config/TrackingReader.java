package dev.holdfast.config;

import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.TrackingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the registry is told of an instance. Loaded only when something was said of it. */
final class TrackingReader {
    private static final int LONGEST_TEXT = 200;
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final OptionValues values;
    private final String workingDirectory;

    TrackingReader(OptionValues values, String workingDirectory) {
        this.values = values;
        this.workingDirectory = workingDirectory;
    }

    TrackingSettings read() {
        Duration heartbeat = values.duration(RunOption.HEARTBEAT_INTERVAL, TrackingSettings.USUAL.heartbeat());
        if (heartbeat.compareTo(SHORTEST) < 0) {
            values.problem(RunOption.HEARTBEAT_INTERVAL, "must be 1s at the least");
        }
        Optional<String> folder = values.nonEmpty(RunOption.TRACKING_DIR, "name a folder");
        return new TrackingSettings(
                !values.isOffByVariable(RunOption.NO_TRACKING),
                folder.isPresent() ? Optional.of(LockPlace.absolute(folder.get(), workingDirectory)) : folder,
                heartbeat,
                new InstanceProfile(
                        line(RunOption.DESCRIPTION, "say something"),
                        paths(RunOption.DATA_DIR, "name a folder"),
                        line(RunOption.HOST, "name a host"),
                        values.number(RunOption.PORT, 1, HIGHEST_PORT).orElse(0),
                        words(RunOption.CONFIG_ENV, "name variables"),
                        words(RunOption.CONFIG_MINOR, "name variables"),
                        paths(RunOption.CONFIG_FILE, "name a file")),
                values.choice(RunOption.CONFLICT_DETECTION, ConflictDetection.values()));
    }

    private String line(RunOption option, String what) {
        String text = values.nonEmpty(option, what).orElse("");
        if (text.length() > LONGEST_TEXT || text.indexOf('\n') >= 0) {
            values.problem(option, "must be one line of at most " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private List<String> words(RunOption option, String what) {
        Optional<String> all = values.nonEmpty(option, what);
        List<String> words = new ArrayList<>();
        for (String word : all.isPresent() ? all.get().split(",", -1) : new String[0]) {
            if (word.isBlank()) {
                values.problem(option, "must " + what);
            }
            words.add(word);
        }
        return words;
    }

    private List<String> paths(RunOption option, String what) {
        List<String> paths = new ArrayList<>();
        for (String path : words(option, what)) {
            paths.add(LockPlace.absolute(path, workingDirectory));
        }
        return paths;
    }
}
