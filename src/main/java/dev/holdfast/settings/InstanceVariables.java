package dev.holdfast.settings;

/** What the launcher tells its server, and all that this one starts, of the instance that it is. */
public final class InstanceVariables {
    /** The name that it runs under. */
    public static final String NAME = "HOLDFAST_NAME";

    /** The instance's id: pid and eight random hexadecimal digits. */
    public static final String ID = "HOLDFAST_INSTANCE_ID";

    /** The instance's lock file. The launcher reads it, too, where no instance is around it. */
    public static final String LOCK_FILE = "HOLDFAST_LOCK_FILE";

    private InstanceVariables() {}
}
