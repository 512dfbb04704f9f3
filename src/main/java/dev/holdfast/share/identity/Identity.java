package dev.holdfast.share.identity;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a start of a shared server is made of: its command, its folder, its user and its variables, byte for byte. Stays in
 * its process; what another one gets of it is {@link #options}.
 */
public final class Identity {
    /** Before the names of variables. */
    static final String VARIABLE = "env.";

    static final String COMMAND = "command";
    static final String ARGUMENTS = "arguments";
    static final String FOLDER = "folder";
    static final String USER = "user";
    static final String GROUP = "group";
    static final String UID = "uid";
    static final String ENVIRONMENT_FILE = "environment-file";

    /** Before each part's name, where it is told. */
    static final String PART = "part.";

    private final Map<String, byte[]> parts;

    private Identity(Map<String, byte[]> parts) {
        this.parts = parts;
    }

    /**
     * That of a start in this process. Reads the environment files once more.
     *
     * @param environment the server's, with what is in its environment files
     * @throws dev.holdfast.command.ProcessSettingsException if such a file cannot be read
     */
    public static Identity of(
            ResolvedCommand command, Environment environment, ServerContext context, ShareSettings share) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        String folder =
                absolute(Self.workingDirectory(), context.workingDirectory().orElse("."));
        parts.put(COMMAND, bytes(absolute(folder, command.program())));
        parts.put(ARGUMENTS, joined(command.arguments()));
        // Starts from everywhere share it, and each is somewhere else.
        if (share.scope() == ShareScope.CWD || context.workingDirectory().isPresent()) {
            parts.put(FOLDER, bytes(thisVery(folder)));
        }
        parts.put(UID, bytes(Integer.toUnsignedString(Self.effectiveUser())));
        Environment files = Environment.of(List.of());
        if (context.settings().isPresent()) {
            ProcessSettings process = context.settings().get();
            process.user().ifPresent(user -> parts.put(USER, bytes(user)));
            process.group().ifPresent(group -> parts.put(GROUP, bytes(group)));
            for (String file : process.environmentFiles()) {
                files = files.withFile(file);
            }
            if (!process.environmentFiles().isEmpty()) {
                parts.put(ENVIRONMENT_FILE, joined(files.entries()));
            }
        }
        addVariables(parts, environment, files.names(), share.keys());
        return new Identity(parts);
    }

    /** Of variables with one name the first counts, as for getenv(3). */
    private static void addVariables(
            Map<String, byte[]> parts, Environment environment, List<String> inFiles, List<String> keys) {
        for (byte[] entry : environment.entries()) {
            String text = new String(entry, StandardCharsets.ISO_8859_1);
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            boolean counts = keys.contains(name) || VariableWeight.of(name) != VariableWeight.NOT_LOOKED_AT;
            if (counts && equals > 0 && !inFiles.contains(name)) {
                parts.putIfAbsent(VARIABLE + name, text.substring(equals + 1).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** A folder that was removed, and made again, is another one: a server that is still in the old one is of no use in the new. */
    private static String thisVery(String folder) {
        Optional<FileStatus> status = FileStatus.ofTarget(folder); // no lambda: a client's start has few others
        return status.isEmpty()
                ? folder
                : folder + '\0' + status.get().device() + ':' + status.get().inode();
    }

    private static String absolute(String folder, String path) {
        if (path.startsWith("/")) {
            return path;
        }
        return path.equals(".") ? folder : folder + "/" + path;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** With a NUL after each, which none of them has. */
    private static byte[] joined(List<byte[]> words) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] word : words) {
            joined.writeBytes(word);
            joined.write(0);
        }
        return joined.toByteArray();
    }

    /** The names of the variables that are compared, in the order of the environment. */
    public List<String> variables() {
        List<String> names = new ArrayList<>();
        for (String part : parts.keySet()) {
            if (part.startsWith(VARIABLE)) {
                names.add(part.substring(VARIABLE.length()));
            }
        }
        return names;
    }

    /**
     * What another process is told of it.
     *
     * @param key the host's, 64 hexadecimal digits
     * @return {@code part.NAME=DIGEST} each
     */
    public List<String> options(String key) {
        List<String> options = new ArrayList<>();
        digests(key).forEach((name, digest) -> options.add(PART + name + "=" + digest));
        return options;
    }

    /** The digest of each part under a key. The name is in it: who sees two of them cannot tell that the values are the same. */
    Map<String, String> digests(String key) {
        byte[] secret = HexFormat.of().parseHex(key);
        Map<String, String> digests = new LinkedHashMap<>();
        parts.forEach((name, value) -> digests.put(name, digest(secret, name, value)));
        return digests;
    }

    private static String digest(byte[] secret, String name, byte[] value) {
        byte[] mac = Sha256.mac(secret, joined(List.of(bytes(name), value)));
        return Sha256.hex(mac, mac.length);
    }

    /** That of a value which is not part of it. */
    static String digest(String key, String name, String value) {
        return digest(HexFormat.of().parseHex(key), name, bytes(value));
    }
}
