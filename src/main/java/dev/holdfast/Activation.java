package dev.holdfast;

import dev.holdfast.embed.ReceivedLaunch;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a second launch hands to the running instance. Safe for use by many threads. */
public final class Activation {
    private final ReceivedLaunch launch;

    Activation(ReceivedLaunch launch) {
        this.launch = launch;
    }

    /** How the JVM reads its own arguments and makes paths, so that a file's name leads to the file. */
    static Charset charset() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }

    /**
     * The second launch's arguments, read as the JVM reads those of {@code main}: what is not of the system's encoding is
     * replaced. See {@link #argumentBytes}.
     *
     * @return as many as were given
     */
    public List<String> arguments() {
        List<String> texts = new ArrayList<>();
        for (byte[] argument : launch.arguments()) {
            texts.add(new String(argument, charset()));
        }
        return List.copyOf(texts);
    }

    /**
     * The second launch's arguments, byte for byte.
     *
     * @return as many as were given
     */
    public List<byte[]> argumentBytes() {
        List<byte[]> copies = new ArrayList<>();
        for (byte[] argument : launch.arguments()) {
            copies.add(argument.clone());
        }
        return copies;
    }

    /**
     * The second launch's working directory: what its relative paths are relative to.
     *
     * @return an absolute path; empty when it does not know it
     */
    public Optional<Path> folder() {
        try {
            return launch.folder().map(bytes -> Path.of(new String(bytes, charset())));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * What lets this instance come to the front: {@code XDG_ACTIVATION_TOKEN} of the second launch, or else its
     * {@code DESKTOP_STARTUP_ID}. For one use.
     *
     * @return the token; empty when whoever started the second launch gave none
     */
    public Optional<String> token() {
        for (String name : List.of("XDG_ACTIVATION_TOKEN=", "DESKTOP_STARTUP_ID=")) {
            for (byte[] variable : launch.variables()) {
                String entry = new String(variable, StandardCharsets.UTF_8);
                if (entry.startsWith(name) && entry.length() > name.length()) {
                    return Optional.of(entry.substring(name.length()));
                }
            }
        }
        return Optional.empty();
    }
}
