package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.process.PinnedProcess;
import dev.holdfast.settings.KillMode;
import dev.holdfast.testkit.Child;
import dev.holdfast.waiting.Ticker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's processes, with children of this JVM in their place. */
@Timeout(60)
class ServerProcessTest {
    private static Child sleeper() {
        return Child.start(new ProcessBuilder("sleep", "1000"));
    }

    /** A server hands over to its successor and ends: both are seen in one turn of the loop. */
    @Test
    void newMainProcessOutlivesTheNewsOfTheOldOnesEnd() throws Exception {
        try (Child started = sleeper();
                Child successor = sleeper();
                ServerProcess server = new ServerProcess((int) started.pid(), KillMode.GROUP, Ticker.SYSTEM)) {
            assertThat(server.hasEnded((int) started.pid())).isTrue();
            ServerProcess handedOver = new ServerProcess((int) started.pid(), KillMode.GROUP, Ticker.SYSTEM);
            assertThat(handedOver.tryMain(successor.pid())).isTrue();
            assertThat(handedOver.hasEnded((int) started.pid()))
                    .as("the first one's end")
                    .isFalse();
            assertThat(handedOver.hasLostMain()).as("while the successor lives").isFalse();
            assertThat(handedOver.mainPid()).isEqualTo((int) successor.pid());
            PinnedProcess pinned = PinnedProcess.pin((int) successor.pid()).orElseThrow();
            try (pinned) {
                successor.signal("KILL");
                assertThat(pinned.awaitEnd(30_000)).isTrue();
                assertThat(handedOver.hasLostMain())
                        .as("after the successor's end")
                        .isTrue();
            }
        }
    }

    /** It gets SIGKILL, and is still there for a moment: nobody waits for it, and nobody says that the server left it. */
    @Test
    void killedHelperIsNothingThatTheServerLeaves() throws Exception {
        ProcessBuilder leader = new ProcessBuilder("setsid", "sh", "-c", "echo leads; exec sleep 1000");
        try (Child child = Child.start(leader);
                PinnedProcess pinned = PinnedProcess.pin((int) child.pid()).orElseThrow()) {
            child.awaitOut("leads");
            ServerProcess server = new ServerProcess((int) child.pid(), KillMode.GROUP, Ticker.SYSTEM);
            server.helpersWereKilled(List.of(pinned.identity()));
            assertThat(server.terminateWhatEnds().sent()).isZero();
            HelperProcess helper = new HelperProcess(new ScriptedRun((int) child.pid()));
            assertThat(helper.kill()).contains(pinned.identity());
            assertThat(helper.isKilled()).isTrue();
            assertThat(helper.status()).as("nobody has reaped it").isEmpty();
            assertThat(child.awaitExit()).isEqualTo(137);
        }
    }
}
