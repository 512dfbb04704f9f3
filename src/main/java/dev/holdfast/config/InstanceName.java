package dev.holdfast.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The name of an instance, when none is given: that of the program, or, for interpreters and package runners, that of
 * the script or package.
 *
 * <p>Names that say nothing ({@code index.js}, {@code main.py}, {@code npm start}) are replaced by that of the project's
 * folder. A {@linkplain ToolName tool} ({@code make run}) gets its folder and a checksum of folder and command. Code on
 * the command line ({@code sh -c ...}) has no name, either; it gets the interpreter's and a checksum of the folder and
 * the code, so that the same code in one folder is the same instance and other code is another. A checksum also tells
 * names apart that would otherwise become the same: long ones, and those of other alphabets.
 */
public final class InstanceName {
    /** The longest name. */
    public static final int LONGEST = 64;

    /** What a valid name is, for a message. */
    public static final String RULE =
            "must be 1 to 64 letters, digits, dots, underscores or hyphens; not . or .., and no hyphen first";

    private static final int MOST_STEPS = 8;
    private static final int CHECKSUM_LENGTH = 8;

    /**
     * Programs that run others or a script, and their options that take the next word with them. The same letter means
     * different things: {@code python3 -u} stands alone, {@code env -u NAME} does not.
     */
    private static final Map<String, Set<String>> RUNNERS = Map.ofEntries(
            Map.entry("node", Set.of("-r", "--require", "--import", "--loader", "-C", "--conditions", "--env-file")),
            Map.entry("nodejs", Set.of("-r", "--require", "--import", "--loader", "-C", "--conditions")),
            Map.entry("tsx", Set.of("-r", "--require", "--import", "--tsconfig")),
            Map.entry("ts-node", Set.of("-r", "--require", "-P", "--project")),
            Map.entry("deno", Set.of("-c", "--config", "--import-map", "-r")),
            Map.entry("bun", Set.of("-r", "--preload", "--cwd", "-c", "--config")),
            Map.entry("python", Set.of("-W", "-X")),
            Map.entry("ruby", Set.of("-I", "-r", "-C")),
            Map.entry("perl", Set.of("-I")),
            Map.entry("php", Set.of("-S", "-t", "-c", "-d")),
            Map.entry("lua", Set.of("-l")),
            Map.entry("Rscript", Set.of()),
            Map.entry("sh", Set.of("-o", "+o")),
            Map.entry("bash", Set.of("-o", "+o", "-O", "--rcfile", "--init-file")),
            Map.entry("dash", Set.of("-o", "+o")),
            Map.entry("ash", Set.of("-o", "+o")),
            Map.entry("zsh", Set.of("-o", "+o")),
            Map.entry("ksh", Set.of("-o", "+o")),
            Map.entry("fish", Set.of()),
            Map.entry(
                    "java",
                    Set.of(
                            "-cp",
                            "-classpath",
                            "--class-path",
                            "-p",
                            "--module-path",
                            "--upgrade-module-path",
                            "--add-modules",
                            "--add-opens",
                            "--add-exports",
                            "--add-reads",
                            "--source")),
            Map.entry("dotnet", Set.of("--project", "--depsfile", "--runtimeconfig")),
            Map.entry("npx", Set.of("-p", "--package")),
            Map.entry("bunx", Set.of("-p", "--package")),
            Map.entry("pnpx", Set.of("-p", "--package")),
            Map.entry("uvx", Set.of("--from", "--with", "--python", "-p", "--directory", "--index")),
            Map.entry("pipx", Set.of("--spec", "--python")),
            Map.entry("uv", Set.of("--from", "--with", "--python", "-p", "--directory", "--project", "--env-file")),
            Map.entry("npm", Set.of("-C", "--prefix", "-w", "--workspace", "-p", "--package")),
            Map.entry("pnpm", Set.of("-C", "--dir", "-F", "--filter", "--package")),
            Map.entry("yarn", Set.of("--cwd")),
            Map.entry("env", Set.of("-u", "--unset", "-C", "--chdir", "-S")),
            Map.entry("nice", Set.of("-n", "--adjustment")),
            Map.entry("ionice", Set.of("-c", "--class", "-n", "--classdata")),
            Map.entry("nohup", Set.of()),
            Map.entry("setsid", Set.of()),
            Map.entry("stdbuf", Set.of("-i", "-o", "-e")),
            Map.entry("poetry", Set.of("-C", "--directory", "-P", "--project")),
            Map.entry("pipenv", Set.of("--python")),
            Map.entry("pdm", Set.of("-p", "--project", "-c", "--config")),
            Map.entry("hatch", Set.of("-e", "--env", "-p", "--project")),
            Map.entry("rye", Set.of("--pyproject")),
            Map.entry("bundle", Set.of("--gemfile")),
            Map.entry("tini", Set.of("-p", "-e")),
            Map.entry("dumb-init", Set.of("-r", "--rewrite")));

