package dev.holdfast.example;

import dev.holdfast.lock.DataLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a server that keeps an index: {@code Indexer FOLDER locked|told|free NAME COUNT}, where {@code told} is
 * what the launcher has named. Adds documents one by one
 * and reads the index in between. Says {@code stored DOCUMENT} for each one that is on disk, {@code lost DOCUMENT} when
 * one is not there any more, {@code corrupt} when what is there does not belong together, and {@code done}.
 */
public final class Indexer {
    private final DocumentIndex index;
    private final String name;
    private final SortedSet<String> stored = new TreeSet<>();

    private Indexer(DocumentIndex index, String name) {
        this.index = index;
        this.name = name;
    }

    /** Waits for a line before it begins, so that all of a test's begin at once. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        try (@Nullable DataLock turns = turns(arguments[1], folder)) {
            Indexer indexer = new Indexer(new DocumentIndex(folder, turns), arguments[2]);
            System.out.println("ready");
            if (System.in.read() >= 0) {
                indexer.run(Integer.parseInt(arguments[3]));
                System.out.println("done");
            }
        }
    }

    private static @Nullable DataLock turns(String mode, Path folder) {
        return switch (mode) {
            case "locked" -> DataLock.at(folder.resolve(".holdfast.lock"));
            case "told" -> DataLock.ofEnvironment().orElseThrow();
            default -> null;
        };
    }

    @SuppressWarnings("SystemOut")
    private void run(int count) throws IOException, InterruptedException {
        for (int number = 0; number < count; number++) {
            String document = name + "-" + number;
            try {
                while (!index.persist(Map.of(document, "text of " + document + " by " + name))) {
                    // skipped: the next change of the folder would bring the next try
                }
                stored.add(document);
                System.out.println("stored " + document);
                look();
            } catch (CorruptIndexException | IOException e) {
                System.out.println("corrupt " + e);
            }
        }
    }

    @SuppressWarnings("SystemOut")
    private void look() throws IOException, InterruptedException {
        SortedMap<String, String> all = index.load();
        for (String document : stored) {
            if (all != null && !all.containsKey(document)) {
                System.out.println("lost " + document);
            }
        }
    }
}
