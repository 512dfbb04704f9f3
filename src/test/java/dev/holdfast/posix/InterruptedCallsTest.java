package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.Accounts;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.processes.SignalDispositions;
import dev.holdfast.posix.processes.Spawn;
import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls that a signal interrupts, as a profiler's do in a JVM that uses the library, and calls that fail for another
 * reason than their usual one: neither is taken for an answer.
 */
@Timeout(30)
class InterruptedCallsTest {
    /** Wakes threads out of blocking calls in the JDK, whose handler does nothing. */
    private static final int WAKE = 62;

    private static final int RLIMIT_NOFILE = 7;

    @BeforeAll
    static void jdkHasItsHandler() throws IOException {
        SocketChannel.open().close();
        boolean isCaught = SignalDispositions.of(Self.pid())
                .map(all -> (all.caught() >>> (WAKE - 1) & 1) != 0)
                .orElse(false);
        assumeTrue(isCaught, "needs a JDK that has a handler for signal 62");
    }

    /** Runs a call in a thread of its own, and interrupts it again and again until it is over or was hit often enough. */
    private static <T> T interrupted(Callable<T> call, Runnable afterwards)
            throws ExecutionException, InterruptedException {
        CompletableFuture<Long> thread = new CompletableFuture<>();
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            thread.complete(Libc.call(Libc.symbol("pthread_self")));
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        caller.start();
        long id = thread.get();
        int[] hits = {0};
        await().until(() -> {
            if (!result.isDone()) {
                var unused = Libc.call(Libc.symbol("pthread_kill"), id, WAKE);
            }
            return result.isDone() || ++hits[0] == 5;
        });
        afterwards.run();
        return result.get();
    }

    @Test
    void endOfAProcessIsWaitedForUntilItEnds() throws ExecutionException, InterruptedException {
        try (Child child = Child.start(new ProcessBuilder("sleep", "60"));
                ProcessDescriptor process =
                        ProcessDescriptor.open((int) child.pid()).orElseThrow()) {
            assertThat(interrupted(() -> process.awaitEnd(20_000), () -> child.signal("KILL")))
                    .isTrue();
        }
    }

    @Test
    void waitThatIsInterruptedEndsInTime() throws ExecutionException, InterruptedException {
        try (ProcessDescriptor self = ProcessDescriptor.open(Self.pid()).orElseThrow()) {
            long begin = System.nanoTime();
            assertThat(interrupted(() -> self.awaitEnd(1500), () -> {})).isFalse();
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(1_500_000_000L);
        }
    }

    @Test
    void interruptedReadIsNotTheEnd() throws ExecutionException, InterruptedException {
        try (NativeBuffer ends = NativeBuffer.allocate(2 * Integer.BYTES)) {
            Libc.checked(Libc.call(Libc.symbol("pipe2"), ends.address(), Abi.O_CLOEXEC), "pipe2", "");
            int readEnd = ends.getInt(0);
            int writeEnd = ends.getInt(Integer.BYTES);
            try {
                assertThat(interrupted(() -> FileDescriptors.read(readEnd, 8), () -> FileDescriptors.wake(writeEnd)))
                        .hasSize(1);
            } finally {
                FileDescriptors.close(readEnd);
                FileDescriptors.close(writeEnd);
            }
        }
    }

    @Test
    void userWhoCannotBeLookedUpIsNotUnknown() throws IOException {
        assertThat(Accounts.named("root")).isPresent();
        assertThatThrownBy(() -> {
                    throw new PosixException(Errno.EMFILE, "loads the class", "");
                })
                .isInstanceOf(PosixException.class);
        Throwable[] thrown = {null};
        try (NativeBuffer limits = NativeBuffer.allocate(2 * Long.BYTES);
                NativeBuffer none = NativeBuffer.allocate(2 * Long.BYTES)) {
            Libc.checked(Libc.call(Libc.symbol("getrlimit"), RLIMIT_NOFILE, limits.address()), "getrlimit", "");
            none.putLong(Long.BYTES, limits.getLong(Long.BYTES));
            Libc.checked(Libc.call(Libc.symbol("setrlimit"), RLIMIT_NOFILE, none.address()), "setrlimit", "");
            try {
                var unused = Accounts.named("nobody-of-that-name");
            } catch (PosixException e) {
                thrown[0] = e;
            } finally {
                Libc.checked(Libc.call(Libc.symbol("setrlimit"), RLIMIT_NOFILE, limits.address()), "setrlimit", "");
            }
        }
        // A module that is loaded already answers for itself, and leaves no errno of the files.
        if (!Files.readString(Path.of("/proc/self/maps")).contains("libnss_systemd")) {
            assertThat(thrown[0]).hasMessageContaining("too many open files");
        }
        assertThat(Accounts.named("nobody-of-that-name")).isEmpty();
    }

    /** It may be the lock's. */
    @Test
    void nothingIsStartedWithoutADescriptorThatItShallHave() {
        Spawn spawn = new Spawn(
                "/bin/true".getBytes(StandardCharsets.UTF_8),
                List.of("true".getBytes(StandardCharsets.UTF_8)),
                List.of());
        spawn.passDescriptor(987, 987);
        assertThatThrownBy(spawn::start).isInstanceOf(PosixException.class).hasMessageContaining("bad file descriptor");
    }
}
