package dev.holdfast;

/** For whom an instance exists once. */
public enum Scope {
    /** Once on the machine: {@code NAME.lock}. */
    MACHINE,
    /** Once for each user: {@code NAME-UID.lock}. */
    USER
}
