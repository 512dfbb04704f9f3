package dev.holdfast.commands.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.json.jackson.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which parts of an entry are there only since it is guarded, in a private file of Holdfast's own folder: an empty list of arguments
 * may have been there before, or not. No value of an entry is in it. Without the file, an empty list stays, and an empty
 * map of variables goes: the entry means the same.
 *
 * @param path the file, which need not be there; empty when the user has no home
 */
record AddedParts(Optional<Path> path) {
    private static final String NAME = "clients.json";

    static AddedParts in(Optional<Path> ownFolder) {
        return new AddedParts(ownFolder.map(folder -> folder.resolve(NAME)));
    }

    /** What was told of a server; what is most likely when nothing was. */
    Set<String> of(Path file, ServerEntry server) {
        JsonNode parts = read().path(key(file, server));
        if (!parts.isArray()) {
            return Set.of(server.keys().environment());
        }
        Set<String> names = new TreeSet<>();
        parts.forEach(each -> names.add(each.asText()));
        return names;
    }

    /**
     * Keeps them. A folder that cannot be written is no hindrance.
     *
     * @return false when it could not be done
     */
    boolean keep(Path file, ServerEntry server, Set<String> parts) {
        ObjectNode all = read();
        var list = Json.array();
        parts.forEach(list::add);
        all.set(key(file, server), list);
        return write(all);
    }

    /** Forgets a server. */
    void forget(Path file, ServerEntry server) {
        ObjectNode all = read();
        if (all.remove(key(file, server)) != null) {
            var unused = write(all);
        }
    }

    private static String key(Path file, ServerEntry server) {
        return String.join("\n", file.toString(), String.join("\n", server.section()), server.name());
    }

    private ObjectNode read() {
        try {
            return path.isPresent()
                            && Files.isRegularFile(path.get())
                            && Json.read(Files.readAllBytes(path.get())).orElse(null) instanceof ObjectNode all
                    ? all
                    : Json.object();
        } catch (IOException e) {
            return Json.object();
        }
    }

    private boolean write(ObjectNode all) {
        if (path.isEmpty()) {
            return false;
        }
        var forUser = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var folderForUser = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path file = path.get();
        try {
            Path folder = file.getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder, folderForUser);
            }
            Path fresh = Files.createFile(file.resolveSibling(NAME + "." + UUID.randomUUID()), forUser);
            try {
                Files.write(fresh, List.of(Json.line(all)), StandardCharsets.UTF_8);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
