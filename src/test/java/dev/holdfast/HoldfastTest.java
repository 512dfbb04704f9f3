package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.lock.LockFileException;
import dev.holdfast.lock.UnsafeLockPathException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The façade within one JVM: what is said, what is refused, and what is released once. */
@Timeout(60)
class HoldfastTest {
    @TempDir
    Path folder;

    private HoldfastBuilder orders() {
        return Holdfast.named("orders").lockDir(folder);
    }

    @Test
    void secondAcquireInOneJvmIsAClearError() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        try (Holdfast guard = orders().acquire()) {
            assertThat(guard.isHeld()).isTrue();
            assertThat(guard.lockFile()).isEqualTo(folder.resolve("orders.lock"));
            assertThatThrownBy(() -> orders().acquire())
                    .isInstanceOf(AlreadyAcquiredException.class)
                    .hasMessage("this JVM has acquired \"orders\" already; lock file \"" + guard.lockFile() + "\"");
            assertThatThrownBy(() -> Holdfast.named("orders").lockDir(link).acquire())
                    .isInstanceOf(AlreadyAcquiredException.class);
            assertThatThrownBy(() -> Holdfast.named("other")
                            .lockFile(folder.resolve("./link/./orders.lock"))
                            .onConflict(OnConflict.TAKEOVER)
                            .acquire())
                    .isInstanceOf(AlreadyAcquiredException.class)
                    .hasMessageContaining("as \"orders\"");
            assertThatThrownBy(() -> orders().onConflict(OnConflict.WAIT).acquire())
                    .isInstanceOf(AlreadyAcquiredException.class);
            try (Holdfast other = Holdfast.named("billing").lockDir(folder).acquire()) {
                assertThat(other.isHeld()).isTrue();
            }
            assertThat(guard.isHeld()).as("left alone by all of them").isTrue();
        }
        try (Holdfast again = orders().acquire()) {
            assertThat(again.isHeld()).isTrue();
        }
    }

    /** Another class loader's copy does not know of the claim; the kernel does. */
    @Test
    void copyOfTheLibraryInTheSameJvmIsNoticedByItsDescriptors() {
        try (Holdfast guard = orders().acquire()) {
            assertThat(guard.isHeld()).isTrue();
            Claims.release(claimOf(guard));
            assertThatThrownBy(() -> orders().onConflict(OnConflict.WAIT).acquire())
                    .isInstanceOf(AlreadyAcquiredException.class)
                    .hasMessageContaining("by another copy of the library");
        }
    }

    private static String claimOf(Holdfast guard) {
        dev.holdfast.posix.files.FileStatus folder = dev.holdfast.posix.files.FileStatus.ofTarget(
                        String.valueOf(guard.lockFile().getParent()))
                .orElseThrow();
        return folder.device() + ":" + folder.inode() + "/orders.lock";
    }

    @Test
    void closeRunsTheHooksBackwardsOnceAndReleases() {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        Holdfast guard = orders().onStop(() -> said.add("first"))
                .onStop(() -> {
                    throw new IOException("as told");
                })
                .onStop(() -> said.add("last held=" + Files.exists(folder.resolve("orders.lock"))))
                .acquire();
        guard.close();
        guard.close();
        assertThat(said).containsExactly("last held=true", "first");
        assertThat(guard.isHeld()).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void hookMayCloseTheGuard() {
        List<Holdfast> guards = new ArrayList<>();
        guards.add(orders().grace(Duration.ofMinutes(5)) // more than the test has
                .onStop(() -> guards.get(0).close())
                .acquire());
        guards.get(0).close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void hangingHookIsLeftBehindWithinTheGrace() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        Holdfast guard = orders().grace(Duration.ofSeconds(2))
                .onStop(() -> said.add("after"))
                .onStop(() -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                })
                .acquire();
        guard.close();
        assertThat(said).containsExactly("after");
        assertThat(folder).isEmptyDirectory();
        assertThat(interrupted).satisfies(latch -> latch.await());
    }

    @Test
    void closingThreadWaitsForTheOneThatStops() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Holdfast guard = orders().grace(Duration.ofSeconds(30))
                .onStop(() -> {
                    begun.countDown();
                    goOn.await();
                })
                .acquire();
        Thread first = new Thread(guard::close);
        first.start();
        begun.await();
        Thread second = new Thread(guard::close);
        second.start();
        second.join(100);
        assertThat(second.isAlive()).isTrue();
        assertThat(guard.isHeld()).as("until the hooks are done").isTrue();
        goOn.countDown();
        first.join();
        second.join();
        assertThat(guard.isHeld()).isFalse();
    }

    @Test
    void replacedFileIsNotHeldAndNotRemoved() throws IOException {
        Holdfast guard = orders().acquire();
        Files.delete(guard.lockFile());
        assertThat(guard.isHeld()).isFalse();
        Files.writeString(guard.lockFile(), "somebody else's");
        assertThat(guard.isHeld()).isFalse();
        guard.close();
        assertThat(guard.lockFile()).hasContent("somebody else's");
    }

    @Test
    void unsafePathAndMissingFolderAreTold() throws IOException {
        Files.createSymbolicLink(folder.resolve("orders.lock"), folder.resolve("victim"));
        assertThatThrownBy(() -> orders().acquire())
                .isInstanceOf(UnsafeLockPathException.class)
                .hasMessageContaining("is a symbolic link");
        assertThatThrownBy(() -> Holdfast.named("orders")
                        .lockDir(folder.resolve("missing"))
                        .acquire())
                .isInstanceOf(LockFileException.class)
                .hasMessageContaining("cannot make lock file");
        Files.delete(folder.resolve("orders.lock"));
        try (Holdfast guard = orders().acquire()) {
            assertThat(guard.isHeld()).as("a failed start leaves no claim").isTrue();
        }
    }

    @Test
    void interruptedThreadAcquiresNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> orders().acquire()).isInstanceOf(AcquireInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatCannotBeIsRefusedWhenItIsSaid() {
        for (String name : List.of("", "a/b", "a b", "x".repeat(65), "ü")) {
            assertThatThrownBy(() -> Holdfast.named(name)).isInstanceOf(IllegalArgumentException.class);
        }
        HoldfastBuilder builder = orders();
        assertThatThrownBy(() -> builder.version("1\u001b[2J")).hasMessageContaining("version \"1?[2J\" must be");
        assertThatThrownBy(() -> builder.transport("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.grace(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.waitTimeout(Duration.ofDays(367)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.recheckEvery(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scopeIsInTheFileName() {
        try (Holdfast guard = orders().scope(Scope.USER).acquire()) {
            assertThat(guard.lockFile().getFileName()).asString().matches("orders-\\d+\\.lock");
        }
    }
}
