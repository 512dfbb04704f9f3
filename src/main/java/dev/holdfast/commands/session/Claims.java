package dev.holdfast.commands.session;

import dev.holdfast.commands.doctor.RegistryPlace;
import dev.holdfast.registry.InstanceEntry;
import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.RegistryException;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.registry.conflict.ConflictSearch;
import dev.holdfast.registry.conflict.Overlap;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionServer;
import dev.holdfast.settings.ConflictDetection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The ports and directories that two servers of a session claim, or one of them and another instance of this user. */
final class Claims {
    private Claims() {}

    static List<String> among(Session session) {
        Set<String> names = session.servers().stream()
                .map(server -> SessionServer.instance(session.id(), server.name()))
                .collect(Collectors.toSet());
        List<InstanceEntry> entries;
        try {
            entries =
                    names.isEmpty() ? List.of() : RegistryPlace.ofThisProcess().entries();
        } catch (RegistryException e) {
            return List.of("cannot tell: " + e.getMessage());
        }
        List<String> claims = new ArrayList<>();
        for (Conflict conflict : new ConflictSearch(ConflictDetection.STRICT).among(entries)) {
            conflict.other().ifPresent(other -> {
                if (names.contains(conflict.instance().name()) || names.contains(other.name())) {
                    add(claims, conflict, other);
                }
            });
        }
        return claims;
    }

    private static void add(List<String> claims, Conflict conflict, InstanceRecord other) {
        String both = " by " + other.name() + " and " + conflict.instance().name();
        if (conflict.port() > 0) {
            claims.add("port " + conflict.port() + both);
        }
        if (conflict.overlap() != Overlap.NONE) {
            claims.add("directory " + directories(conflict.instance()) + both);
        }
    }

    private static String directories(InstanceRecord record) {
        return record.directories().stream().map(directory -> directory.path()).collect(Collectors.joining(", "));
    }
}
