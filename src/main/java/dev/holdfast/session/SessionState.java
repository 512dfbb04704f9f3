package dev.holdfast.session;

import java.util.Locale;

/** What is known of a session's leader. */
public enum SessionState {
    /** It lives. */
    LIVE,
    /** It has ended: what the session's servers are still there for, nobody knows. */
    DEAD,
    /** There is none: the session was named, and ends when somebody says so. */
    KEPT,
    /** It is a process of another machine or container, or is hidden, and cannot be looked at from here. */
    ELSEWHERE,
    /** No record says who it is. */
    UNKNOWN;

    /** As in reports. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
