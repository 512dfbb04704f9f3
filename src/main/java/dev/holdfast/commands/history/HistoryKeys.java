package dev.holdfast.commands.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.history.HistoryEntry;
import dev.holdfast.history.HistoryLine.Key;
import java.util.List;

/** The keys of a line of the history, in the order in which they are shown. */
final class HistoryKeys {
    private static final List<String> TEXTS = List.of(Key.INSTANCE, Key.VERSION, Key.REASON, Key.BY_HOST, Key.SIGNAL);
    private static final List<String> NUMBERS =
            List.of(Key.PID, Key.TOOK, Key.BY_PID, Key.BY_USER, Key.CODE, Key.DELAY, Key.OTHER_PID);
    private static final List<String> FLAGS = List.of(Key.TERMINAL, Key.KILLED);
    private static final List<String> TEXTS_OF_OTHER = List.of(Key.OTHER_INSTANCE, Key.OTHER_START);

    private HistoryKeys() {}

    /** Adds all that a line has, and nothing that it has not. */
    static void put(ObjectNode node, HistoryEntry entry) {
        node.put(Key.TIME, entry.time()).put(Key.EVENT, entry.event()).put(Key.NAME, entry.name());
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
