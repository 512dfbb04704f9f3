package dev.holdfast.supervise;

import java.util.EnumSet;
import java.util.Set;

/** Where a {@link Redeployment} is, and where it may go from there. */
public enum RedeployState {
    /** It was not begun. */
    WAITING,
    /** The old server was told to stop. */
    STOPPING_OLD,
    /** The new command is started, and is not ready. */
    STARTING_NEW,
    /** The new server is ready, and must show that it stays. */
    SETTLING,
    /** The new server has failed, and something of it is left. */
    ENDING_NEW,
    /** The old command is started again, and is not ready. */
    STARTING_OLD,
    /** The old server runs again, and has no way to say that it is ready. */
    SETTLING_OLD,
    /** The new command is started beside the old server, and is not ready. */
    STARTING_BESIDE,
    /** The new server is ready, and must show that it stays; the old one serves, too. */
    SETTLING_BESIDE,
    /** The new server has failed, and something of it is left; the old one serves. */
    ENDING_BESIDE,
    /** The new server has shown that it stays, and the old one was told to stop. */
    STOPPING_REPLACED,
    /** It is known what came of it. */
    OVER;

    /** What may follow. */
    Set<RedeployState> successors() {
        return switch (this) {
            case WAITING -> EnumSet.of(STOPPING_OLD, STARTING_NEW, STARTING_BESIDE, OVER);
            case STOPPING_OLD -> EnumSet.of(STARTING_NEW, OVER);
            case STARTING_NEW -> EnumSet.of(SETTLING, ENDING_NEW, STARTING_OLD, OVER);
            case SETTLING -> EnumSet.of(ENDING_NEW, STARTING_OLD, OVER);
            case ENDING_NEW -> EnumSet.of(STARTING_OLD, OVER);
            case STARTING_OLD -> EnumSet.of(SETTLING_OLD, OVER);
            case SETTLING_OLD -> EnumSet.of(OVER);
            case STARTING_BESIDE -> EnumSet.of(SETTLING_BESIDE, ENDING_BESIDE, STARTING_NEW, OVER);
            case SETTLING_BESIDE -> EnumSet.of(STOPPING_REPLACED, ENDING_BESIDE, SETTLING, OVER);
            case ENDING_BESIDE -> EnumSet.of(ENDING_NEW, OVER);
            case STOPPING_REPLACED -> EnumSet.of(OVER);
            case OVER -> EnumSet.noneOf(RedeployState.class);
        };
    }
}
