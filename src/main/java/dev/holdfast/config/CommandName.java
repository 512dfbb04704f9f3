package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The name of an instance, when none is given: that of the program, or, for interpreters and package runners, that of
 * the script or package.
 *
 * <p>Names that say nothing ({@code index.js}, {@code main.py}, {@code npm start}) are replaced by that of the project's
 * folder. A {@linkplain ToolName tool} ({@code make run}) gets its folder and a checksum of folder and command. Code on
 * the command line ({@code sh -c ...}) has no name, either; it gets the interpreter's and a checksum of the folder and
 * the code, so that the same code in one folder is the same instance and other code is another.
 */
public final class CommandName {
    private static final int MOST_STEPS = 8;

    private static final Set<String> SAY_NOTHING = Set.of(
            "index",
            "main",
            "server",
            "app",
            "cli",
            "run",
            "start",
            "__main__",
            "mod",
            "entry",
            "bootstrap",
            "manage",
            "artisan",
            "www",
            "dist",
            "build",
            "src",
            "bin",
            "out");
    private static final Set<String> FOLDERS_THAT_SAY_NOTHING = Set.of(
            "dist", "build", "src", "lib", "bin", "sbin", "out", "target", "js", "app", "server", "usr", "local", "opt",
            "srv", "var", "home");
    private static final Set<String> EXTENSIONS = Set.of(
            "js", "mjs", "cjs", "ts", "mts", "py", "pyz", "rb", "pl", "php", "lua", "sh", "bash", "jar", "dll", "exe",
            "java");

    private CommandName() {}

    /**
     * Whether a word is the path of a program, or a program that runs others: then it begins a command, whatever else it
     * was taken for.
     */
    public static boolean isOfProgram(String word) {
        return word.indexOf('/') >= 0 || Runners.isRunner(Runners.family(word));
    }

    /**
     * The name for a command.
     *
     * @param command the command and its arguments
     * @param workingDirectory where it is started
     * @return a valid name
     */
    public static String of(List<String> command, String workingDirectory) {
        return of(command, workingDirectory, MOST_STEPS);
    }

    /**
     * Whether a command's name says which server is meant only together with the folder that it is started in: it is
     * made of that folder's name, which others may have, too, or is a program's that may serve any folder.
     *
     * @param command the command and its arguments
     * @return false when it is that of a script or package
     */
    public static boolean dependsOnFolder(List<String> command) {
        boolean isBareProgram = command.get(0).indexOf('/') < 0
                && !Runners.isRunner(Runners.family(command.get(0)))
                && !isTool(command.get(0));
        return isBareProgram || !of(command, "/one/one").equals(of(command, "/other/other"));
    }

    private static String of(List<String> command, String workingDirectory, int steps) {
        String word = command.get(0);
        String program = baseName(word);
        String family = Runners.family(program);
        if (isTool(word)) {
            return ofTool(withoutVersion(program), command, workingDirectory);
        }
        if (steps == 0 || !Runners.isRunner(family)) {
            // A bare word was found in PATH, and has nothing to do with the working directory.
            return word.indexOf('/') < 0 ? InstanceName.of(withoutExtension(word)) : fromFile(word, workingDirectory);
        }
        boolean projectsOwn = false;
        boolean subcommandSeen = false;
        for (int at = 1; at < command.size(); at++) {
            word = command.get(at);
            boolean last = at + 1 == command.size();
            if (Runners.isCodeOption(family, word) && !last) {
                return InstanceName.of(
                        program + "-" + InstanceName.checksum(workingDirectory + '\0' + command.get(at + 1)));
            }
            if (Runners.isModuleOption(family, word) && !last) {
                return inner(command.subList(at + 1, command.size()), workingDirectory, steps);
            }
            if (Runners.takesValue(family, word)) {
                at++;
            } else if (Runners.isBeforeScript(family, word) && !projectsOwn) {
                projectsOwn = true;
            } else if (Runners.isWhatRuns(family, word)) {
                boolean isShortScript = Runners.takesShortScripts(family) && !subcommandSeen;
                if ((projectsOwn || isShortScript) && Runners.isScriptName(family, word)) {
                    return fromScript(word, workingDirectory);
                }
                if (Runners.runsOnlyBySubcommand(family) && !projectsOwn && !subcommandSeen) {
                    break;
                }
                return family.equals("java")
                        ? fromClass(word, workingDirectory)
                        : inner(command.subList(at, command.size()), workingDirectory, steps);
            } else {
                subcommandSeen |= Runners.isSubcommand(word);
            }
        }
        return projectsOwn ? project(workingDirectory) : ofTool(program, command, workingDirectory);
    }

