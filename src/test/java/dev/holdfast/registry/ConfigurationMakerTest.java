package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a difference, how it is named, and that nothing of a value is in what is kept. */
class ConfigurationMakerTest {
    @TempDir
    Path folder;

    @Test
    void digestsAreThoseOfTheJdk() throws GeneralSecurityException {
        Random random = new Random(1);
        for (int length = 0; length < 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(Sha256.of(bytes))
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes));
            byte[] key = new byte[1 + length % 64];
            random.nextBytes(key);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            assertThat(Sha256.mac(key, bytes)).isEqualTo(mac.doFinal(bytes));
        }
    }

    private static List<byte[]> bytes(String... texts) {
        List<byte[]> bytes = new ArrayList<>();
        for (String text : texts) {
            bytes.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes;
    }

    private Configuration made(String command, String arguments, String version, String variables) {
        ConfigurationMaker maker = new ConfigurationMaker(
                ConfigurationKey.readOrMake(folder.toString()).orElseThrow());
        maker.addCommand(command.getBytes(StandardCharsets.UTF_8), bytes(arguments.split(" ")), version);
        maker.addVariables(bytes(variables.split(" ")), List.of("APP_*", "MODE"), List.of("APP_LOG*"));
        maker.addFile(folder.resolve("app.conf").toString());
        return maker.make();
    }

    @ParameterizedTest
    @CsvSource({
        "/bin/a, x y, 1, A=1 APP_X=1, ''",
        "/bin/b, x y, 1, A=1 APP_X=1, command",
        "/bin/a, xy, 1, A=1 APP_X=1, arguments",
        "/bin/a, y x, 1, A=1 APP_X=1, arguments",
        "/bin/a, x y, 2, A=2 APP_X=1, version",
        "/bin/a, x y, 1, A=1 APP_X=2, env:APP_X",
        "/bin/a, x y, 1, A=1, env:APP_X",
        "/bin/a, x y, 1, APP_X=1 MODE=1 MODEL=1, env:MODE",
        "/bin/b, x y, 1, APP_X=1 APP_LOG_LEVEL=7, command env:APP_LOG_LEVEL",
    })
    void differencesAreNamed(String command, String arguments, String version, String variables, String differences) {
        Configuration base = made("/bin/a", "x y", "1", "A=1 APP_X=1");
        Configuration other = made(command, arguments, version, variables);
        assertThat(base.isComparableWith(other)).isTrue();
        assertThat(String.join(" ", base.differences(other))).isEqualTo(differences == null ? "" : differences);
        assertThat(base.differences(other)).isEqualTo(other.differences(base));
        assertThat(base.hash().equals(other.hash()))
                .isEqualTo(base.differences(other).isEmpty());
        assertThat(other.isMinor("env:APP_LOG_LEVEL")).isEqualTo(variables.contains("LOG"));
    }

    @Test
    void aFileCountsByWhatIsInIt() throws IOException {
        Configuration without = made("a", "x", "1", "A=1");
        Files.writeString(folder.resolve("app.conf"), "1");
        Configuration one = made("a", "x", "1", "A=1");
        Files.writeString(folder.resolve("app.conf"), "2");
        Configuration two = made("a", "x", "1", "A=1");
        String key = "file:" + folder.resolve("app.conf");
        assertThat(without.differences(one)).containsExactly(key);
        assertThat(one.differences(two)).containsExactly(key);
        Files.delete(folder.resolve("app.conf"));
        Files.createDirectory(folder.resolve("app.conf"));
        assertThat(made("a", "x", "1", "A=1").differences(without)).containsExactly(key);
    }

    @Test
    void anotherUsersKeyMakesOtherDigestsOfTheSame() throws IOException {
        Configuration mine = made("a", "secret", "1", "A=1");
        assertThat(Files.getPosixFilePermissions(folder.resolve("config.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.size(folder.resolve("config.key"))).isEqualTo(32);
        Files.delete(folder.resolve("config.key"));
        Configuration others = made("a", "secret", "1", "A=1");
        assertThat(mine.isComparableWith(others)).isFalse();
        assertThat(mine.hash()).isNotEqualTo(others.hash());
        assertThat(mine.differences(others)).hasSize(mine.parts().size());
    }

    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws IOException {
        made("a", "x", "1", "A=1");
        Files.setPosixFilePermissions(folder.resolve("config.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(ConfigurationKey.readOrMake(folder.toString())).isEmpty();
        assertThat(ConfigurationKey.readOrMake("/no/such/folder")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "APP_X, APP_*, true",
        "APP_, APP_*, true",
        "APP, APP_*, false",
        "XAPP_X, APP_*, false",
        "A, *, true",
        "A_B_C, A*B*C, true",
        "A_C_B, A*B*C, false",
        "ABAC, *A*C, true",
        "A, A, true",
        "AA, A, false",
        "'', *, true"
    })
    void patternsHaveStarsOnly(String name, String pattern, boolean matches) {
        assertThat(ConfigurationMaker.matches(name, pattern)).isEqualTo(matches);
    }
}
