package dev.holdfast.commands.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The page: three files and a picture, from the jar. */
final class PageFiles {
    private PageFiles() {}

    /** One of them. */
    static Route route(String name, String type) {
        return Route.get(Access.Need.OWN, exchange -> {
            try (InputStream file = PageFiles.class.getResourceAsStream(name)) {
                if (file == null) {
                    throw new IOException(name + " is missing");
                }
                return Optional.of(
                        new Reply(Reply.OK, type, new String(file.readAllBytes(), StandardCharsets.UTF_8), Map.of()));
            }
        });
    }
}
