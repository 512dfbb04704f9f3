package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looking at processes by {@code /proc}, where a zombie is dead: {@code kill -0} and the JDK call it alive. */
public final class Processes {
    private Processes() {}

    /** The fields of {@code /proc/PID/stat} from the third on: state, parent, group, session and so on. */
    public static Optional<String[]> stat(long pid) {
        try {
            String line =
                    Files.readString(Path.of("/proc/" + pid + "/stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** When it started, in clock ticks since boot: with the pid, it is this process and no later one. */
    public static Optional<String> startTicks(long pid) {
        return stat(pid).map(fields -> fields[19]);
    }

    /** Stops a process, and waits until all of its threads stand still: the signal alone comes to rest some time later. */
    public static void stop(long pid) {
        signal(pid, "STOP");
        await().until(() -> {
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
                return threads.allMatch(Processes::isStopped);
            }
        });
    }

    private static boolean isStopped(Path thread) {
        try {
            String line = Files.readString(thread.resolve("stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            return line.startsWith("T", line.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    /** Processor time of a process so far, user and system, in ticks of 10 ms. */
    public static long processorTicks(long pid) {
        String[] fields = stat(pid).orElseThrow();
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** What a descriptor leads to, such as {@code pipe:[123]}. */
    public static String descriptor(long pid, int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + fd)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a launcher has named to the kernel who gets a signal when it dies: one of its descriptors has O_ASYNC. */
    public static boolean hasAimedItsDeathSignal(long pid) {
        try (Stream<Path> infos = Files.list(Path.of("/proc/" + pid + "/fdinfo"))) {
            return infos.anyMatch(info -> {
                try {
                    return Files.readAllLines(info).stream()
                            .filter(line -> line.startsWith("flags:"))
                            .anyMatch(
                                    line -> (Integer.parseInt(line.substring(6).trim(), 8) & 0x2000) != 0);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a process runs. One whose first thread has ended does, and has its descriptors, while others end. */
    public static boolean isAlive(long pid) {
        return stat(pid)
                .map(fields -> !fields[0].equals("X") && !(fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1))
                .orElse(false);
    }

    /** Waits until a process is dead. */
    public static void awaitDeath(long pid) {
        await("the death of pid " + pid)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !isAlive(pid));
    }

    /** All living descendants of a process. */
    public static List<Long> descendants(long root) {
        List<Long> found = new ArrayList<>();
        try (Stream<ProcessHandle> handles =
                ProcessHandle.of(root).map(ProcessHandle::descendants).orElse(Stream.empty())) {
            handles.map(ProcessHandle::pid).filter(Processes::isAlive).forEach(found::add);
        }
        return found;
    }

    /** The processes that have a variable in the environment that they were started with. */
    public static List<Long> withVariable(String name, String value) {
        String entry = "\0" + name + "=" + value + "\0";
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(path -> path.getFileName().toString())
                    .filter(file -> Character.isDigit(file.charAt(0)))
                    .map(Long::parseLong)
                    .filter(pid -> environment(pid).contains(entry))
                    .filter(Processes::isAlive)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a zero before and after each entry; empty when it has ended. */
    private static String environment(long pid) {
        try {
            byte[] entries = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return "\0" + new String(entries, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** The children of a process, zombies included. */
    public static List<Long> children(long parent) {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + parent + "/task"))) {
            for (Path task : tasks.toList()) {
                for (String pid : Files.readString(task.resolve("children")).split(" ")) {
                    if (!pid.isEmpty()) {
                        found.add(Long.valueOf(pid));
                    }
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    /** Sends a signal to exactly this pid, by the kernel's own call: not every machine has a program for it. */
    public static void signal(long pid, String signal) {
        int number = Signals.parse(signal).orElseThrow(() -> new AssertionError("no signal " + signal));
        int errno = Self.kill((int) pid, number);
        if (errno != 0 && isAlive(pid)) {
            throw new AssertionError("kill -" + signal + " " + pid + " failed: " + Errno.describe(errno));
        }
    }

    /** A line of {@code /proc/PID/status}, such as SigBlk. */
    public static String statusLine(long pid, String key) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .map(line -> line.substring(key.length() + 1).trim())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
