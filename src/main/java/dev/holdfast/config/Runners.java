package dev.holdfast.config;

import java.util.Map;
import java.util.Set;

/** What is known of interpreters, package runners and other programs that run others or a script: how to find what they run. */
final class Runners {
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

    private Runners() {}

    /** A program's name without the version behind it: {@code python} for {@code python3.11}. */
    static String family(String program) {
        return program.replaceFirst("[0-9.]+$", "");
    }

    /** Whether it runs others or a script. */
    static boolean isRunner(String family) {
        return RUNNERS.containsKey(family);
    }

    /** Whether the next word is a script of the project. */
    static boolean isBeforeScript(String family, String word) {
        return HAVE_SUBCOMMANDS.contains(family) && SCRIPT_SUBCOMMANDS.contains(word);
    }

    /** Whether a script's name may stand for a subcommand. */
    static boolean takesShortScripts(String family) {
        return HAVE_SHORT_SCRIPTS.contains(family);
    }

    /** Whether the next word is the name of what runs only after a subcommand. */
    static boolean runsOnlyBySubcommand(String family) {
        return RUN_ONLY_BY_SUBCOMMAND.contains(family);
    }

    /** Whether a word stands between a runner and what it runs. */
    static boolean isSubcommand(String word) {
        return SUBCOMMANDS.contains(word);
    }

    /** Shells also take {@code -ec}, {@code -lc}, {@code -euxc}. */
    static boolean isCodeOption(String family, String word) {
        if (SHELLS.contains(family)) {
            return word.matches("-[a-zA-Z]*c");
        }
        return CODE_OPTIONS.getOrDefault(family, Set.of()).contains(word);
    }

    static boolean isModuleOption(String family, String word) {
        return switch (family) {
            case "java" -> word.equals("-jar") || word.equals("-m") || word.equals("--module");
            case "python" -> word.matches("-[a-zA-Z]*m");
            case "uv" -> word.equals("-m") || word.equals("--module");
            default -> false;
        };
    }

    static boolean takesValue(String family, String word) {
        return RUNNERS.getOrDefault(family, Set.of()).contains(word);
    }

    static boolean isWhatRuns(String family, String word) {
        boolean assignment = family.equals("env") && word.indexOf('=') > 0;
        boolean subcommand = (HAVE_SUBCOMMANDS.contains(family) && SUBCOMMANDS.contains(word))
                || (family.equals("uv") && word.equals("tool"));
        return !word.startsWith("-") && !word.isEmpty() && !subcommand && !assignment;
    }

    /** {@code npm run dev}, and not {@code bun run x.ts}. */
    static boolean isScriptName(String family, String word) {
        return HAVE_SCRIPTS.contains(family) && word.indexOf('.') < 0 && word.indexOf('/') < 0;
    }
}
