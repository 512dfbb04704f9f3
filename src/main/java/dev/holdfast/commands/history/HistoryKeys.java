package dev.holdfast.commands.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryKey;
import java.util.List;

/** The keys of a line of the history, in the order in which they are shown. */
final class HistoryKeys {
    private static final List<String> TEXTS =
            List.of(HistoryKey.INSTANCE, HistoryKey.VERSION, HistoryKey.REASON, HistoryKey.BY_HOST, HistoryKey.SIGNAL);
    private static final List<String> NUMBERS = List.of(
            HistoryKey.PID,
            HistoryKey.TOOK,
            HistoryKey.BY_PID,
            HistoryKey.BY_USER,
            HistoryKey.CODE,
            HistoryKey.DELAY,
            HistoryKey.OTHER_PID);
    private static final List<String> FLAGS = List.of(HistoryKey.TERMINAL, HistoryKey.KILLED);
    private static final List<String> TEXTS_OF_OTHER = List.of(HistoryKey.OTHER_INSTANCE, HistoryKey.OTHER_START);

    private HistoryKeys() {}

    /** Adds all that a line has, and nothing that it has not. */
    static void put(ObjectNode node, HistoryEntry entry) {
        node.put(HistoryKey.TIME, entry.time())
                .put(HistoryKey.EVENT, entry.event())
                .put(HistoryKey.NAME, entry.name());
        putTexts(node, entry, TEXTS);
        for (String key : NUMBERS) {
            if (entry.number(key) >= 0) {
                node.put(key, entry.number(key));
            }
        }
        for (String key : FLAGS) {
            if (entry.facts().flag(key)) {
                node.put(key, true);
            }
        }
        putTexts(node, entry, TEXTS_OF_OTHER);
    }

    private static void putTexts(ObjectNode node, HistoryEntry entry, List<String> keys) {
        for (String key : keys) {
            if (!entry.text(key).isEmpty()) {
                node.put(key, entry.text(key));
            }
        }
    }
}
