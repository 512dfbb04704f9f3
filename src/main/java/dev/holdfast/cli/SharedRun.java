package dev.holdfast.cli;

import dev.holdfast.command.Environment;
import dev.holdfast.config.OutputOptions;
import dev.holdfast.config.RunOption;
import dev.holdfast.config.RunSettings;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.control.ControlAnswer;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.instance.Incumbent;
import dev.holdfast.instance.Refusal;
import dev.holdfast.lock.file.LockFile;
import dev.holdfast.output.OutputLogs;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.SignalQueue;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.ExitStatus;
import dev.holdfast.settings.Caller;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.share.attach.Attachment;
import dev.holdfast.share.attach.Ending;
import dev.holdfast.share.attach.HostProcess;
import dev.holdfast.share.attach.HostSearch;
import dev.holdfast.share.attach.Introduction;
import dev.holdfast.share.attach.Reason;
import dev.holdfast.share.attach.StdioClient;
import dev.holdfast.share.identity.Identity;
import dev.holdfast.share.identity.SaidDigests;
import dev.holdfast.stdio.RefusedConversation;
import dev.holdfast.text.RawText;
import dev.holdfast.text.Version;
import dev.holdfast.waiting.EventWait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code holdfast run --share} in the foreground: never the server's launcher, always a client of that one. Has it started in
 * the background when there is none.
 */
final class SharedRun implements HostProcess.Starter, Introduction {
    private static final String PREFIX = "holdfast: ";
    private static final String NO_OUTPUT = ", and wrote nothing to stderr\n  what now   try the command by itself";

    private final Words words;
    private final RunSettings settings;
    private final Environment environment;
    private final Identity identity;
    private final String name;
    private final LockFile lockFile;
    private final String output;
    private final OutputTail tail;

    /**
     * Nothing is started yet.
     *
     * @param words all that follows {@code run}
     * @param environment what the host gets
     * @param identity what this start is made of
     */
    SharedRun(Words words, RunSettings settings, Environment environment, Identity identity) {
        this.identity = identity;
        this.words = words;
        this.settings = settings;
        this.environment = environment;
        name = settings.instance().name();
        lockFile = RunCommand.lockFile(settings);
        output = output();
        tail = new OutputTail(output);
    }

    private String output() {
        if (settings.output().isPresent()) {
            return settings.output().get().path();
        }
        Optional<String> folder = OutputOptions.folder(environment, Self.workingDirectory(), Self.effectiveUser());
        if (folder.isEmpty()) {
            throw new SettingsException(
                    List.of(
                            "there is no home folder to keep what a shared server writes to stderr; say where by --output"
                                    + " FILE, or HOLDFAST_HOME"),
                    false);
        }
        return OutputLogs.path(folder.get(), name);
    }

    /** Runs it to its end; the process's exit code. */
    int execute() {
        ProcFs.require();
        for (String warning : settings.warnings()) {
            Console.complain(warning);
        }
        Caller caller = LaunchScript.caller();
        try (SignalQueue signals = SignalQueue.open();
                StdioClient client =
                        new StdioClient(caller.parentPid(), settings.instance().watchClient())) {
            Signals.setDefault(Signals.CHLD);
            EventWait wait = new EventWait(signals, Signals.isIgnored(Signals.HUP));
            HostSearch.Result result = search(client, signals, wait);
            if (result instanceof HostSearch.Result.Attached attached) {
                try (Attachment attachment = attached.attachment()) {
                    return code(attachment.run(), wait);
                }
            }
            if (result instanceof HostSearch.Result.Over over) {
                return code(over.ending(), wait);
            }
            return result instanceof HostSearch.Result.Failed failed
                    ? failed(failed, wait)
                    : refused((HostSearch.Result.Refused) result, wait);
        }
    }

    private HostSearch.Result search(StdioClient client, SignalQueue signals, EventWait wait) {
        try (HostSearch search = new HostSearch(name, lockFile, this, this, refusalCode(), client, signals, wait)) {
            return search.search(settings.conflict().policy() == ConflictPolicy.TAKEOVER);
        }
    }

    private int refusalCode() {
        return settings.conflict().exitCode().orElse(ExitCode.CONFLICT.number());
    }

