package dev.holdfast.text;

/** The version of Holdfast. */
public final class Version {
    /** As in the pom; a test compares. */
    public static final String TEXT = "1.0.0";

    private Version() {}
}
