package dev.holdfast.example;

import dev.holdfast.lock.DataLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A small index of documents on disk: their texts, the words in them, and a manifest that says which two files belong
 * together. Several processes may persist and load it at once, when they take turns by a {@link DataLock}.
 *
 * <p>A generation is written beside the last one and put in its place by a rename, so a process that is killed while it
 * writes leaves the last one whole. That does not help against a second writer: it reads the same last generation,
 * writes the same next one, and one of the two loses its documents, or both files are mixed. Nor does it help a reader,
 * whose generation is removed while it reads. For that there is the lock.
 */
public final class DocumentIndex {
    private static final String MANIFEST = "manifest";

    private final Path folder;
    private final @Nullable DataLock turns;

    /**
     * An index in a folder.
     *
     * @param turns how writers and readers take turns; null for not at all, to see what becomes of it
     */
    public DocumentIndex(Path folder, @Nullable DataLock turns) {
        this.folder = folder;
        this.turns = turns;
    }

    /**
     * Adds documents to what is on disk.
     *
     * @param documents texts by name, without tabs and newlines
     * @return whether they are on disk; false when this instance did not get its turn in time, and should try again with
     *     the next change
     */
    public boolean persist(Map<String, String> documents) throws IOException, InterruptedException {
        if (turns == null) {
            merge(documents);
            return true;
        }
        return turns.write(() -> merge(documents));
    }

    /**
     * Reads what is on disk.
     *
     * @return texts by name; null when this instance did not get its turn in time
     * @throws CorruptIndexException if what is there does not belong together
     */
    public @Nullable SortedMap<String, String> load() throws IOException, InterruptedException {
        if (turns == null) {
            return read();
        }
        AtomicReference<@Nullable SortedMap<String, String>> found = new AtomicReference<>();
        return turns.read(() -> found.set(read())) ? found.get() : null;
    }

    /** Another instance may have written since this one last looked: what is added is added to that. */
    private void merge(Map<String, String> added) throws IOException {
        SortedMap<String, String> all = read();
        all.putAll(added);
        long last = generation();
        long next = last + 1;
        String texts = lines(all);
        String words = lines(words(all));
        Files.writeString(part("texts", next), texts);
        Files.writeString(part("words", next), words);
        Path manifest = folder.resolve(MANIFEST + ".new");
        Files.writeString(manifest, next + " " + checksum(texts) + " " + checksum(words) + "\n");
        Files.move(manifest, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(part("texts", last));
        Files.deleteIfExists(part("words", last));
    }

    private SortedMap<String, String> read() throws IOException {
        String[] manifest = manifest();
        SortedMap<String, String> documents = new TreeMap<>();
        if (manifest.length == 0) {
            return documents;
        }
        long generation = Long.parseLong(manifest[0]);
        String texts = part("texts", generation, manifest[1]);
        String words = part("words", generation, manifest[2]);
        texts.lines().map(line -> line.split("\t", 2)).forEach(pair -> documents.put(pair[0], pair[1]));
        if (!lines(words(documents)).equals(words)) {
            throw new CorruptIndexException("words and texts of generation " + generation + " do not agree");
        }
        return documents;
    }

    private String part(String kind, long generation, String checksum) throws IOException {
        try {
            String text = Files.readString(part(kind, generation));
            if (!checksum(text).equals(checksum)) {
                throw new CorruptIndexException(
                        kind + " of generation " + generation + " is another one's, or half one");
            }
            return text;
        } catch (NoSuchFileException e) {
            throw new CorruptIndexException(kind + " of generation " + generation + " is gone");
        }
    }

    private Path part(String kind, long generation) {
        return folder.resolve(kind + "." + generation);
    }

    private long generation() throws IOException {
        String[] manifest = manifest();
        return manifest.length == 0 ? 0 : Long.parseLong(manifest[0]);
    }

    private String[] manifest() throws IOException {
        try {
            return Files.readString(folder.resolve(MANIFEST)).strip().split(" ");
        } catch (NoSuchFileException e) {
            return new String[0];
        }
    }

    private static SortedMap<String, String> words(Map<String, String> documents) {
        SortedMap<String, SortedSet<String>> names = new TreeMap<>();
        documents.forEach((name, text) -> {
            for (String word : text.split(" ")) {
                names.computeIfAbsent(word, any -> new TreeSet<>()).add(name);
            }
        });
        SortedMap<String, String> words = new TreeMap<>();
        names.forEach((word, in) -> words.put(word, String.join(",", in)));
        return words;
    }

    private static String lines(SortedMap<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> entry.getKey() + "\t" + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static String checksum(String text) {
        CRC32 checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }

    /** For callers that have no use for a checked one. */
    public SortedMap<String, String> loadNow() {
        try {
            SortedMap<String, String> all = load();
            if (all == null) {
                throw new IllegalStateException("it was not this one's turn in time");
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
