package dev.holdfast.share.identity;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How much a variable counts when two starts are compared, by its name. Clients pass on little of their own environment, or
 * all of it, and much of that is another one in each window; what a server is told by its client is a credential, most of the
 * time, or says where to go.
 */
public enum VariableWeight {
    /** It must be there in both starts, with one value, or in none. */
    MUST_AGREE,
    /** It must have one value where both starts have it. */
    MUST_NOT_DIFFER,
    /** It is of a window, a session or a terminal. */
    NOT_LOOKED_AT;

    private static final Set<String> WINDOWS_OWN = Set.of(
            "TERM",
            "PATH",
            "SHLVL",
            "PWD",
            "OLDPWD",
            "_",
            "DISPLAY",
            "LANG",
            "LANGUAGE",
            "INIT_CWD",
            "NOTIFY_SOCKET",
            "COLORTERM",
            "COLUMNS",
            "LINES",
            "WINDOWID",
            "STY",
            "PS1",
            "LS_COLORS",
            "XAUTHORITY",
            "WAYLAND_DISPLAY",
            "SESSION_MANAGER",
            "DBUS_SESSION_BUS_ADDRESS",
            "DESKTOP_STARTUP_ID",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "MANAGERPID",
            "SYSTEMD_EXEC_PID",
            "GPG_TTY",
            "MAIL",
            "HOSTNAME",
            "FORCE_TERMINATE",
            "WATCHDOG_PID");

    private static final List<String> WINDOWS_OWN_BEGIN = List.of(
            "SSH_",
            "XDG_",
            "TERM_",
            "LC_",
            "VSCODE_",
            "CLAUDE",
            "npm_",
            "HOLDFAST_",
            "LISTEN_",
            "CURSOR_",
            "ELECTRON_",
            "TMUX",
            "GNOME_",
            "GTK_",
            "KDE_",
            "KONSOLE_",
            "KITTY_",
            "ITERM_",
            "WEZTERM_",
            "ALACRITTY_",
            "VTE_",
            "ZED_");

    private static final Set<String> CREDENTIALS = Set.of("KUBECONFIG", "DATABASE_URL", "HTTP_PROXY", "HTTPS_PROXY");

    private static final List<String> CREDENTIALS_BEGIN = List.of(
            "AWS_",
            "AZURE_",
            "GITHUB_",
            "GITLAB_",
            "GOOGLE_",
            "CLOUDSDK_",
            "OPENAI_",
            "ANTHROPIC_",
            "PG",
            "MYSQL_",
            "REDIS_");

    private static final List<String> CREDENTIALS_CONTAIN = List.of("TOKEN", "KEY", "SECRET", "PASSW", "CREDENTIAL");

    private static final List<String> CREDENTIALS_END =
            List.of("_URL", "_URI", "_HOST", "_DSN", "_PROFILE", "_PATH", "_ENDPOINT", "_AUTH");

    /** That of a variable. What looks like a credential counts in capitals and in small letters. */
    public static VariableWeight of(String name) {
        if (WINDOWS_OWN.contains(name) || beginsLikeOneOf(name, WINDOWS_OWN_BEGIN)) {
            return NOT_LOOKED_AT;
        }
        return isCredential(name.toUpperCase(Locale.ROOT)) ? MUST_AGREE : MUST_NOT_DIFFER;
    }

    private static boolean isCredential(String name) {
        if (CREDENTIALS.contains(name) || beginsLikeOneOf(name, CREDENTIALS_BEGIN)) {
            return true;
        }
        for (String part : CREDENTIALS_CONTAIN) {
            if (name.contains(part)) {
                return true;
            }
        }
        for (String end : CREDENTIALS_END) {
            if (name.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean beginsLikeOneOf(String name, List<String> beginnings) {
        for (String beginning : beginnings) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
