package dev.holdfast.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.LockChild;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an advisory lock does, on whatever file system: the behaviours that the test suites of filelock, gofrs/flock,
 * util-linux, proper-lockfile and Lucene check, and what they leave out.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class AdvisoryLockContract {
    static final Duration SHORT = Duration.ofMillis(150);
    static final Duration LONG = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Path folder = Path.of("/nonexistent");
    private Path path = Path.of("/nonexistent");

    /** A folder on the file system in question. */
    abstract Path place() throws IOException;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(Files.createDirectories(place()), "advisory");
        path = folder.resolve("index.lock");
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    private AdvisoryLock exclusive() {
        return closing(AdvisoryLock.exclusive(path));
    }

    private AdvisoryLock shared() {
        return closing(AdvisoryLock.shared(path));
    }

    private Child jvm(String mode) {
        return closing(LockChild.start(mode, path));
    }

    /** A process that has the lock by flock(1) until its stdin is closed or it is told "release". */
    private Child flock(String option) {
        Child holder = closing(Child.start(
                new ProcessBuilder("flock", option, path.toString(), "sh", "-c", "echo locked $$; read line")));
        holder.awaitOut("locked");
        return holder;
    }

    // Acquire and release

    @Test
    void acquireReleaseAcquireAgain() throws InterruptedException {
        AdvisoryLock lock = exclusive();
        for (int round = 0; round < 3; round++) {
            try (Hold hold = lock.acquire()) {
                assertThat(hold.isHeld()).isTrue();
            }
        }
    }

    @Test
    void secondObjectOnTheSamePathIsRefusedWithoutAnError() {
        Hold first = exclusive().tryAcquire().orElseThrow();
        assertThat(exclusive().tryAcquire()).isEmpty();
        first.close();
        assertThat(exclusive().tryAcquire()).isPresent();
    }

    @Test
    void secondProcessOnTheSamePathIsRefusedWithoutAnError() {
        Hold first = exclusive().tryAcquire().orElseThrow();
        Child other = jvm("exclusive");
        assertThat(LockChild.ask(other, "try")).isEqualTo("refused");
        first.close();
        assertThat(LockChild.ask(other, "acquire 0")).isEqualTo("granted");
        assertThat(exclusive().tryAcquire()).isEmpty();
    }

    @Test
    void sharedGoesWithSharedAndNotWithExclusive() {
        Hold reader = shared().tryAcquire().orElseThrow();
        Hold another = shared().tryAcquire().orElseThrow();
        assertThat(exclusive().tryAcquire()).isEmpty();
        reader.close();
        assertThat(exclusive().tryAcquire()).isEmpty();
        another.close();
        Hold writer = exclusive().tryAcquire().orElseThrow();
        assertThat(shared().tryAcquire()).isEmpty();
        writer.close();
    }

    @Test
    void secondCloseIsNoOp() {
        AdvisoryLock lock = exclusive();
        Hold first = lock.tryAcquire().orElseThrow();
        first.close();
        Hold second = lock.tryAcquire().orElseThrow();
        first.close();
        assertThat(second.isHeld()).isTrue();
        assertThat(exclusive().tryAcquire()).isEmpty();
    }

    @Test
    void timeoutTellsWhoHoldsTheLock() {
        Child holder = flock("-x");
        assertThatThrownBy(() -> exclusive().acquire(SHORT))
                .isInstanceOfSatisfying(LockTimeoutException.class, e -> {
                    assertThat(e.holders().unknown()).isZero();
                    assertThat(e.holders().verified())
                            .extracting(owner -> (long) owner.process().pid())
                            .contains(holder.pid());
                })
                .hasMessageStartingWith(
                        "lock \"" + path + "\" could not be acquired exclusively within 150 ms: held by pid ");
    }

    @Test
    void waiterProceedsWhenAnotherThreadReleases() throws Exception {
        Hold hold = exclusive().tryAcquire().orElseThrow();
        CompletableFuture<Hold> waiter = acquiring(exclusive());
        assertThat(waiter).isNotDone();
        hold.close();
        waiter.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void waiterProceedsWhenAnotherProcessReleases() {
        Child holder = jvm("exclusive");
        assertThat(LockChild.ask(holder, "try")).isEqualTo("granted");
        CompletableFuture<Hold> waiter = acquiring(exclusive());
        LockChild.tell(holder, "release");
        waiter.join().close();
    }

    @Test
    void killedHolderLeavesTheLockFree() throws InterruptedException {
        Child holder = jvm("exclusive");
        assertThat(LockChild.ask(holder, "try")).isEqualTo("granted");
        CompletableFuture<Hold> waiter = acquiring(exclusive());
        Processes.signal(holder.pid(), "KILL");
        waiter.join().close();
    }

    private CompletableFuture<Hold> acquiring(AdvisoryLock lock) {
        CompletableFuture<Hold> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(lock.acquire(LONG));
            } catch (RuntimeException | InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || result.isDone());
        return result;
    }
}
