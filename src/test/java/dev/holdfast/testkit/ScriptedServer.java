package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The server {@code mcp-server.pl}, which is as bad a one as its words say, and writes down all that it gets and does. */
public final class ScriptedServer {
    private final Path folder;
    private final List<String> words;

    /**
     * It is started by who uses it.
     *
     * @param folder where it writes
     * @param words as its script tells
     */
    public ScriptedServer(Path folder, String... words) {
        this.folder = folder;
        this.words = List.of(words);
    }

    /** The words that start it. */
    public List<String> command() {
        List<String> command = new ArrayList<>(
                List.of("perl", Launcher.resource("mcp-server.pl").toString(), folder.toString()));
        command.addAll(words);
        return command;
    }

    /** From its next start on, it answers with this version, whatever it is asked for. */
    public void answerWithVersion(String version) {
        try {
            Files.writeString(folder.resolve("version"), version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that all of its processes have got, each without the pid. */
    public List<String> received() {
        return noted("received");
    }

    /** How many of the lines that it has got contain a text. */
    public long received(String text) {
        return received().stream().filter(line -> line.contains(text)).count();
    }

    /** The calls that all of its processes have carried out, as in "echo hello". */
    public List<String> executions() {
        return noted("executions");
    }

    private List<String> noted(String file) {
        return lines(file).map(line -> line.substring(line.indexOf(' ') + 1)).toList();
    }

    /** The pids of all of its processes that have got something, in their order. */
    public List<Long> pids() {
        return lines("received")
                .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
                .distinct()
                .toList();
    }

    private Stream<String> lines(String file) {
        try {
            String text = Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
            return Arrays.stream(text.substring(0, text.lastIndexOf('\n') + 1).split("\n"));
        } catch (IOException e) {
            return Stream.of(); // not there yet
        }
    }
}
