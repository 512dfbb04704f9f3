package dev.holdfast.config;

import dev.holdfast.posix.signals.Signals;
import java.util.Map;

/**
 * Reads which signals the server gets as others. Loaded only when some are: the first method reference of a process loads
 * a hundred classes.
 */
final class SignalMapReader {
    private SignalMapReader() {}

    static Map<Integer, Integer> read(OptionValues values) {
        return values.map(RunOption.MAP_SIGNAL, SignalMapReader::signal, SignalMapReader::signalOrNothing);
    }

    /** -1 for what cannot be forwarded. */
    private static int signal(String text) {
        int signal = Signals.parse(text).orElse(0);
        return signal != 0 && Signals.isTaken(signal) && signal != Signals.CHLD ? signal : -1;
    }

    private static int signalOrNothing(String text) {
        return text.equals("0") ? 0 : Signals.parse(text).orElse(-1);
    }
}