    /** Words between a runner and what it runs. */
    private static final Set<String> SUBCOMMANDS = Set.of("exec", "x", "dlx", "watch", "serve");
    /** The word after these is a script of the project, not a file: of the runners in {@link #HAVE_SCRIPTS}. */
    private static final Set<String> SCRIPT_SUBCOMMANDS = Set.of("run", "start", "run-script", "task");

    private static final Set<String> HAVE_SCRIPTS = Set.of("npm", "pnpm", "yarn", "bun", "deno");
    /** They also take a script's name for a subcommand: {@code pnpm dev}, {@code npm test}. */
    private static final Set<String> HAVE_SHORT_SCRIPTS = Set.of("npm", "pnpm", "yarn", "bun");

    private static final Set<String> HAVE_SUBCOMMANDS = Set.of(
            "npm", "pnpm", "yarn", "bun", "deno", "uv", "pipx", "dotnet", "poetry", "pipenv", "pdm", "hatch", "rye",
            "bundle");
    /** Without {@code run} or {@code exec} they run nothing of which the next word would be the name. */
    private static final Set<String> RUN_ONLY_BY_SUBCOMMAND =
            Set.of("poetry", "pipenv", "pdm", "hatch", "rye", "bundle");

    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "ksh", "fish");
    private static final Map<String, Set<String>> CODE_OPTIONS = Map.ofEntries(
            Map.entry("node", Set.of("-e", "--eval", "-p", "--print", "-pe")),
            Map.entry("nodejs", Set.of("-e", "--eval", "-p", "--print", "-pe")),
            Map.entry("bun", Set.of("-e", "--eval")),
            Map.entry("python", Set.of("-c")),
            Map.entry("ruby", Set.of("-e")),
            Map.entry("perl", Set.of("-e", "-E", "-ne", "-pe", "-le")),
            Map.entry("php", Set.of("-r")),
            Map.entry("lua", Set.of("-e")),
            Map.entry("Rscript", Set.of("-e")),
            Map.entry("npx", Set.of("-c", "--call")));

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

    private InstanceName() {}

    /**
     * Whether a name may be one.
     *
     * @param name what was given
     * @return true when it has 1 to 64 letters, digits, dots, underscores and hyphens, the first of which is no hyphen
     *     (it would be taken for an option), and is more than one or two dots (which are folders)
     */
    public static boolean isValid(String name) {
        // A loop: the first stream of a process costs more than all the rest of the options.
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty()
                && name.length() <= LONGEST
                && name.charAt(0) != '-'
                && !name.equals(".")
                && !name.equals("..");
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
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
                && !RUNNERS.containsKey(family(command.get(0)))
                && !isTool(command.get(0));
        return isBareProgram || !of(command, "/one/one").equals(of(command, "/other/other"));
    }

    private static String of(List<String> command, String workingDirectory, int steps) {
        String word = command.get(0);
        String program = baseName(word);
        String family = family(program);
        if (isTool(word)) {
            return ofTool(withoutVersion(program), command, workingDirectory);
        }
        if (steps == 0 || !RUNNERS.containsKey(family)) {
            // A bare word was found in PATH, and has nothing to do with the working directory.
            return word.indexOf('/') < 0 ? sanitized(withoutExtension(word)) : fromFile(word, workingDirectory);
        }
        boolean projectsOwn = false;
        boolean subcommandSeen = false;
        for (int at = 1; at < command.size(); at++) {
            word = command.get(at);
            boolean last = at + 1 == command.size();
            if (isCodeOption(family, word) && !last) {
                return sanitized(program + "-" + checksum(workingDirectory + '\0' + command.get(at + 1)));
            }
            if (isModuleOption(family, word) && !last) {
                return inner(command.subList(at + 1, command.size()), workingDirectory, steps);
            }
            if (takesValue(family, word)) {
                at++;
            } else if (HAVE_SUBCOMMANDS.contains(family) && SCRIPT_SUBCOMMANDS.contains(word) && !projectsOwn) {
                projectsOwn = true;
            } else if (isWhatRuns(family, word)) {
                boolean isShortScript = HAVE_SHORT_SCRIPTS.contains(family) && !subcommandSeen;
                if ((projectsOwn || isShortScript) && isScriptName(family, word)) {
                    return fromScript(word, workingDirectory);
                }
                if (RUN_ONLY_BY_SUBCOMMAND.contains(family) && !projectsOwn && !subcommandSeen) {
                    break;
                }
                return family.equals("java")
                        ? fromClass(word, workingDirectory)
                        : inner(command.subList(at, command.size()), workingDirectory, steps);
            } else {
                subcommandSeen |= SUBCOMMANDS.contains(word);
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
                : ToolName.isTool(program) || ToolName.isTool(family(program));
    }

    private static String ofTool(String program, List<String> command, String workingDirectory) {
        return sanitized(ToolName.of(program, project(workingDirectory), command, workingDirectory));
    }

    private static String project(String workingDirectory) {
        return fromFile(workingDirectory + "/index", workingDirectory);
    }

    private static String family(String program) {
        return program.replaceFirst("[0-9.]+$", "");
    }

    /** Shells also take {@code -ec}, {@code -lc}, {@code -euxc}. */
    private static boolean isCodeOption(String family, String word) {
        if (SHELLS.contains(family)) {
            return word.matches("-[a-zA-Z]*c");
        }
        return CODE_OPTIONS.getOrDefault(family, Set.of()).contains(word);
    }

    private static boolean isModuleOption(String family, String word) {
        return switch (family) {
            case "java" -> word.equals("-jar") || word.equals("-m") || word.equals("--module");
            case "python" -> word.matches("-[a-zA-Z]*m");
            case "uv" -> word.equals("-m") || word.equals("--module");
            default -> false;
        };
    }

    private static boolean takesValue(String family, String word) {
        return RUNNERS.getOrDefault(family, Set.of()).contains(word);
    }

    private static boolean isWhatRuns(String family, String word) {
        boolean assignment = family.equals("env") && word.indexOf('=') > 0;
        boolean subcommand = (HAVE_SUBCOMMANDS.contains(family) && SUBCOMMANDS.contains(word))
                || (family.equals("uv") && word.equals("tool"));
        return !word.startsWith("-") && !word.isEmpty() && !subcommand && !assignment;
    }

    /** {@code npm run dev}, and not {@code bun run x.ts}. */
    private static boolean isScriptName(String family, String word) {
        return HAVE_SCRIPTS.contains(family) && word.indexOf('.') < 0 && word.indexOf('/') < 0;
    }

    /** Every project has a script of that name, so the project is told, too. */
    private static String fromScript(String script, String workingDirectory) {
        String project = project(workingDirectory);
        return SAY_NOTHING.contains(script) ? project : sanitized(project + "-" + script);
    }

    /** What an interpreter runs may be an interpreter again: {@code env node x.js}. */
    private static String inner(List<String> command, String workingDirectory, int steps) {
        String word = command.get(0);
        return RUNNERS.containsKey(family(baseName(word))) || isTool(word)
                ? of(command, workingDirectory, steps - 1)
                : fromFile(word, workingDirectory);
    }

    /** {@code org.example.Main} is told apart by its package; {@code Main} is not. */
    private static String fromClass(String name, String workingDirectory) {
        return name.endsWith(".java") || name.indexOf('.') < 0 ? fromFile(name, workingDirectory) : sanitized(name);
    }

    private static String fromFile(String word, String workingDirectory) {
        String name = withoutExtension(withoutVersion(baseName(word)));
        boolean isFolder = name.equals(".") || name.equals("..") || name.isEmpty();
        if (!isFolder && !SAY_NOTHING.contains(name.toLowerCase(Locale.ROOT))) {
            return sanitized(name);
        }
        List<String> folders = folders(word.startsWith("/") ? word : workingDirectory + "/" + word);
        for (int i = folders.size() - (isFolder ? 1 : 2); i >= 0; i--) {
            if (!FOLDERS_THAT_SAY_NOTHING.contains(folders.get(i))) {
                return sanitized(folders.get(i));
            }
        }
        return isFolder ? "server" : sanitized(name);
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

    private static String baseName(String path) {
        String trimmed = path.replaceFirst("/+$", "");
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** {@code package@1.2.3}, {@code package==1.2.3}. */
    private static String withoutVersion(String name) {
        int at = name.indexOf('@', 1);
        int equals = name.indexOf("==");
        String shorter = equals > 0 ? name.substring(0, equals) : name;
        return at > 0 && at < shorter.length() ? shorter.substring(0, at) : shorter;
    }

    private static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1)) ? name.substring(0, dot) : name;
    }

    static String checksum(String code) {
        CRC32 checksum = new CRC32();
        checksum.update(code.getBytes(StandardCharsets.UTF_8));
        String digits = Long.toHexString(checksum.getValue());
        return "0".repeat(CHECKSUM_LENGTH - digits.length()) + digits;
    }

    private static String sanitized(String name) {
        StringBuilder allowed = new StringBuilder();
        boolean otherLetters = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            allowed.append(isAllowed(c) ? c : '-');
            otherLetters |= c > '~';
        }
        if (allowed.isEmpty() || name.equals(".") || name.equals("..")) {
            return "server";
        }
        if (allowed.charAt(0) == '-') {
            allowed.setCharAt(0, '_');
        }
        if (!otherLetters && allowed.length() <= LONGEST) {
            return allowed.toString();
        }
        allowed.setLength(Math.min(allowed.length(), LONGEST - 1 - CHECKSUM_LENGTH));
        return allowed.append('-').append(checksum(name)).toString();
    }
}
