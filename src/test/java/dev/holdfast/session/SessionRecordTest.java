package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.ProcessDescriptor;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.registry.Machine;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Processes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session is dead only where its leader is proved to be: what cannot be told is no proof, and its servers live on. */
@Timeout(60)
class SessionRecordTest {
    private static final String ANOTHER_BOOT = "01234567-89ab-cdef-0123-456789abcdef";
    private static final ProcessIdentity SELF = ProcessIdentity.ofSelf();
    private static final SessionRecord LED = SessionRecord.starting(new SessionChoice("x", Optional.of(SELF)));

    private static SessionRecord led(ProcessIdentity leader) {
        return SessionRecord.starting(new SessionChoice("x", Optional.of(leader)));
    }

    private static SessionRecord of(
            Optional<ProcessIdentity> leader, long namespace, String boot, String machine, String host, Instant began) {
        return new SessionRecord(leader, "sh", namespace, boot, machine, host, began);
    }

    private static ProcessIdentity identity(int pid) {
        try (ProcessDescriptor process = ProcessDescriptor.open(pid).orElseThrow()) {
            return ProcessIdentity.of(process).orElseThrow();
        }
    }

    @Test
    void whoseLeaderLivesIsLive() {
        assertThat(LED.state()).isEqualTo(SessionState.LIVE);
        // By either of the two that tell it from others of its pid
        assertThat(led(new ProcessIdentity(SELF.pid(), SELF.startTicks(), 0)).state())
                .isEqualTo(SessionState.LIVE);
    }

    @Test
    void aPidThatWasGivenAgainIsNotTheLeader() {
        assertThat(led(new ProcessIdentity(SELF.pid(), SELF.startTicks() - 1, 0))
                        .state())
                .isEqualTo(SessionState.DEAD);
        assertThat(led(new ProcessIdentity(SELF.pid(), SELF.startTicks() - 1, SELF.uniqueId() + 1))
                        .state())
                .isEqualTo(SessionState.DEAD);
    }

    @Test
    void endedLeaderIsDeadAlsoBeforeItsParentHasWaitedForIt() {
        String script = "$p = fork // die; if (!$p) { sleep 1000 } $| = 1; print \"child $p\\n\"; sleep 1000";
        try (Child parent = Child.start(new ProcessBuilder("perl", "-e", script))) {
            int pid = Integer.parseInt(parent.awaitOut("child (\\d+)"));
            ProcessIdentity leader = identity(pid);
            assertThat(led(leader).state()).isEqualTo(SessionState.LIVE);
            Processes.signal(pid, "STOP");
            assertThat(led(leader).state()).isEqualTo(SessionState.LIVE);
            Processes.signal(pid, "KILL");
            await().until(() ->
                    Processes.stat(pid).filter(stat -> stat[0].equals("Z")).isPresent());
            assertThat(led(leader).state()).isEqualTo(SessionState.DEAD);
            parent.signal("KILL");
            parent.awaitExit();
            await().until(() -> Processes.stat(pid).isEmpty());
            assertThat(led(leader).state()).isEqualTo(SessionState.DEAD);
        }
    }

    /** /proc hides it, and the kernel gives it no number: a process of that pid lives, and may be the leader. */
    @Test
    void leaderThatIsKnownByItsPidAloneIsNotDead() {
        assertThat(led(new ProcessIdentity(SELF.pid(), -1, 0)).state()).isEqualTo(SessionState.ELSEWHERE);
    }

    @Test
    void leaderInAnotherPidNamespaceIsNotDead() {
        for (long namespace : new long[] {0, LED.pidNamespace() + 1}) {
            ProcessIdentity nobody = new ProcessIdentity(4_000_000, 1, 0);
            SessionRecord record =
                    of(Optional.of(nobody), namespace, LED.bootId(), LED.machine(), LED.host(), LED.began());
            assertThat(record.state()).isEqualTo(SessionState.ELSEWHERE);
        }
    }

    @Test
    void ofAnotherBootIsDeadOnlyWhenItWasThisMachines() {
        Instant longAgo = Instant.ofEpochSecond(1);
        for (Optional<ProcessIdentity> leader : List.of(LED.leader(), Optional.<ProcessIdentity>empty())) {
            boolean isKnown = !Machine.id().isEmpty();
            assertThat(of(leader, LED.pidNamespace(), ANOTHER_BOOT, Machine.id(), Self.hostName(), longAgo)
                            .state())
                    .isEqualTo(isKnown ? SessionState.DEAD : SessionState.ELSEWHERE);
            assertThat(of(leader, LED.pidNamespace(), ANOTHER_BOOT, Machine.id(), "other", longAgo)
                            .state())
                    .isEqualTo(SessionState.ELSEWHERE);
            assertThat(of(leader, LED.pidNamespace(), ANOTHER_BOOT, "other", Self.hostName(), longAgo)
                            .state())
                    .isEqualTo(SessionState.ELSEWHERE);
            assertThat(of(leader, LED.pidNamespace(), ANOTHER_BOOT, "", Self.hostName(), longAgo)
                            .state())
                    .isEqualTo(SessionState.ELSEWHERE);
            // Begun in this boot, by the clock: so it was another machine's
            assertThat(of(leader, LED.pidNamespace(), ANOTHER_BOOT, Machine.id(), Self.hostName(), Instant.now())
                            .state())
                    .isEqualTo(SessionState.ELSEWHERE);
        }
    }

    @Test
    void whatWasNamedIsKept() {
        assertThat(SessionRecord.starting(SessionChoice.named("desk")).state()).isEqualTo(SessionState.KEPT);
    }

    @Test
    void fileSaysTheSameAgain() {
        for (SessionRecord record : List.of(LED, SessionRecord.starting(SessionChoice.named("desk")))) {
            assertThat(SessionRecord.parse(record.bytes())).contains(record);
        }
        assertThat(LED.bootId()).isEqualTo(ProcFs.bootId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"boot_id\":\"b\"}",
                "{\"boot_id\":\"\",\"began\":1}",
                "{\"boot_id\":\"b\",\"began\":-1}",
                "{\"boot_id\":\"b\",\"began\":1,\"leader\":{}}",
                "{\"boot_id\":\"b\",\"began\":1,\"leader\":{\"pid\":-5}}",
                "{\"boot_id\":\"b\",\"began\":1,\"leader\":7}"
            })
    void whatIsNoRecordIsNone(String text) {
        assertThat(SessionRecord.parse(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
