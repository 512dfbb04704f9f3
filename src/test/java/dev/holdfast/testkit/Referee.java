package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The process that fails when two servers are alive at once; see referee.pl. */
public final class Referee implements AutoCloseable {
    private static final Pattern EVENT = Pattern.compile("(up|down) (\\d+)\n");

    private final Child process;
    private final Path socket;

    private Referee(Child process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    public static Referee start(Path folder) {
        Path socket = folder.resolve("referee");
        Child process = Child.start(
                new ProcessBuilder("perl", Launcher.resource("referee.pl").toString(), socket.toString()));
        process.awaitOut("listening");
        return new Referee(process, socket);
    }

    /** The command of a server that it watches, and that takes so long to stop. */
    public List<String> server(int slowMillis) {
        return List.of(
                "perl", Launcher.resource("refereed.pl").toString(), socket.toString(), Integer.toString(slowMillis));
    }

    /** The servers that are connected. */
    public List<Long> living() {
        List<Long> living = new ArrayList<>();
        Matcher events = EVENT.matcher(process.stdout());
        while (events.find()) {
            Long pid = Long.valueOf(events.group(2));
            if (events.group(1).equals("up")) {
                living.add(pid);
            } else {
                living.remove(pid);
            }
        }
        return living;
    }

    /** How many servers have come so far. */
    public int servers() {
        return (int) EVENT.matcher(process.stdout())
                .results()
                .filter(event -> event.group(1).equals("up"))
                .count();
    }

    /** Kills a server, if this pid still is one. */
    public void kill(long pid) {
        if (living().contains(pid) && Processes.isAlive(pid)) {
            Processes.signal(pid, "KILL");
        }
    }

    /** Ends the game; the referee's last line, with its exit code. */
    public String verdict() {
        process.closeStdin();
        int code = process.awaitExit();
        return process.awaitOut("verdict .*") + " exit=" + code;
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