    /** A relative path is a program of the project's own, whatever it is called, but for the wrappers of build tools. */
    private static boolean isTool(String word) {
        String program = withoutVersion(baseName(word));
        boolean isProjectsOwn = word.indexOf('/') > 0 && word.startsWith(".");
        return isProjectsOwn
                ? ToolName.isWrapper(program)
                : ToolName.isTool(program) || ToolName.isTool(Runners.family(program));
    }

    private static String ofTool(String program, List<String> command, String workingDirectory) {
        return InstanceName.of(ToolName.of(program, project(workingDirectory), command, workingDirectory));
    }

    private static String project(String workingDirectory) {
        return fromFile(workingDirectory + "/index", workingDirectory);
    }

    /** Every project has a script of that name, so the project is told, too. */
    private static String fromScript(String script, String workingDirectory) {
        String project = project(workingDirectory);
        return SAY_NOTHING.contains(script) ? project : InstanceName.of(project + "-" + script);
    }

    /** What an interpreter runs may be an interpreter again: {@code env node x.js}. */
    private static String inner(List<String> command, String workingDirectory, int steps) {
        String word = command.get(0);
        return Runners.isRunner(Runners.family(baseName(word))) || isTool(word)
                ? of(command, workingDirectory, steps - 1)
                : fromFile(word, workingDirectory);
    }

    /** {@code org.example.Main} is told apart by its package; {@code Main} is not. */
    private static String fromClass(String name, String workingDirectory) {
        return name.endsWith(".java") || name.indexOf('.') < 0
                ? fromFile(name, workingDirectory)
                : InstanceName.of(name);
    }

    private static String fromFile(String word, String workingDirectory) {
        String name = withoutExtension(withoutVersion(baseName(word)));
        boolean isFolder = name.equals(".") || name.equals("..") || name.isEmpty();
        if (!isFolder && !SAY_NOTHING.contains(name.toLowerCase(Locale.ROOT))) {
            return InstanceName.of(name);
        }
        List<String> folders = folders(word.startsWith("/") ? word : workingDirectory + "/" + word);
        for (int i = folders.size() - (isFolder ? 1 : 2); i >= 0; i--) {
            if (!FOLDERS_THAT_SAY_NOTHING.contains(folders.get(i))) {
                return InstanceName.of(folders.get(i));
            }
        }
        return isFolder ? "server" : InstanceName.of(name);
    }

    /** By hand: in the C locale java.nio refuses paths that are not ASCII. */
    private static List<String> folders(String path) {
        List<String> folders = new ArrayList<>();
        for (String folder : path.split("/")) {
            if (!folder.equals("..")) {
                if (!folder.isEmpty() && !folder.equals(".")) {
                    folders.add(folder);
                }
            } else if (!folders.isEmpty()) {
                folders.remove(folders.size() - 1);
            }
        }
        return folders;
    }

    /** {@code package@1.2.3}, {@code package==1.2.3}. */
    private static String withoutVersion(String name) {
        int at = name.indexOf('@', 1);
        int equals = name.indexOf("==");
        String shorter = equals > 0 ? name.substring(0, equals) : name;
        return at > 0 && at < shorter.length() ? shorter.substring(0, at) : shorter;
    }

    private static String baseName(String path) {
        String trimmed = path.replaceFirst("/+$", "");
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1)) ? name.substring(0, dot) : name;
    }
}
