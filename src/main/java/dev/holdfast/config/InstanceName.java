package dev.holdfast.config;

import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The name of an instance, when none is given: that of the program, or, for interpreters and package runners, that of
 * the script or package.
 *
 * <p>Names that say nothing ({@code index.js}, {@code main.py}) are replaced by that of the project's folder. Code on
 * the command line ({@code sh -c ...}) has no name; it gets the interpreter's and a checksum of the code, so that the
 * same code is the same instance and other code is another.
 */
public final class InstanceName {
    /** The longest name. */
    public static final int LONGEST = 64;

    private static final int MOST_STEPS = 4;
    private static final Set<String> INTERPRETERS = Set.of(
            "node",
            "nodejs",
            "deno",
            "bun",
            "tsx",
            "ts-node",
            "python",
            "ruby",
            "perl",
            "php",
            "lua",
            "Rscript",
            "sh",
            "bash",
            "dash",
            "ash",
            "zsh",
            "ksh",
            "fish",
            "java",
            "dotnet",
            "npx",
            "bunx",
            "pnpx",
            "uvx",
            "pipx",
            "uv",
            "npm",
            "pnpm",
            "yarn",
            "env",
            "nice",
            "nohup",
            "setsid",
            "stdbuf",
            "ionice",
            "tini",
            "dumb-init");
    /** Words between a runner and what it runs. */
    private static final Set<String> SUBCOMMANDS = Set.of("run", "exec", "x", "dlx", "start", "tool", "--");
    /** Options of interpreters that take the next word with them. */
    private static final Set<String> OPTIONS_WITH_VALUE = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "-r",
            "--require",
            "--import",
            "--loader",
            "--package",
            "--from",
            "--with",
            "--python",
            "-W",
            "-X",
            "-I",
            "-n",
            "-C",
            "--directory",
            "--project");

    private static final Set<String> CODE_OPTIONS = Set.of("-c", "-e", "--eval", "-lc", "-ec");
    private static final Set<String> SAY_NOTHING =
            Set.of("index", "main", "server", "app", "cli", "run", "start", "__main__", "mod", "entry", "bootstrap");
    private static final Set<String> FOLDERS_THAT_SAY_NOTHING =
            Set.of("dist", "build", "src", "lib", "bin", "out", "target", "js", "app", "server", ".", "..", "");
    private static final Set<String> EXTENSIONS = Set.of(
            "js", "mjs", "cjs", "ts", "mts", "py", "pyz", "rb", "pl", "php", "lua", "sh", "bash", "jar", "dll", "exe");

    private InstanceName() {}

    /**
     * Whether a name may be one.
     *
     * @param name what was given
     * @return true when it has 1 to 64 letters, digits, dots, underscores and hyphens
     */
    public static boolean isValid(String name) {
        return !name.isEmpty() && name.length() <= LONGEST && name.chars().allMatch(InstanceName::isAllowed);
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

    private static String of(List<String> command, String workingDirectory, int steps) {
        String program = baseName(command.get(0));
        String family = program.replaceFirst("[0-9.]+$", "");
        if (steps == 0 || !INTERPRETERS.contains(family)) {
            return fromFile(command.get(0), workingDirectory);
        }
        for (int at = 1; at < command.size(); at++) {
            String word = command.get(at);
            boolean last = at + 1 == command.size();
            if (CODE_OPTIONS.contains(word) && !last && !family.equals("java")) {
                return sanitized(program + "-" + checksum(command.get(at + 1)));
            }
            if (word.equals("-jar") || word.equals("-m") || word.equals("--module")) {
                return last ? sanitized(program) : fromFile(command.get(at + 1), workingDirectory);
            }
            if (OPTIONS_WITH_VALUE.contains(word)) {
                at++;
            } else if (!word.startsWith("-") && !SUBCOMMANDS.contains(word) && word.indexOf('=') < 0) {
                return family.equals("java")
                        ? fromClass(word)
                        : inner(command.subList(at, command.size()), workingDirectory, steps, word);
            }
        }
        return sanitized(program);
    }

    /** What an interpreter runs may be an interpreter again: {@code env node x.js}. */
    private static String inner(List<String> command, String workingDirectory, int steps, String word) {
        return INTERPRETERS.contains(baseName(word).replaceFirst("[0-9.]+$", ""))
                ? of(command, workingDirectory, steps - 1)
                : fromFile(word, workingDirectory);
    }

    /** {@code org.example.Main} is told apart by its package. */
    private static String fromClass(String name) {
        return name.endsWith(".java") ? sanitized(withoutExtension(baseName(name))) : sanitized(name);
    }

    private static String fromFile(String word, String workingDirectory) {
        String path = word.startsWith("@") ? word.substring(1) : word; // @scope/package
        int version = path.lastIndexOf('@');
        if (version > 0) {
            path = path.substring(0, version); // package@1.2.3
        }
        String name = withoutExtension(baseName(path));
        if (!SAY_NOTHING.contains(name)) {
            return sanitized(name);
        }
        String absolute = path.startsWith("/") ? path : workingDirectory + "/" + path;
        String[] folders = absolute.split("/");
        for (int i = folders.length - 2; i > 0; i--) {
            if (!FOLDERS_THAT_SAY_NOTHING.contains(folders[i])) {
                return sanitized(folders[i]);
            }
        }
        return sanitized(name);
    }

    private static String baseName(String path) {
        String trimmed = path.replaceFirst("/+$", "");
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String withoutExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1)) ? name.substring(0, dot) : name;
    }

    private static String checksum(String code) {
        CRC32 checksum = new CRC32();
        checksum.update(code.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String digits = Long.toHexString(checksum.getValue());
        return "0".repeat(8 - digits.length()) + digits;
    }

    private static String sanitized(String name) {
        StringBuilder allowed = new StringBuilder();
        name.chars().limit(LONGEST).forEach(c -> allowed.append(isAllowed(c) ? (char) c : '-'));
        return allowed.isEmpty() ? "server" : allowed.toString();
    }
}
