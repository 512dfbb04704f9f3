package dev.holdfast.config;

import dev.holdfast.settings.LockFileName;
import dev.holdfast.settings.LockScope;
import dev.holdfast.text.Printable;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where lock files are.
 *
 * @param scope who shares them; empty when it was not said
 * @param folder the folder, as it was said
 * @param file the file itself, as it was said; empty when its name comes from the instance
 */
public record LockPlace(Optional<LockScope> scope, String folder, Optional<String> file) {
    /**
     * Reads only what says where the lock is, for the commands that look for it. Other mistakes in the configuration
     * file do not hinder them: whoever has to stop a server must be able to.
     *
     * @param arguments what was typed
     * @param environment gives a variable's value, empty when it is not set
     * @param name the instance; empty for what holds for all
     * @param workingDirectory for the path of the configuration file
     * @param user the effective user id
     * @throws SettingsException if anything of it cannot be
     */
    public static LockPlace of(
            RunArguments arguments, UnaryOperator<String> environment, String name, String workingDirectory, int user) {
        OptionValues values = new OptionValues(arguments, environment);
        Optional<String> path = ConfigLocation.find(values, environment, workingDirectory, user);
        if (path.isPresent()) {
            ConfigFile file = ConfigFile.read(path.get());
            if (!file.isReadable()) {
                file.problems().forEach(values::fileProblem);
            }
            values.addFile(file.values(name));
        }
        LockPlace options = read(values);
        values.throwProblems();
        return options;
    }

    static LockPlace read(OptionValues values) {
        Optional<LockScope> scope = values.isSet(RunOption.SCOPE)
                ? Optional.of(values.choice(RunOption.SCOPE, LockScope.values()))
                : Optional.empty();
        Optional<String> file = values.nonEmpty(RunOption.LOCK_FILE, "name a file");
        // "$UNSET" must not become /tmp
        String folder = values.nonEmpty(RunOption.LOCK_DIR, "name a folder").orElse("/tmp");
        if (file.isPresent() && file.get().endsWith("/")) {
            values.problem(RunOption.LOCK_FILE, "must name a file, not a folder");
        }
        return new LockPlace(scope, folder, file);
    }

    /**
     * The lock file that a start makes.
     *
     * @param name the instance
     * @param workingDirectory where relative paths begin
     * @param user the effective user id
     * @return its absolute path
     */
    String path(String name, String workingDirectory, int user) {
        return absolute(file.orElse(folder + "/" + fileName(name, isOfUser(), user)), workingDirectory);
    }

    /** The lock that instances side by side take for their data. No instance's own can have this name. */
    String dataLock(String name, int user) {
        return folder + "/" + baseName(name, isOfUser(), user) + ".data-lock";
    }

    /** The same with the user's own lock, unless something else was said. */
    LockPlace usuallyOfUser() {
        return scope.isPresent() ? this : new LockPlace(Optional.of(LockScope.USER), folder, file);
    }

    private boolean isOfUser() {
        return scope.isPresent() && scope.get() == LockScope.USER;
    }

    private static String fileName(String name, boolean isOfUser, int user) {
        return baseName(name, isOfUser, user) + LockFileName.SUFFIX;
    }

    private static String baseName(String name, boolean isOfUser, int user) {
        return isOfUser ? name + "-" + Integer.toUnsignedString(user) : name;
    }

    /** The name of an instance's lock file, such as {@code orders.lock}. */
    public static String fileName(String name, LockScope scope, int user) {
        return fileName(name, scope == LockScope.USER, user);
    }

    /**
     * A path that does not depend on the working directory any more, without {@code /./} and doubled slashes.
     *
     * <p>What {@code ..} means stays the kernel's affair: behind a link it is not the folder before it.
     *
     * @param path absolute or relative
     * @param workingDirectory where relative ones begin; {@code .} when that was deleted
     * @throws SettingsException if it is relative to a folder that was deleted: another one's file is not what was meant
     */
    public static String absolute(String path, String workingDirectory) {
        if (!path.startsWith("/") && workingDirectory.equals(".")) {
            SettingsException.throwIfAny(
                    List.of("the path \"" + Printable.line(path)
                            + "\" is relative, and the working folder does not exist any more; write the whole path"),
                    false);
        }
        String whole = path.startsWith("/") ? path : workingDirectory + "/" + path;
        StringBuilder plain = new StringBuilder(whole.length());
        int start = 0; // of a name and the slash before it
        for (int end = whole.indexOf('/', 1); end > 0; end = whole.indexOf('/', end + 1)) {
            if (end - start > 2 || (end - start == 2 && whole.charAt(start + 1) != '.')) {
                plain.append(whole, start, end);
            }
            start = end;
        }
        return plain.append(whole, start, whole.length()).toString();
    }
}
