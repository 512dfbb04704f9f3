package dev.holdfast.config;

import dev.holdfast.settings.InstanceVariables;

/**
 * The options of {@code holdfast run}: one table for the parser, the help, the completion and the reference.
 *
 * <p>Clients such as the MCP SDKs pass on only HOME, LOGNAME, PATH, SHELL, TERM and USER, so everything can be said by
 * flag. Long, because it is a table.
 */
public enum RunOption implements CommandOption {
    NAME(
            "-n",
            "--name",
            "HOLDFAST_SERVER_NAME",
            "NAME",
            "from the command",
            "instance name, [A-Za-z0-9._-]{1,64}; for interpreters and package runners the script or package,"
                    + " for tools such as make the folder, too"),
    SCOPE(
            "",
            "--scope",
            "HOLDFAST_SCOPE",
            "machine|user",
            "machine",
            "one instance for all users (/tmp/NAME.lock) or one for each (/tmp/NAME-UID.lock)"),
    LOCK_DIR("", "--lock-dir", "HOLDFAST_LOCK_DIR", "DIR", "/tmp", "folder of the lock file; never $TMPDIR"),
    LOCK_FILE(
            "",
            "--lock-file",
            InstanceVariables.LOCK_FILE,
            "FILE",
            "DIR/NAME.lock",
            "the lock file; inside a guarded server the variable names that server's own, and is not read"),
    ALLOW_NETWORK_LOCK(
            "",
            "--allow-network-lock",
            "HOLDFAST_ALLOW_NETWORK_LOCK",
            "",
            "false",
            "use a lock file on a network file system, which may grant a lock twice or none"),
    COORDINATION(
            "",
            "--coordination",
            "HOLDFAST_COORDINATION_MODE",
            "singleton|file_lock|none",
            "singleton",
            "one instance at a time; or any number that take a lock in turns for their data (HOLDFAST_DATA_LOCK); or off"),
    DATA_DIR(
            "",
            "--data-dir",
            "HOLDFAST_DATA_DIR",
            "DIR",
            "none",
            "folder of the server's data; may be repeated, or listed with commas; with --coordination file_lock the lock that"
                    + " instances take in turns is .holdfast.lock in the first one"),
    FORCE(
            "",
            "--force",
            "FORCE_TERMINATE",
            "",
            "false",
            "terminate a verified holder and take over; the variable takes true, 1, yes, on in any case"),
    ON_CONFLICT(
            "",
            "--on-conflict",
            "HOLDFAST_ON_CONFLICT",
            "fail|wait|takeover|skip|activate",
            "fail",
            "another instance runs: refuse, wait for its end, take over as --force, exit 0 quietly, or hand arguments and"
                    + " folder to it and exit with its answer"),
    WAIT_TIMEOUT(
            "",
            "--wait-timeout",
            "HOLDFAST_WAIT_TIMEOUT",
            "30s",
            "for ever",
            "how long --on-conflict wait waits; then it refuses"),
    CONFLICT_EXIT_CODE(
            "", "--conflict-exit-code", "", "N", "75", "exit code when another instance is running, 0 to 255"),
    NO_CLIENT_MESSAGE(
            "",
            "--no-client-message",
            "HOLDFAST_NO_CLIENT_MESSAGE",
            "",
            "false",
            "a refused or failed start with --transport stdio only ends; else it first answers the requests on its stdin with"
                    + " the reason, as JSON-RPC errors, for up to 5 s"),
    ON_ACTIVATE(
            "",
            "--on-activate",
            "HOLDFAST_ON_ACTIVATE",
            "COMMAND",
            "none",
            "shell command to run in this instance for a second launch with --on-conflict activate, in that one's folder and"
                    + " with its arguments appended; its output and exit code are that one's"),
    ACTIVATE_SIGNAL(
            "",
            "--activate-signal",
            "HOLDFAST_ACTIVATE_SIGNAL",
            "SIG",
            "none",
            "what this instance's server gets at a second launch with --on-conflict activate, by name or number"),
    ACTIVATE_TIMEOUT(
            "",
            "--activate-timeout",
            "HOLDFAST_ACTIVATE_TIMEOUT",
            "5s",
            "5s",
            "how long a second launch waits for the running instance, and how long --on-activate may take"),
    GRACE(
            "",
            "--grace",
            "HOLDFAST_GRACE",
            "5s",
            "5s",
            "from stop signal to SIGKILL: 500ms, 5s, 2m, 1h; a bare number is seconds; 0 kills at once"),
    STOP_SIGNAL(
            "",
            "--stop-signal",
            "HOLDFAST_STOP_SIGNAL",
            "SIG",
            "as received",
            "what the server gets on a stop, by name or number"),
    FORWARD(
            "",
            "--forward",
            "HOLDFAST_FORWARD",
            "child|group|tree",
            "child",
            "who gets signals: the server alone, its process group, or all that descends from it"),
    MAP_SIGNAL(
            "",
            "--map-signal",
            "HOLDFAST_MAP_SIGNAL",
            "A=B",
            "none",
            "forward signal B for signal A; A=0 drops it; may be repeated, or listed with commas;"
                    + " a stop signal that becomes another kind does not stop any more"),
    RELOAD_ON_HUP(
            "",
            "--reload-on-hup",
            "HOLDFAST_RELOAD_ON_HUP",
            "",
            "false",
            "HUP is forwarded and does not stop; the variable takes true, 1, yes, on in any case"),
    KILL_MODE(
            "",
            "--kill-mode",
            "HOLDFAST_KILL_MODE",
            "tree|group|child",
            "tree",
            "what is ended with the server: all that descends from it, its process group, or nothing else"),
    DEATH_SIGNAL(
            "",
            "--death-signal",
            "HOLDFAST_DEATH_SIGNAL",
            "TERM|KILL|none",
            "TERM; KILL with --transport stdio",
            "what the kernel sends to the server's process group when the launcher dies of SIGKILL; none lets it live on,"
                    + " with the lock"),
    MAP_EXIT(
            "",
            "--map-exit",
            "HOLDFAST_MAP_EXIT",
            "A=B",
            "none",
            "exit with B when the server's exit code is A, as in 143=0; may be repeated, or listed with commas"),
    TRANSPORT(
            "",
            "--transport",
            "HOLDFAST_TRANSPORT",
            "T",
            "stdio, recorded",
            "recorded; stdio, when said, also makes the client's closing of stdin and its death stop requests, and all of"
                    + " the stop after them takes one --grace"),
    APP_VERSION("", "--app-version", "HOLDFAST_APP_VERSION", "V", "0", "recorded as the server's version"),
    HANDOFF(
            "",
            "--handoff",
            "HOLDFAST_HANDOFF",
            "supervise|exec",
            "supervise",
            "exec replaces the launcher by the server: same pid, lock kept, no memory; the kernel frees the lock at its end"),
    SHARE(
            "",
            "--share",
            "HOLDFAST_SHARE",
            "",
            "false",
            "attach this client to the one MCP server of this name that all of its starts share, and start that when there is"
                    + " none; with --transport stdio and --scope user; the variable takes true, 1, yes, on in any case"),
    SHARE_SCOPE(
            "",
            "--share-scope",
            "HOLDFAST_SHARE_SCOPE",
            "cwd|global",
            "cwd; global with --cwd or --lock-file",
            "who shares it: the starts from one folder, for which the name gets a hyphen and eight hexadecimal digits, or all"),
    LINGER(
            "",
            "--linger",
            "HOLDFAST_LINGER",
            "60s|infinity",
            "60s",
            "how long it goes on when its last client has left; 0 ends it at once"),
    SHARE_CALLS(
            "",
            "--share-calls",
            "HOLDFAST_SHARE_CALLS",
            "N",
            "0",
            "how many calls of tools it gets at once, over all clients; 0 for no limit, 1 for one after another"),
    SHARE_RATE(
            "",
            "--share-rate",
            "HOLDFAST_SHARE_RATE",
            "20/s",
            "none",
            "how many calls of tools each client may make in a second, minute or hour, as in 20/s, 10/m and 600/h; 20/s:50 is 50 at once"),
    SHARE_MAX_MESSAGE(
            "",
            "--share-max-message",
            "HOLDFAST_SHARE_MAX_MESSAGE",
            "SIZE",
            "8M",
            "the longest message of a client, 1K to 64M; a longer one is answered with an error, and the server does not get it"),
    SHARE_REQUESTS(
            "",
            "--share-requests",
            "HOLDFAST_SHARE_REQUESTS",
            "none|one-caller",
            "none",
            "the server's own requests, such as for sampling: refused, or put to the client whose calls are the only ones that"
                    + " run"),
    SHARE_LOGS(
            "",
            "--share-logs",
            "HOLDFAST_SHARE_LOGS",
            "own-level|none",
            "own-level",
            "the server's log messages go to each client that has set a level, from that level on, or to none"),
    SHARE_STDERR(
            "",
            "--share-stderr",
            "HOLDFAST_SHARE_STDERR",
            "",
            "false",
            "what the server writes to stderr is on the stderr of its clients' starts, too, and not only in its log; a client that"
                    + " does not read it loses lines, and nothing else"),
    METRICS_TOOLS(
            "",
            "--metrics-tools",
            "HOLDFAST_METRICS_TOOLS",
            "",
            "false",
            "have the metrics tell calls of tools apart by the tools' names, of which 200 are kept; otherwise no tool's name is"
                    + " kept anywhere"),
    SHARE_KEY(
            "",
            "--share-key",
            "HOLDFAST_SHARE_KEY",
            "NAME",
            "none",
            "a variable that must be the same in all starts, whatever its name looks like; may be repeated, or listed with"
                    + " commas"),
    SHARE_MATCH(
            "",
            "--share-match",
            "HOLDFAST_SHARE_MATCH",
            "strict|moderate|relaxed",
            "moderate",
            "what must be the same: all, that is command, folder, user and variables; of the variables those that look like"
                    + " credentials or targets, and the others where both starts have them; or command and arguments only"),
    SHARE_ERA(
            "",
            "--share-era",
            "HOLDFAST_SHARE_ERA",
            "auto|legacy|modern",
            "auto",
            "how the server is spoken to: with a handshake if it takes one, always with one, or as of 2026-07-28, without"),
    SHARE_PROTOCOL(
            "",
            "--share-protocol",
            "HOLDFAST_SHARE_PROTOCOL",
            "VERSION",
            "the first client's",
            "the version of the protocol that the handshake offers the server, as in 2025-06-18"),
    HTTP(
            "",
            "--http",
            "HOLDFAST_HTTP",
            "PORT",
            "none",
            "let clients in over HTTP, too, on the loopback addresses; 0 takes any port that is free, which status tells; one that"
                    + " is taken ends the start; they need the token in ~/.holdfast/run/NAME.token"),
    HTTP_NO_TOKEN(
            "",
            "--http-no-token",
            "HOLDFAST_HTTP_NO_TOKEN",
            "",
            "false",
            "let each program on this machine in over HTTP, for clients that cannot send a token"),
    READY_TIMEOUT(
            "",
            "--ready-timeout",
            "HOLDFAST_READY_TIMEOUT",
            "30s",
            "for ever",
            "a server that is not ready by then has failed and is stopped; without one of the next five it tells so"
                    + " itself, by READY=1 to NOTIFY_SOCKET"),
    READY_PORT(
            "",
            "--ready-port",
            "HOLDFAST_READY_PORT",
            "PORT",
            "none",
            "ready when the server listens on this TCP port"),
    READY_HTTP(
            "",
            "--ready-http",
            "HOLDFAST_READY_HTTP",
            "URL",
            "none",
            "ready when a GET of this URL is answered with a status of 200 to 399, at an address of this machine by the server"),
    READY_LOG(
            "",
            "--ready-log",
            "HOLDFAST_READY_LOG",
            "REGEX",
            "none",
            "ready when a line of the server's stderr, or of its stdout unless --transport stdio is said, matches; by RE2's"
                    + " syntax"),
    READY_COMMAND(
            "",
            "--ready-command",
            "HOLDFAST_READY_COMMAND",
            "COMMAND",
            "none",
            "ready when this shell command, run again and again with its output thrown away, ends with 0"),
    READY_FD(
            "",
            "--ready-fd",
            "HOLDFAST_READY_FD",
            "N",
            "none",
            "ready when the server writes a newline to its descriptor N, as s6 has it; a descriptor N that the caller passed"
                    + " on gets one, too"),
    WATCHDOG(
            "",
            "--watchdog",
            "HOLDFAST_WATCHDOG",
            "30s",
            "none",
            "once ready, the server must send WATCHDOG=1 to NOTIFY_SOCKET at least so often, or it gets ABRT"),
    RESTART(
            "",
            "--restart",
            "HOLDFAST_RESTART",
            "no|on-failure|always",
            "no",
            "start the server again when it ends: never, after a failure, or always; the lock is kept meanwhile"),
    RESTART_DELAY(
            "",
            "--restart-delay",
            "HOLDFAST_RESTART_DELAY",
            "1s",
            "1s",
            "back-off before the first restart; it doubles with each further one, less up to a quarter by chance"),
    RESTART_MAX_DELAY("", "--restart-max-delay", "HOLDFAST_RESTART_MAX_DELAY", "1m", "1m", "the longest back-off"),
    RESTART_LIMIT(
            "",
            "--restart-limit",
            "HOLDFAST_RESTART_LIMIT",
            "N",
            "10",
            "give up after so many restarts within --restart-window; 0 for never"),
    RESTART_WINDOW(
            "", "--restart-window", "HOLDFAST_RESTART_WINDOW", "10m", "10m", "the time in which restarts are counted"),
    RESTART_RESET(
            "",
            "--restart-reset",
            "HOLDFAST_RESTART_RESET",
            "1m",
            "1m",
            "a server that ran so long was healthy: the back-off begins anew"),
    PRE_START(
            "",
            "--pre-start",
            "HOLDFAST_PRE_START",
            "COMMAND",
            "none",
            "shell command to run under the lock before the server is started; when it fails, the start fails"),
    POST_STOP(
            "",
            "--post-stop",
            "HOLDFAST_POST_STOP",
            "COMMAND",
            "none",
            "shell command to run under the lock after the server and all of its tree have ended"),
    ON_CONFLICT_COMMAND(
            "",
            "--on-conflict-command",
            "HOLDFAST_ON_CONFLICT_COMMAND",
            "COMMAND",
            "none",
            "shell command to run when another instance is running and this start gives way"),
    HOOK_TIMEOUT(
            "",
            "--hook-timeout",
            "HOLDFAST_HOOK_TIMEOUT",
            "30s",
            "30s",
            "how long each of these commands may take; then it and its tree are killed, and it has failed"),
    CWD("", "--cwd", "HOLDFAST_CWD", "DIR", "as it is", "the server's working directory"),
    UMASK("", "--umask", "HOLDFAST_UMASK", "MODE", "as it is", "the server's file mode creation mask, octal"),
    ENV_FILE(
            "",
            "--env-file",
            "HOLDFAST_ENV_FILE",
            "FILE",
            "none",
            "file of NAME=value lines that are added to the server's environment; may be repeated, or listed with"
                    + " commas"),
    USER("", "--user", "HOLDFAST_USER", "USER", "as it is", "the user, by name or number, that the server runs as"),
    GROUP(
            "",
            "--group",
            "HOLDFAST_GROUP",
            "GROUP",
            "the user's",
            "the group, by name or number, that the server runs as; without --user its other groups stay"),
    OOM_SCORE_ADJ(
            "",
            "--oom-score-adj",
            "HOLDFAST_OOM_SCORE_ADJ",
            "N",
            "as it is",
            "-1000 to 1000: how willingly the kernel kills the server when memory runs out"),
    NICE("", "--nice", "HOLDFAST_NICE", "N", "as it is", "-20 to 19: the server's scheduling niceness"),
    LISTEN(
            "",
            "--listen",
            "HOLDFAST_LISTEN",
            "[NAME=]ADDRESS",
            "none",
            "open a listening socket for the server and keep it through all of its starts: PORT, HOST:PORT or PATH; the server"
                    + " gets it by LISTEN_FDS, from descriptor 3 on; may be repeated, or listed with commas"),
    LISTEN_STDIN(
            "",
            "--listen-stdin",
            "HOLDFAST_LISTEN_STDIN",
            "",
            "false",
            "the server gets the socket of the only --listen as descriptor 0 instead, as of inetd; the variable takes true, 1,"
                    + " yes, on in any case"),
    OUTPUT(
            "",
            "--output",
            "HOLDFAST_OUTPUT",
            "FILE",
            "none; for start ~/.holdfast/logs/NAME.log",
            "keep a copy of what the server prints in this file, mode 0600; with --transport stdio of its stderr only"),
    OUTPUT_SIZE(
            "",
            "--output-size",
            "HOLDFAST_OUTPUT_SIZE",
            "SIZE",
            "10M",
            "from which size on that file is renamed to FILE.1, and another one begun: 500K, 10M, 1G"),
    OUTPUT_KEEP(
            "",
            "--output-keep",
            "HOLDFAST_OUTPUT_KEEP",
            "N",
            "5",
            "how many full files are kept, FILE.1 and so on, 0 to 100"),
    DESCRIPTION(
            "",
            "--description",
            "HOLDFAST_INSTANCE__DESCRIPTION",
            "TEXT",
            "none",
            "what the instance is, for people; recorded in the registry, as the next two"),
    HOST("", "--host", "HOLDFAST_INSTANCE__HOST", "HOST", "none", "where the server serves"),
    PORT(
            "",
            "--port",
            "HOLDFAST_INSTANCE__PORT",
            "PORT",
            "none",
            "the port at which it serves; only recorded, see --ready-port and --listen for more"),
    CONFIG_ENV(
            "",
            "--config-env",
            "HOLDFAST_INSTANCE__CONFIG_ENV",
            "NAMES",
            "none",
            "variables that belong to the server's configuration, as in 'APP_*'; may be repeated, or listed with commas; only"
                    + " keyed digests are recorded"),
    CONFIG_FILE(
            "",
            "--config-file",
            "HOLDFAST_INSTANCE__CONFIG_FILE",
            "FILE",
            "none",
            "file that belongs to it, in the same way; may be repeated, or listed with commas"),
    CONFIG_MINOR(
            "",
            "--config-minor",
            "HOLDFAST_INSTANCE__CONFIG_MINOR",
            "NAMES",
            "none",
            "variables that belong to it and matter little, as in 'APP_LOG*'; may be repeated, or listed with commas"),
    TRACKING_DIR(
            "",
            "--tracking-dir",
            "HOLDFAST_INSTANCE__TRACKING_DIR",
            "DIR",
            "~/.holdfast/instances",
            "folder of the registry, in which each running instance has a file"),
    NO_TRACKING(
            "",
            "--no-tracking",
            "HOLDFAST_INSTANCE__TRACKING_ENABLED",
            "",
            "false",
            "no file there; the variable says the opposite, as in false"),
    HEARTBEAT_INTERVAL(
            "",
            "--heartbeat-interval",
            "HOLDFAST_INSTANCE__HEARTBEAT_INTERVAL",
            "30s",
            "30s",
            "how often that file is written again, 1s at the least"),
    CONFLICT_DETECTION(
            "",
            "--conflict-detection",
            "HOLDFAST_INSTANCE__CONFLICT_DETECTION",
            "strict|moderate|relaxed",
            "strict",
            "how much two instances may have in common before that is told; no start is refused for it"),
    METRICS(
            "",
            "--metrics",
            "HOLDFAST_METRICS__ENABLED",
            "",
            "false",
            "serve the instance's health and metrics over HTTP, by a process of its own; not after --handoff exec"),
    METRICS_HOST(
            "", "--metrics-host", "HOLDFAST_METRICS__HOST", "ADDRESS", "127.0.0.1", "the address to serve them on"),
    METRICS_PORT(
            "",
            "--metrics-port",
            "HOLDFAST_METRICS__PORT",
            "PORT",
            "9090",
            "the port to serve them on; one that is taken is a warning"),
    CONFIG(
            "",
            "--config",
            "HOLDFAST_CONFIG",
            "FILE",
            "~/.holdfast/config.toml",
            "TOML file with the same options without their dashes, and a table for each instance's own"),
    EXPLAIN("", "--explain", "", "", "false", "tell what would be done and where each setting comes from; do nothing"),
    LOG_LEVEL(
            "",
            "--log-level",
            "HOLDFAST_LOGGING__LEVEL",
            "debug|info|warn|error|off",
            "info",
            "how much the launcher tells"),
    LOG_FORMAT("", "--log-format", "HOLDFAST_LOGGING__FORMAT", "text|json", "text", "form of the launcher's log lines"),
    LOG_FILE(
            "",
            "--log-file",
            "HOLDFAST_LOGGING__FILE",
            "FILE",
            "stderr",
            "append the launcher's log lines to a file instead of stderr"),
    VERBOSE("-v", "--verbose", "", "", "", "same as --log-level debug"),
    QUIET("-q", "--quiet", "", "", "", "same as --log-level error");

    private final OptionRow row;
    private final String variable;

    RunOption(
            String shortFlag,
            String longFlag,
            String variable,
            String placeholder,
            String defaultText,
            String meaning) {
        this.variable = variable;
        row = OptionRow.of(shortFlag, longFlag, placeholder, defaultText, meaning);
    }

    @Override
    public OptionRow row() {
        return row;
    }

    /** Its key in the configuration file, such as {@code name}. */
    public String key() {
        return longFlag().substring(2);
    }

    /** Its environment variable; empty when it has none. */
    public String variable() {
        return variable;
    }

    /** Whether it has a meaning with {@link #SHARE} only. */
    boolean isOfShare() {
        return compareTo(SHARE) > 0 && compareTo(HTTP_NO_TOKEN) <= 0;
    }

    @Override
    public boolean isRepeatable() {
        return placeholder().equals("A=B")
                || placeholder().equals("NAMES")
                || this == ENV_FILE
                || this == LISTEN
                || this == SHARE_KEY
                || this == DATA_DIR
                || this == CONFIG_FILE;
    }
}
