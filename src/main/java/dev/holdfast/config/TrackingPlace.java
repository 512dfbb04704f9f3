package dev.holdfast.config;

import dev.holdfast.settings.ConflictDetection;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What holds for the registry as a whole, for the commands that look at it.
 *
 * @param folder its folder, absolute; empty when the user has no home, and none was said
 * @param isSaid whether that folder was said, and is not the usual one
 * @param isOn whether instances that are started like this are in it
 * @param level how much two instances may have in common before that is told
 */
public record TrackingPlace(Optional<String> folder, boolean isSaid, boolean isOn, ConflictDetection level) {
    /**
     * Reads what was typed, the variables, and what the configuration file says for all instances. Other mistakes in that
     * file do not hinder anybody.
     *
     * @param arguments what was typed
     * @param environment gives a variable's value, empty when it is not set
     * @param workingDirectory where relative paths begin
     * @param user the effective user id
     * @throws SettingsException if anything of it cannot be
     */
    public static TrackingPlace of(
            RunArguments arguments, UnaryOperator<String> environment, String workingDirectory, int user) {
        OptionValues values = new OptionValues(arguments, environment);
        Optional<String> path = ConfigLocation.find(values, environment, workingDirectory, user);
        if (path.isPresent()) {
            ConfigFile file = ConfigFile.read(path.get());
            if (!file.isReadable()) {
                file.problems().forEach(values::fileProblem);
            }
            values.addFile(file.values(""));
        }
        TrackingPlace place = of(values, environment, workingDirectory, user);
        values.throwProblems();
        return place;
    }

    /**
     * By the variables alone, for a server that guards itself. What cannot be understood counts as not said.
     *
     * @param environment gives a variable's value, empty when it is not set
     * @param workingDirectory where relative paths begin
     * @param user the effective user id
     */
    public static TrackingPlace ofVariables(UnaryOperator<String> environment, String workingDirectory, int user) {
        return of(new OptionValues(new RunArguments(Map.of(), 0), environment), environment, workingDirectory, user);
    }

    private static TrackingPlace of(
            OptionValues values, UnaryOperator<String> environment, String workingDirectory, int user) {
        Optional<String> said = values.nonEmpty(RunOption.TRACKING_DIR, "name a folder");
        return new TrackingPlace(
                said.isPresent()
                        ? Optional.of(LockPlace.absolute(said.get(), workingDirectory))
                        : InstancesPlace.of(environment, workingDirectory, user).map(InstancesPlace::instances),
                said.isPresent(),
                !values.isOffByVariable(RunOption.NO_TRACKING),
                values.choice(RunOption.CONFLICT_DETECTION, ConflictDetection.values()));
    }
}
