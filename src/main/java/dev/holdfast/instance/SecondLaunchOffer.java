package dev.holdfast.instance;

import dev.holdfast.command.Environment;
import dev.holdfast.control.PayloadWriter;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.ProcessAttributes;
import dev.holdfast.posix.processes.Self;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What this process hands to a running instance instead of starting: its arguments, a few variables, its working directory,
 * stdout and stderr. Not safe for use by many threads.
 */
public final class SecondLaunchOffer implements AutoCloseable {
    /** What lets a program come to the front, and what tells on which display. No other variable is sent. */
    private static final List<String> SENT =
            List.of("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID", "WAYLAND_DISPLAY", "DISPLAY");

    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private final List<byte[]> arguments;
    private final Environment environment;
    private final int folder = ProcessAttributes.openFolder();
    private final int nowhere = FileDescriptors.open("/dev/null", FileDescriptors.O_RDWR, 0);

    /**
     * One of this process.
     *
     * @param arguments what follows the command's first word, byte for byte
     * @param environment where the variables are taken from
     */
    public SecondLaunchOffer(List<byte[]> arguments, Environment environment) {
        this.arguments = List.copyOf(arguments);
        this.environment = environment;
    }

    /** All that is said; empty when it is too much. */
    byte[] payload() {
        PayloadWriter writer = new PayloadWriter().folder(Self.workingDirectoryBytes());
        for (String name : SENT) {
            byte[] value = environment.bytes(name);
            if (value.length > 0) {
                byte[] prefix = (name + "=").getBytes(StandardCharsets.ISO_8859_1);
                byte[] entry = new byte[prefix.length + value.length];
                System.arraycopy(prefix, 0, entry, 0, prefix.length);
                System.arraycopy(value, 0, entry, prefix.length, value.length);
                writer = writer.variable(entry);
            }
        }
        writer = writer.arguments(arguments);
        return writer.isShortEnough() ? writer.end() : new byte[0];
    }

    /** The folder, and where the answer's text goes. */
    int[] descriptors() {
        return new int[] {folder < 0 ? nowhere : folder, openOr(STDOUT), openOr(STDERR)};
    }

    private int openOr(int stream) {
        return FileDescriptors.isOpen(stream) ? stream : nowhere;
    }

    @Override
    public void close() {
        FileDescriptors.close(folder);
        FileDescriptors.close(nowhere);
    }
}
