package dev.holdfast.commands.explain;

import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.config.OptionValue;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.console.ExitCode;
import dev.holdfast.guard.ParallelInstances;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.RecordText;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.posix.users.UserDatabase;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.HookSettings;
import dev.holdfast.settings.LauncherDeath;
import dev.holdfast.settings.ListenAddress;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ReadinessSettings;
import dev.holdfast.settings.RestartPolicy;
import dev.holdfast.text.Durations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a start would do, in words. Long, because it has a sentence for every choice. */
final class ExplainedPlan {
    private final RunSettings settings;
    private final LockFile lockFile;
    private final SettingsReader reader;
    private final ResolvedCommand command;
    private final Inspection inspection;
    /** The names of those that are compared, where the server is shared. */
    private final List<String> variables;

    ExplainedPlan(
            RunSettings settings,
            LockFile lockFile,
            SettingsReader reader,
            ResolvedCommand command,
            Inspection inspection,
            List<String> variables) {
        this.variables = variables;
        this.settings = settings;
        this.lockFile = lockFile;
        this.reader = reader;
        this.command = command;
        this.inspection = inspection;
    }

    /** In one word, as {@code status --json} has it. */
    String verdict() {
        return inspection.verdict().word();
    }

    /** Topics and what is to be said about them, in the order of the story. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        OptionValue name = reader.value(RunOption.NAME);
        facts.put(
                "instance",
                settings.instance().name() + " (from "
                        + (name.origin() == OptionValue.Origin.DEFAULT ? "the command" : name.place()) + ")");
        facts.put("command", command.program() + ", with " + count(command.argumentCount(), "argument"));
        if (settings.coordination().isEmpty()) {
            facts.put("lock file", settings.lockPath());
            facts.put("lock now", lockNow());
            facts.put("this start", start());
            facts.put("on conflict", onConflict());
        } else {
            facts.put(
                    "lock file",
                    "its own, named after its id, such as " + ownLock()
                            + (settings.needsNoFile() ? ", where it can be made" : ""));
            facts.put("data lock", settings.dataLock().orElse("none: coordination is off"));
            facts.put("this start", "would start the server beside any other instance");
        }
        settings.instance()
                .share()
                .ifPresent(share -> new ExplainedShare(settings, share, variables).addTo(facts, isFree()));
        facts.put("hand-off", handOff());
        facts.put("stop", stop());
        facts.put("signals", signals());
        facts.put("client", client());
        facts.put("death signal", deathSignal());
        facts.put("readiness", readiness(settings.server().readiness()));
        facts.put("restart", restart(settings.server().restart()));
        facts.put("hooks", hooks(settings.server().hooks()));
        facts.put("process", settings.process().map(ExplainedPlan::process).orElseGet(ExplainedPlan::launchers));
        settings.server().listen().ifPresent(listen -> facts.put("sockets", sockets(listen)));
        facts.put("exit code", exitCode());
        facts.put("log", log());
        return facts;
    }

    private static String sockets(ListenSettings listen) {
        String opened = listen.addresses().isEmpty()
                ? "those that the caller passes on"
                : "opened before the server runs, and kept through its starts: "
                        + listen.addresses().stream()
                                .map(ListenAddress::toString)
                                .collect(Collectors.joining(", "));
        return opened + (listen.asStdin() ? "; the server's descriptor 0" : "; the server's by LISTEN_FDS");
    }

    private static String launchers() {
        int user = Self.effectiveUser();
        return "as the launcher's, user "
                + UserDatabase.name(user).map(name -> name + ", ").orElse("") + "uid " + Integer.toUnsignedString(user);
    }

    private String ownLock() {
        return new ParallelInstances(lockFile, settings.dataLock())
                .own(LockRecord.newInstanceId())
                .path();
    }

    private String lockNow() {
        String details = inspection.record().map(RecordText::details).orElse("");
        String pids = inspection.pids().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return switch (inspection.verdict()) {
            case NOT_RUNNING -> "free";
            case STALE -> "free; an ended instance left its file, which would be overwritten";
            case RUNNING -> "held by pid " + pids + details;
            case ANSWERING ->
                "held by a launcher in another pid namespace, which answers" + RecordText.host(inspection.record())
                        + details;
            case ORPHANED -> "held by the server pid " + pids + ", whose launcher was killed" + details;
            case DETACHED ->
                "not held, but what a server has started lives on, pid " + pids + ", and its launcher was killed"
                        + details;
            case UNVERIFIABLE -> "cannot be verified: " + inspection.reason();
        };
    }

    private boolean isFree() {
        return inspection.verdict() == Inspection.Verdict.NOT_RUNNING
                || inspection.verdict() == Inspection.Verdict.STALE;
    }

    private String start() {
        if (isFree()) {
            return "would take the lock and start the server";
        }
        if (inspection.verdict() == Inspection.Verdict.UNVERIFIABLE
                && settings.conflict().policy() == ConflictPolicy.TAKEOVER) {
            return "would be " + refused() + ": nobody is ended who cannot be proved to hold the lock";
        }
        if (inspection.verdict() == Inspection.Verdict.ANSWERING
                && settings.conflict().policy() == ConflictPolicy.TAKEOVER) {
            return "would ask it to yield, and take over";
        }
        return "would " + conflictWords();
    }

    private String onConflict() {
        return settings.conflict().policy() + ": when another instance runs, " + conflictWords();
    }

    private String conflictWords() {
        return switch (settings.conflict().policy()) {
            case WAIT ->
                "wait for its end, "
                        + settings.conflict()
                                .waitTimeout()
                                .map(timeout -> Durations.text(timeout) + " at most, and then be " + refused())
                                .orElse("for ever");
            case TAKEOVER -> "end it, once it is proved to hold the lock, and take over";
            case SKIP -> "start nothing and exit with 0";
            case ACTIVATE -> "hand arguments and folder to it, and exit with its answer";
            case FAIL -> "be " + refused();
        };
    }

    private String refused() {
        return "refused with exit code " + settings.conflict().exitCode().orElse(ExitCode.CONFLICT.number())
                + (settings.conflict().tellsClient() ? ", which its client is told" : "");
    }

    private boolean isExec() {
        return settings.server().handOff() == HandOff.EXEC;
    }

    private String handOff() {
        return isExec()
                ? "exec: the launcher becomes the server; nobody is left to restart it, to end its children or to"
                        + " remove the lock file"
                : "supervise: the launcher stays until the server and what it started have ended";
    }

    private String stop() {
        if (isExec()) {
            return "signals reach the server itself; holdfast stop gives it "
                    + Durations.text(settings.server().stop().grace());
        }
        String signal = settings.server().stop().signal() == 0
                ? "the signal that came"
                : "SIG" + Signals.name(settings.server().stop().signal());
        return settings.server().stop().grace().isZero()
                ? "SIGKILL to " + whatEnds() + " at once"
                : signal + " to " + receiver() + ", and "
                        + Durations.text(settings.server().stop().grace()) + " later SIGKILL to " + whatEnds();
    }

    private String receiver() {
        return switch (settings.server().forwarding().target()) {
            case GROUP -> "the server's process group";
            case TREE -> "the server and all that descends from it";
            case CHILD -> "the server";
        };
    }

    private String whatEnds() {
        return switch (settings.server().stop().killMode()) {
            case GROUP -> "its process group";
            case CHILD -> "the server alone";
            case TREE -> "it and all that descends from it";
        };
    }

    private String signals() {
        if (isExec()) {
            return "the server's own";
        }
        List<String> words = new ArrayList<>(List.of("forwarded to " + receiver()));
        new TreeMap<>(settings.server().forwarding().rewrites())
                .forEach((from, to) ->
                        words.add(Signals.name(from) + (to == 0 ? " is dropped" : " becomes " + Signals.name(to))));
        if (settings.server().forwarding().reloadOnHangUp()) {
            words.add("HUP does not stop");
        }
        return String.join("; ", words);
    }

    private String client() {
        return settings.instance().watchClient() && !isExec()
                ? "stdio: its closing of stdin and its death are stop requests, with one grace for all of the stop"
                : "not watched; transport recorded as " + settings.instance().transport();
    }

    private String deathSignal() {
        LauncherDeath signal = settings.server().stop().launcherDeath();
        if (isExec() || signal == LauncherDeath.NONE) {
            return isExec() ? "none: the server has no launcher" : "none: a SIGKILLed launcher's server lives on";
        }
        return "SIG" + signal.name()
                + " from the kernel to its process group when the launcher is SIGKILLed; a server that is just being started"
                + " then, or has changed its user, lives on with the lock, and the next start names it";
    }

    private static String readiness(ReadinessSettings readiness) {
        List<String> words = new ArrayList<>();
        if (readiness.port() != 0) {
            words.add("listens on TCP port " + readiness.port());
        }
        if (!readiness.url().isEmpty()) {
            words.add("answers its URL");
        }
        if (!readiness.logPattern().isEmpty()) {
            words.add("prints a line that matches");
        }
        if (!readiness.command().isEmpty()) {
            words.add("passes its ready command");
        }
        if (readiness.descriptor() != 0) {
            words.add("writes a newline to its descriptor " + readiness.descriptor());
        }
        if (words.isEmpty() && readiness.timeout().isPresent()) {
            words.add("sends READY=1 to NOTIFY_SOCKET");
        }
        String ready = words.isEmpty() ? "not asked for" : "ready when it " + String.join(" and ", words);
        return ready
                + readiness
                        .timeout()
                        .map(timeout -> ", within " + Durations.text(timeout))
                        .orElse("")
                + readiness
                        .watchdog()
                        .map(most -> "; must send WATCHDOG=1 every " + Durations.text(most))
                        .orElse("");
    }

    private static String restart(RestartPolicy restart) {
        if (restart.mode() == RestartPolicy.Mode.NO) {
            return "no";
        }
        return restart.mode() + ", after " + Durations.text(restart.delay()) + " up to "
                + Durations.text(restart.maxDelay()) + ", "
                + (restart.limit() == 0
                        ? "any number of times"
                        : "at most " + count(restart.limit(), "time") + " in " + Durations.text(restart.window()));
    }

    private static String hooks(HookSettings hooks) {
        List<String> set = new ArrayList<>();
        if (!hooks.preStart().isEmpty()) {
            set.add("pre-start");
        }
        if (!hooks.postStop().isEmpty()) {
            set.add("post-stop");
        }
        if (!hooks.onConflict().isEmpty()) {
            set.add("on-conflict-command");
        }
        return set.isEmpty()
                ? "none"
                : String.join(", ", set) + ", " + Durations.text(hooks.timeout()) + " at most each";
    }

    private static String process(ProcessSettings process) {
        List<String> words = new ArrayList<>();
        process.workingDirectory().ifPresent(folder -> words.add("in " + folder));
        process.umask().ifPresent(mask -> words.add("umask 0" + Integer.toOctalString(mask)));
        process.environmentFiles().forEach(file -> words.add("variables from " + file));
        process.user().ifPresent(user -> words.add("as user " + user + withoutRight()));
        process.group().ifPresent(group -> words.add("as group " + group));
        process.oomScoreAdjustment().ifPresent(score -> words.add("oom_score_adj " + score));
        process.niceness().ifPresent(nice -> words.add("nice " + nice));
        return String.join("; ", words);
    }

    /** A hardened container's root may become another user, and then not signal it any more. */
    private static String withoutRight() {
        return Self.effectiveUser() == 0 && !ProcFs.canSignalEverybody()
                ? " (which this launcher could not stop: root lacks the capability CAP_KILL here)"
                : "";
    }

    private String exitCode() {
        List<String> words = new ArrayList<>(List.of("the server's"));
        new TreeMap<>(settings.exitMap()).forEach((from, to) -> words.add(from + " becomes " + to));
        return String.join("; ", words);
    }

    private String log() {
        return settings.log().level() + " and above to " + settings.log().file().orElse("stderr");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
