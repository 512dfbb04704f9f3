package dev.holdfast.embed;

/** The program's own code, which is told of second launches, one at a time. */
@FunctionalInterface
public interface LaunchReceiver {
    /**
     * Takes one. Called in a thread of its own, which is interrupted when it takes too long.
     *
     * @param launch what was handed over
     * @return what the second launch ends with
     * @throws Exception if it cannot be taken; the second launch is told
     */
    Answer receive(ReceivedLaunch launch) throws Exception;

    /**
     * What a second launch ends with.
     *
     * @param code its exit code
     * @param text what it prints to its stdout; may be empty
     */
    record Answer(int code, String text) {}
}
