package dev.holdfast.config;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where the registry is: Holdfast's own folder, and the folder of the instances' files in it.
 *
 * @param ownFolder Holdfast's own folder, which need not be there
 */
public record InstancesPlace(String ownFolder) {
    /**
     * Where it is, or would be.
     *
     * @param environment gives a variable's value, empty when it is not set
     * @param workingDirectory where relative paths begin
     * @param user the effective user id
     * @return empty when the user has no home
     */
    public static Optional<InstancesPlace> of(UnaryOperator<String> environment, String workingDirectory, int user) {
        Optional<String> own = ConfigLocation.ownFolder(environment, user);
        return own.isEmpty()
                ? Optional.empty()
                : Optional.of(new InstancesPlace(LockPlace.absolute(own.get(), workingDirectory)));
    }

    /** The folder of the instances' files, when no other one was said. */
    public String instances() {
        return ownFolder + "/instances";
    }
}
