package dev.holdfast.commands.help;

import dev.holdfast.config.RunOption;
import dev.holdfast.config.Suggestions;
import dev.holdfast.console.ExitCode;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/**
 * What {@code help} knows beside the commands: a page for each topic, in {@code topics/} beside this class. A line of a page that
 * begins with a dollar is executed by a test, which compares what comes of it with what stands below it.
 */
enum Topic {
    LOCKS("one server at a time, and what a second start does", "lockfile", "pidfile", "flock", "singleton", "force"),
    SIGNALS("what stops the server, and what is passed on", "stopping", "grace", "sigterm", "sigkill"),
    EXIT_CODES("all of them, and whose they are", "codes", "status-codes", "75"),
    READINESS("when a server counts as started", "health", "healthcheck", "ready", "notify", "watchdog"),
    RESTARTS("a server that ends is started again", "backoff", "crash", "supervise", "always"),
    REDEPLOYS("another version, and back when it does not come up", "deploy", "update", "upgrade", "overlap"),
    EXEC("no launcher beside the server", "handoff", "hand-off"),
    DOCKER("the entry point of a container, and its stop", "container", "podman", "kubernetes", "compose", "tini"),
    CRON("jobs that do not overlap themselves", "crontab", "jobs", "timer"),
    DESKTOP("a second click brings the first window to the front", "activate", "activation", "icon", "window"),
    CLIENTS("guarded MCP servers of Claude, Cursor and others", "claude", "cursor", "vscode", "codex", "mcp-servers"),
    SHARING("several AI clients, one MCP server", "share", "multiplex", "multiplexer", "mux", "attach"),
    SESSIONS("servers that belong to a terminal, and end with it", "terminal", "tmux", "mcp-session-manager"),
    ENVIRONMENT("variables that are read, and those that are set", "variables", "env", "settings", "configuration");

    private static final String TOPICS = "topics";
    private static final int COLUMN = 13;
    private static final int VARIABLE_COLUMN = 40;
    private static final int CODE_COLUMN = 5;

    /** As wide as a page may be. */
    static final int WIDTH = 80;

    private final String meaning;
    /** Cannot be changed. */
    @SuppressWarnings("ImmutableEnumChecker") // which does not see that
    private final List<String> elsewhere;

    Topic(String meaning, String... elsewhere) {
        this.meaning = meaning;
        this.elsewhere = List.of(elsewhere);
    }

    /** How it is typed, such as {@code exit-codes}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it is about, half a sentence. */
    String meaning() {
        return meaning;
    }

    /** How all of them are typed. */
    static List<String> ids() {
        return Arrays.stream(values()).map(Topic::id).toList();
    }

    /**
     * The topic that {@code holdfast help TOPIC} asks for; empty when a command's help is asked for, or none.
     *
     * @param program all commands
     * @param arguments the command line
     * @throws ParameterException if there is no such topic or command
     */
    static Optional<Topic> asked(CommandLine program, List<String> arguments) {
        boolean isAsked = arguments.size() > 1
                && arguments.get(0).equals("help")
                && !arguments.get(1).startsWith("-");
        List<String> commands = List.copyOf(program.getSubcommands().keySet());
        if (!isAsked || commands.contains(arguments.get(1))) {
            return Optional.empty();
        }
        String word = arguments.get(1);
        Optional<Topic> topic =
                Arrays.stream(values()).filter(each -> each.id().equals(word)).findFirst();
        if (topic.isEmpty()) {
            String nearest = nearest(word, commands);
            throw new ParameterException(
                    program,
                    "there is no help on " + Printable.text(word)
                            + (nearest.isEmpty() ? "" : "; did you mean " + nearest + "?"));
        }
        return topic;
    }

    private static String nearest(String word, List<String> commands) {
        List<String> names = new ArrayList<>(commands);
        for (Topic topic : values()) {
            names.add(topic.id());
            if (topic.elsewhere.contains(word.toLowerCase(Locale.ROOT))) {
                return topic.id();
            }
        }
        return Commands.ELSEWHERE.getOrDefault(word, Suggestions.nearest(word, names));
    }

    /** Lets the help of the program list all topics, below the commands. */
    static void listIn(CommandSpec program) {
        StringBuilder list = new StringBuilder("Topics, as in holdfast help locks:%n");
        for (Topic topic : values()) {
            list.append("  ")
                    .append(topic.id())
                    .append(" ".repeat(COLUMN - topic.id().length()));
            list.append(topic.meaning).append("%n");
        }
        List<String> sections = new ArrayList<>(program.usageMessage().sectionKeys());
        sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), TOPICS);
        program.usageMessage().sectionKeys(sections);
        Map<String, IHelpSectionRenderer> renderers =
                new HashMap<>(program.usageMessage().sectionMap());
        String text = list.toString();
        renderers.put(TOPICS, help -> help.createHeading(text));
        program.usageMessage().sectionMap(renderers);
    }

    /** Its page, which ends with a line end. */
    String page() {
        StringBuilder page = new StringBuilder(id() + ": " + meaning + "\n\n");
        for (String line : Resource.text("topics/" + id() + ".txt").lines().toList()) {
            page.append(
                            switch (line) {
                                case "@EXIT_CODES@" -> exitCodes();
                                case "@VARIABLES@" -> variables();
                                default -> line;
                            })
                    .append('\n');
        }
        return page.toString();
    }

    private static String exitCodes() {
        return Arrays.stream(ExitCode.values())
                .map(code -> item(
                        "    " + code.number()
                                + " "
                                        .repeat(CODE_COLUMN
                                                - Integer.toString(code.number())
                                                        .length()),
                        code.meaning()))
                .collect(Collectors.joining("\n"));
    }

    /** Those whose names are not made from the option's by rule. */
    private static String variables() {
        return Arrays.stream(RunOption.values())
                .filter(option -> !option.variable().isEmpty()
                        && !option.variable()
                                .equals("HOLDFAST_"
                                        + option.longFlag()
                                                .substring(2)
                                                .toUpperCase(Locale.ROOT)
                                                .replace('-', '_')))
                .map(option -> "    " + option.variable()
                        + " ".repeat(VARIABLE_COLUMN - option.variable().length()) + option.longFlag())
                .collect(Collectors.joining("\n"));
    }

    /** A text beside its name, below itself where it is longer than a line. */
    private static String item(String name, String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(name);
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder(" ".repeat(name.length()));
            }
            line.append(line.length() > name.length() ? " " : "").append(word);
        }
        return lines.append(line).toString();
    }
}
