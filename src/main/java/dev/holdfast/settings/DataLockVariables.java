package dev.holdfast.settings;

/** The variables by which a launcher tells its server of the lock for the data that instances share. */
public final class DataLockVariables {
    /** The lock's path. */
    public static final String PATH = "HOLDFAST_DATA_LOCK";

    /** {@code true} where the launcher was told to allow locks on network file systems. */
    public static final String ALLOW_NETWORK = "HOLDFAST_ALLOW_NETWORK_LOCK";

    private DataLockVariables() {}
}
