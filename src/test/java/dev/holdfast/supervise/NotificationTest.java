package dev.holdfast.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What servers say is data from outside: nothing that they send is more than a field or nothing. */
class NotificationTest {
    @Test
    void assignmentsAreReadLineByLine() {
        Notification said = Notification.parse("READY=1\nSTATUS=a=b c\n\nnonsense\n=x\nEXTEND_TIMEOUT_USEC=5\n");
        assertThat(said.says("READY=1")).isTrue();
        assertThat(said.says("READY=0")).isFalse();
        assertThat(said.says("STOPPING=1")).isFalse();
        assertThat(said.fields()).containsEntry("STATUS", "a=b c").hasSize(3);
        assertThat(said.nanos("EXTEND_TIMEOUT_USEC")).hasValue(5000);
    }

    @Test
    void impossibleNumbersAreNone() {
        for (String bad : new String[] {"", "-1", "1x", "0x1", " 1", "99999999999999999999", "\u0661"}) {
            assertThat(Notification.parse("MAINPID=" + bad).number("MAINPID"))
                    .as(bad)
                    .isEmpty();
        }
        assertThat(Notification.parse("X=999999999999999999").nanos("X")).hasValue(366L * 24 * 3600 * 1_000_000_000);
    }

    @Test
    void garbageIsHarmless() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Notification said = Notification.parse(new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(said.says("READY=1")).isFalse();
        }
    }
}
