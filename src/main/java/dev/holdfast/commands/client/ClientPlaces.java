package dev.holdfast.commands.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where the clients' files are for one user, seen from one folder.
 *
 * @param variable gives a variable's value, empty when it is not set
 * @param home the user's home folder
 * @param folder the working directory, where a project's files are
 * @param user the effective user id
 */
record ClientPlaces(UnaryOperator<String> variable, String home, String folder, int user) {
    /** A client's files that there are, links that lead nowhere among them; each once, whatever leads to it. */
    List<Path> existing(Client client) {
        Map<Path, Path> files = new LinkedHashMap<>();
        for (Path path : all(client)) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                files.putIfAbsent(behindLinks(path), path);
            }
        }
        return List.copyOf(files.values());
    }

    private static Path behindLinks(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path; // it will be told when it is read
        }
    }

    /** The file for a client's first server. */
    Path first(Client client) {
        return all(client).get(0);
    }

    /** A path of the command line. */
    Path resolve(String path) {
        return Path.of(folder).resolve(path).normalize();
    }

    private List<Path> all(Client client) {
        return client.files(variable, home).stream().map(this::resolve).toList();
    }

    /** Reads and parses one. */
    Opened open(Client client, Path path) {
        ConfigFile file = ConfigFile.read(path, user);
        try {
            return new Opened(path, file, ClientDocument.of(client, folder, file.text()));
        } catch (ClientFileException e) {
            throw e.in(path);
        }
    }

    /**
     * A file that was read.
     *
     * @param path as it is named
     * @param file what was read
     * @param document what it says
     */
    record Opened(Path path, ConfigFile file, ClientDocument document) {}
}
