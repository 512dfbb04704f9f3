package dev.holdfast.config;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** The file in Holdfast's own folder that tells what has happened to this user's instances. */
public final class HistoryPlace {
    private HistoryPlace() {}

    /**
     * Where it is, or would be.
     *
     * @param environment gives a variable's value, empty when it is not set
     * @param workingDirectory where relative paths begin
     * @param user the effective user id
     * @return its path; empty when the user has no home
     */
    public static Optional<String> path(UnaryOperator<String> environment, String workingDirectory, int user) {
        Optional<String> own = ConfigLocation.ownFolder(environment, user);
        return own.isEmpty() ? own : Optional.of(LockPlace.absolute(own.get() + "/history.jsonl", workingDirectory));
    }
}
