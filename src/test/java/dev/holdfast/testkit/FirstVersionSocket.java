package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A control socket as version 1.0.0 had one: it speaks version 1 of the protocol, and refuses all else in its own words. */
public final class FirstVersionSocket {
    private static final String SCRIPT = "import os, socket, sys\ns = socket.socket(socket.AF_UNIX)\nos.umask(0o177)\n"
            + "s.bind(sys.argv[1])\ns.listen(5)\nprint('listens', flush=True)\n"
            + "while True:\n c, _ = s.accept()\n c.recv(4096)\n"
            + " c.sendall(b'{\"holdfast\":1,\"instanceId\":\"' + sys.argv[2].encode()"
            + " + b'\",\"error\":\"protocol 1 is spoken here: \\\\\"holdfast\\\\\":1\"}\\n')\n c.close()\n";

    private FirstVersionSocket() {}

    /** Puts one into the place of a running instance's own, and waits until it listens. */
    public static Child insteadOf(Path locks, String name) throws IOException {
        Path socket = locks.resolve(name + ".sock");
        await().until(() -> Files.exists(socket));
        String id =
                Files.readString(locks.resolve(name + ".lock")).replaceAll("(?s).*\"instanceId\":\"([^\"]+)\".*", "$1");
        Files.delete(socket);
        Child old = Child.start(new ProcessBuilder("python3", "-c", SCRIPT, socket.toString(), id));
        old.awaitOut("listens");
        return old;
    }
}
