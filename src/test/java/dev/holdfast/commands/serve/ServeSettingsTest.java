package dev.holdfast.commands.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.http.TokenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeSettingsTest {
    @TempDir
    Path folder;

    private static ServeSettings of(String... words) {
        return ServeSettings.of(CommandArguments.withName(CommandOption.of("serve"), List.of(words)));
    }

    @Test
    void addressIsLoopbackUnlessSaid() {
        assertThat(of().host()).isEqualTo("127.0.0.1");
        assertThat(of("--host", "0.0.0.0").host()).isEqualTo("0.0.0.0");
        assertThat(of("--host", "[::1]").host()).as("as in a URL").isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--host=", "--host=[]", "--host= ", "--port=70000", "--port=x"})
    void whatCannotBeListenedOnIsAMistake(String word) {
        assertThatThrownBy(() -> of(word)).isInstanceOf(SettingsException.class);
    }

    @ParameterizedTest
    @CsvSource({"15, false", "16, true", "256, true", "257, false"})
    void tokenIsReadWholeOrNotAtAll(int length, boolean isToken) throws IOException {
        Path file = Files.createFile(
                folder.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "t".repeat(length));
        TokenFile token = new TokenFile(file.toString());
        assertThat(token.require().isEmpty()).isEqualTo(isToken);
        assertThat(token.is("t".repeat(length))).isEqualTo(isToken);
        assertThat(token.is("t".repeat(length - 1))).isFalse();
    }
}
