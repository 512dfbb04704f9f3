package dev.holdfast.commands.session;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.SessionOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.ExitCode;
import dev.holdfast.session.SessionsFolder;
import dev.holdfast.text.Printable;
import dev.holdfast.text.ShellWord;
import java.util.List;

/**
 * {@code holdfast session hook}: lines for a shell's profile that clean up when the terminal closes. They start nothing
 * while there are no sessions, and nothing that the shell waits for: the cleanup is a process in a session of its own, which
 * outlives the terminal.
 */
final class ShellHook {
    /** The shells that there is one for. */
    static final List<String> SHELLS = List.of("bash", "zsh", "fish");
    /** Where bin/holdfast has its native library. */
    private static final String LIBRARY = "jffi.boot.library.path";

    /** Before what the shell does at its end already, which may exit itself, and sees the exit code that it would have seen. */
    private static final String BASH = """
            __holdfast_session_end() {
                local status=$?
                [ ! -d @PIDS@ ] || ( setsid @COMMAND@ --leader "$$" </dev/null >/dev/null 2>&1 & )
                set +e
                return "$status"
            }
            __holdfast_session_hook() {
                eval "set -- $(trap -p EXIT)"
                [ "${3-}" != - ] || set --
                trap -- "__holdfast_session_end${3:+
            $3}" EXIT
            }
            case $(trap -p EXIT) in
                *__holdfast_session_end*) ;;
                *) __holdfast_session_hook ;;
            esac
            """;

    private static final String ZSH = """
            __holdfast_session_end() {
                [ ! -d @PIDS@ ] || ( setsid @COMMAND@ --leader "$$" </dev/null >/dev/null 2>&1 & )
            }
            autoload -Uz add-zsh-hook && add-zsh-hook zshexit __holdfast_session_end
            """;
    private static final String FISH = """
            function __holdfast_session_end --on-event fish_exit
                if test -d @PIDS@
                    setsid @COMMAND@ --leader $fish_pid </dev/null >/dev/null 2>&1 &
                end
            end
            """;

    private ShellHook() {}

    static int print(CommandArguments arguments, SessionsFolder folder) {
        SessionCommandLine.requireWords(arguments, 1, 2);
        String shell = arguments.words().size() > 1 ? arguments.words().get(1) : "bash";
        if (!SHELLS.contains(shell)) {
            throw new SettingsException(
                    List.of("no hook for \"" + Printable.text(shell) + "\"; there is one for "
                            + String.join(", ", SHELLS)),
                    false);
        }
        boolean isTyped = arguments.has(SessionOption.SESSIONS_DIR);
        String command = ShellWord.quoted(program()) + " session cleanup"
                + (isTyped ? " --sessions-dir " + ShellWord.quoted(folder.path()) : "");
        System.out.print(text(shell, folder.path() + "/pids", command));
        System.out.flush();
        return ExitCode.OK.number();
    }

    /** The lines for one of the shells. */
    static String text(String shell, String pids, String command) {
        String text = shell.equals("bash") ? BASH : shell.equals("zsh") ? ZSH : FISH;
        return text.replace("@PIDS@", ShellWord.quoted(pids)).replace("@COMMAND@", command);
    }

    private static String program() {
        String library = System.getProperty(LIBRARY, "");
        int end = library.lastIndexOf("/lib/");
        return end < 0 ? "holdfast" : library.substring(0, end) + "/bin/holdfast";
    }
}