    /** By the words of this start: it reads them, the environment, and the files as this one has. */
    @Override
    public HostProcess start() {
        List<byte[]> all = new ArrayList<>();
        all.add(RawText.bytes(Background.WORD));
        all.add(RawText.bytes(new Background(Background.SHARE, "").word()));
        if (settings.output().isEmpty()) {
            all.add(RawText.bytes(RunOption.OUTPUT.longFlag() + "=" + output));
        }
        all.addAll(words.bytesFrom(0));
        return StartedLauncher.start(all, environment);
    }

    @Override
    public List<String> options(String key) {
        List<String> options = new ArrayList<>(List.of(
                "share=" + ControlAnswer.SHARE_PROTOCOL,
                "holdfast=" + Version.TEXT,
                "client=" + ProcFs.name(Self.parentPid())));
        options.addAll(identity.options(key));
        options.addAll(SaidDigests.of(settings.instance().said()).options(key));
        return options;
    }

    private static int code(Ending ending, EventWait wait) {
        if (!ending.text().isEmpty()) {
            Console.complain(ending.text());
        }
        return ending.isSignalled() ? RefusedClient.codeOfStop(wait) : ending.code();
    }

    private int refused(HostSearch.Result.Refused refused, EventWait wait) {
        Optional<Incumbent> incumbent = Optional.empty();
        String text = refused.text();
        if (refused.reason() == Reason.NOT_SHARED || refused.reason() == Reason.CONFLICT) {
            incumbent = Incumbent.holding(lockFile);
            text = incumbent.isPresent() ? conflict(incumbent.get(), refused.reason()) : text;
        }
        if (refused.reason() == Reason.OTHER_VERSION) {
            text += "\n  stop it    " + InstanceHint.command("stop", name, lockFile);
        }
        Reason reason = refused.reason();
        if (reason == Reason.UNSAFE && isOfOtherUser()) {
            incumbent = Incumbent.holding(lockFile);
            reason = incumbent.isPresent() ? Reason.CONFLICT : reason;
            text = incumbent.isPresent() ? conflict(incumbent.get(), reason) : text;
        }
        int pid = incumbent.isPresent() ? incumbent.get().pid() : 0;
        int code = reason == Reason.UNSAFE ? ExitCode.UNSAFE.number() : refusalCode();
        return tell(withoutPrefix(text), reason, pid, code, wait);
    }

    /** Whose socket is not ours either, and no stranger's trap. */
    private boolean isOfOtherUser() {
        Optional<FileStatus> file = FileStatus.ofName(lockFile.path());
        return file.isPresent() && file.get().owner() != Self.effectiveUser();
    }

    private String conflict(Incumbent incumbent, Reason reason) {
        String text =
                new ConflictMessage(name, settings.instance().nameOrigin(), lockFile).of(Refusal.ofStart(incumbent));
        return reason == Reason.NOT_SHARED
                ? text + "\n  share it   it is not shared; stop it, and let each client start it with --share"
                : text;
    }

    private int failed(HostSearch.Result.Failed failed, EventWait wait) {
        ExitStatus end = failed.end();
        int code = end.shellCode();
        String said = withoutPrefix(failed.complaints().stripTrailing());
        String last = tail.text();
        String text = said.isEmpty()
                ? StartedLauncher.notStarted(name, end) + (last.isEmpty() ? NO_OUTPUT : "\n" + last)
                : said;
        return tell(text, Reason.START_FAILED, 0, code == 0 ? ExitCode.UNAVAILABLE.number() : code, wait);
    }

    private static String withoutPrefix(String text) {
        return text.startsWith(PREFIX) ? text.substring(PREFIX.length()).stripTrailing() : text;
    }

    /** Also as answers to the client's requests, since that is all that clients show. */
    private int tell(String text, Reason reason, int pid, int code, EventWait wait) {
        Console.complain(text);
        try {
            RefusedConversation.hold(text, reason.word(), name, pid, wait);
        } catch (HoldfastException | LinkageError | OutOfMemoryError e) {
            return code; // no descriptor is left, or no memory for what the client says; stderr has it
        }
        return wait.isStopRequested() ? RefusedClient.codeOfStop(wait) : code;
    }
}
