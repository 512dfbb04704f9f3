package dev.holdfast.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.Self;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process is known by more than its pid, and a signal reaches that process or nobody. */
@Timeout(30)
class PinnedProcessTest {
    @Test
    void ownIdentityStaysTheSame() {
        ProcessIdentity self = ProcessIdentity.ofSelf();
        assertThat(self.pid()).isEqualTo(Self.pid());
        assertThat(self.isSameProcess(ProcessIdentity.ofSelf())).isTrue();
    }

    @Test
    void noProcessIsPinnedWhereThereIsNone() {
        for (int pid : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(PinnedProcess.pin(pid)).isEmpty();
        }
    }

    /** As a record of a container's says that died: in the next one the server's pid may be a thread of the launcher. */
    @Test
    void threadIsNoProcess() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            List<Integer> others = threads.map(
                            thread -> Integer.valueOf(thread.getFileName().toString()))
                    .filter(thread -> thread != Self.pid())
                    .toList();
            assertThat(others)
                    .isNotEmpty()
                    .allMatch(thread -> PinnedProcess.pin(thread).isEmpty());
        }
    }

    @Test
    void endedProcessTakesNoSignalAndIsNotPinnedAgain() {
        try (Child sleep = Child.start(new ProcessBuilder("sleep", "1000"));
                PinnedProcess pinned = PinnedProcess.pin((int) sleep.pid()).orElseThrow()) {
            assertThat(pinned.hasEnded()).isFalse();
            assertThat(pinned.awaitEnd(0)).isFalse();
            assertThat(pinned.send(Signals.KILL)).isEqualTo(Delivery.SENT);
            assertThat(pinned.awaitEnd(10_000)).isTrue();
            assertThat(sleep.awaitExit()).isEqualTo(137);
            assertThat(pinned.send(Signals.TERM)).isEqualTo(Delivery.GONE);
            assertThat(PinnedProcess.pin((int) sleep.pid())).isEmpty();
        }
    }

    @Test
    void stoppedProcessIsWokenForItsSignal() {
        try (Child sleep = Child.start(new ProcessBuilder("sleep", "1000"));
                PinnedProcess pinned = PinnedProcess.pin((int) sleep.pid()).orElseThrow()) {
            assertThat(pinned.send(Signals.STOP)).isEqualTo(Delivery.SENT);
            pinned.sendAndWake(Signals.TERM);
            assertThat(sleep.awaitExit()).isEqualTo(143);
        }
    }

    @Test
    void treeHasDescendantsOfAllGenerationsAndSessions() {
        String script = "setsid sh -c 'sleep 1000 & echo grandchild $!; wait' & echo child $!; wait";
        try (Child root = Child.start(new ProcessBuilder("sh", "-c", script))) {
            int grandchild = Integer.parseInt(root.awaitOut("grandchild (\\d+)"));
            List<PinnedProcess> tree = ProcessTree.descendantsOf((int) root.pid());
            assertThat(tree).extracting(PinnedProcess::pid).contains(grandchild).doesNotContain((int) root.pid());
            assertThat(tree).hasSizeGreaterThanOrEqualTo(2);
            assertThat(tree.get(tree.size() - 1).pid()).as("parents come first").isEqualTo(grandchild);
            tree.forEach(process -> assertThat(process.send(Signals.KILL)).isEqualTo(Delivery.SENT));
            tree.forEach(process -> assertThat(process.awaitEnd(10_000)).isTrue());
            tree.forEach(PinnedProcess::close);
            root.awaitExit();
            assertThat(ProcessTree.descendantsOf((int) root.pid())).isEmpty();
        }
    }

    @Test
    void selfAndAncestorsAreKnown() {
        assertThat(ProcessTree.isSelfOrAncestor(Self.pid())).isTrue();
        assertThat(ProcessTree.isSelfOrAncestor(Self.parentPid())).isTrue();
        try (Child child = Child.start(new ProcessBuilder("sleep", "1000"))) {
            assertThat(ProcessTree.isSelfOrAncestor((int) child.pid())).isFalse();
        }
        assertThat(ProcessTree.isSelfOrAncestor(-1)).isFalse();
    }
}
