package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Journal;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.ConflictDetection;
import dev.holdfast.settings.InstanceProfile;
import dev.holdfast.settings.LogLevel;
import dev.holdfast.settings.TrackingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told when the file cannot be written. */
class RegistrationTest {
    private static final String ID = "1-00000001";

    @TempDir
    Path home;

    private final List<String> logged = new ArrayList<>();

    private Registration registration() {
        Journal journal = new Journal(LogLevel.WARN, () -> entry -> logged.add(entry.text()));
        journal.open();
        TrackingSettings said = new TrackingSettings(
                true,
                Optional.of(home.toString()),
                Duration.ofSeconds(1),
                InstanceProfile.NONE,
                ConflictDetection.STRICT);
        return new Registration(said, "", journal);
    }

    /** As a folder that has become read-only does for every user. */
    private void hinder() throws IOException {
        Files.createDirectory(home.resolve(".server_" + ID + ".json.new"));
    }

    @Test
    void earlierFileThatStaysIsToldOnce() throws IOException {
        Registration registration = registration();
        InstanceRecord record = Records.of(ProcessIdentity.ofSelf(), ID);
        registration.write(record.lock());
        hinder();
        registration.write(record.lock());
        registration.write(record.lock());
        assertThat(logged)
                .singleElement()
                .asString()
                .startsWith("its file in the registry is not brought up to date: cannot write \"");
        assertThat(home.resolve("server_" + ID + ".json")).exists();
    }

    @Test
    void fileThatWasNeverWrittenIsToldOnce() throws IOException {
        hinder();
        Registration registration = registration();
        InstanceRecord record = Records.of(ProcessIdentity.ofSelf(), ID);
        registration.write(record.lock());
        registration.write(record.lock());
        assertThat(logged)
                .singleElement()
                .asString()
                .startsWith("this instance is not in the registry, so ps does not show it: ");
    }
}
