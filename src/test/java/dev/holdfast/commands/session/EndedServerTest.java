package dev.holdfast.commands.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.session.Session;
import dev.holdfast.session.SessionChoice;
import dev.holdfast.session.SessionHold;
import dev.holdfast.session.SessionServer;
import dev.holdfast.session.SessionsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /** A start of the same name has written it down by then, and its server would be nobody's. */
    @Test
    void nothingIsForgottenWhileAServerIsBegun() throws Exception {
        SessionsFolder sessions = SessionsFolder.of(folder.toString());
        sessions.make();
        Session session = sessions.session("desk");
        try (SessionHold start = session.enter(SessionChoice.named("desk"), PATIENCE)) {
            session.add(new SessionServer("one", folder.resolve("desk.one.lock").toString()));
            Files.writeString(Path.of(session.pidFileOf("one")), "1\n");
            EndedServer.forget(session, "one", true);
            assertThat(start.isHeld()).isTrue();
            assertThat(session.servers()).hasSize(1);
            assertThat(Path.of(session.pidFileOf("one"))).exists();
        }
        EndedServer.forget(session, "one", false);
        assertThat(session.servers()).isEmpty();
        assertThat(Path.of(session.pidFileOf("one"))).doesNotExist();
    }
}
