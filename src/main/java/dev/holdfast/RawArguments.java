package dev.holdfast;

import dev.holdfast.posix.processes.Self;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Finds the bytes of which the JVM has made {@code main}'s arguments: some of them are no text, and are lost there. */
final class RawArguments {
    private RawArguments() {}

    /** The bytes of arguments: as this process was given them when these are its last ones; encoded otherwise. */
    static List<byte[]> of(List<String> arguments) {
        return of(arguments, Self.commandLine(), Activation.charset());
    }

    static List<byte[]> of(List<String> arguments, List<byte[]> commandLine, Charset charset) {
        int before = commandLine.size() - arguments.size();
        List<byte[]> raw = new ArrayList<>();
        boolean isOwn = before >= 0;
        for (int i = 0; i < arguments.size() && isOwn; i++) {
            byte[] bytes = commandLine.get(before + i);
            isOwn = isReadAs(bytes, arguments.get(i), charset);
            raw.add(bytes);
        }
        return isOwn ? raw : encoded(arguments, charset);
    }

    /** For bytes that are no text the JVM has a letter of its own, which depends on its way of reading. */
    private static boolean isReadAs(byte[] bytes, String argument, Charset charset) {
        String read = new String(bytes, charset);
        return read.equals(argument) || read.replace('\ufffd', '?').equals(argument);
    }

    private static List<byte[]> encoded(List<String> arguments, Charset charset) {
        List<byte[]> encoded = new ArrayList<>();
        for (String argument : arguments) {
            byte[] bytes = argument.getBytes(charset);
            boolean isWhole = new String(bytes, charset).equals(argument);
            encoded.add(isWhole ? bytes : argument.getBytes(StandardCharsets.UTF_8));
        }
        return encoded;
    }
}
