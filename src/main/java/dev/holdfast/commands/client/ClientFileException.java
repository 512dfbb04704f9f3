package dev.holdfast.commands.client;

import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import java.nio.file.Path;

/** A client's file that is left alone, and why. */
final class ClientFileException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    private ClientFileException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** It cannot be parsed. Nothing of the file is told: it may be a secret. */
    static ClientFileException unparsable(String format, int line, int column) {
        return new ClientFileException(
                ExitCode.CONFIG, "is no valid " + format + ": line " + line + ", column " + column + "; left alone");
    }

    /** It can be parsed, and is not what it has to be. */
    static ClientFileException malformed(String problem) {
        return new ClientFileException(ExitCode.CONFIG, problem + "; left alone");
    }

    /** It is not there, or does not have what was asked for. */
    static ClientFileException missing(String problem) {
        return new ClientFileException(ExitCode.UNREADABLE, problem);
    }

    /** It is somebody else's, or no plain file. */
    static ClientFileException unsafe(Path path, String problem) {
        return new ClientFileException(ExitCode.UNSAFE, "\"" + path + "\" " + problem + "; left alone");
    }

    /** It cannot be written. */
    static ClientFileException unwritable(Path path, String problem) {
        return new ClientFileException(ExitCode.CANNOT_CREATE, "\"" + path + "\" " + problem + "; left alone");
    }

    /** Somebody else has written it meanwhile. */
    static ClientFileException changed(Path path) {
        return new ClientFileException(
                ExitCode.CONFLICT, "\"" + path + "\" was changed by another program meanwhile; left alone, try again");
    }

    /** The same about a file. */
    ClientFileException in(Path path) {
        return new ClientFileException(exitCode, "\"" + path + "\" " + getMessage());
    }

    /** How the program ends. */
    ExitCode exitCode() {
        return exitCode;
    }
}
