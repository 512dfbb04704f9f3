package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.process.ProcessIdentity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read back; what is garbage or impossible is no record, and never an exception. */
class InstanceRecordTest {
    private static final InstanceRecord RECORD =
            Records.withServer(Records.of(new ProcessIdentity(7, 8, 9), "7-0a1b2c3d"), new ProcessIdentity(10, 11, 12));

    @Test
    void recordIsReadBack() {
        assertThat(InstanceRecord.parse(RECORD.bytes())).contains(RECORD);
        assertThat(RECORD.state()).isEqualTo("ready");
        InstanceRecord exec = Records.afterExec(RECORD);
        assertThat(InstanceRecord.parse(exec.bytes()).orElseThrow().state()).isEqualTo("exec");
        assertThat(text(exec)).contains("\"state\":\"exec\"").doesNotContain("configHash", "directories", "\"port\"");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"pid\":7,', '\"pid\":0,'",
        "'\"pid\":7,', '\"pid\":\"7\",'",
        "'\"name\":\"orders\"', '\"name\":\"\"'",
        "'\"instanceId\":\"7-0a1b2c3d\"', '\"instanceId\":7'",
        "'\"lastHeartbeat\":\"2026', '\"lastHeartbeat\":\"today'",
        "'{\"pid', '{pid'",
        "'\"pid\":7,', ''",
    })
    void whatIsImpossibleIsNoRecord(String is, String becomes) {
        assertThat(text(RECORD)).contains(is);
        assertThat(parse(text(RECORD).replace(is, becomes == null ? "" : becomes)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"port\":8080', '\"port\":-1'",
        "'\"heartbeatSeconds\":30', '\"heartbeatSeconds\":-30'",
        "'\"directories\":[\"/data/a\",\"/data/b\"]', '\"directories\":{}'",
        "'\"directoryIds\":[\"1f:2\",\"\"]', '\"directoryIds\":[1]'",
        "'\"counters\":{', '\"counters\":null,\"x\":{'",
        "'\"stops\":{\"restart\":1}', '\"stops\":[[]]'",
        "'\"configParts\":{\"arguments\":\"01\"', '\"configParts\":{\"arguments\":1'",
    })
    void whatIsOddIsReadAsNothing(String is, String becomes) {
        assertThat(text(RECORD)).contains(is);
        assertThat(parse(text(RECORD).replace(is, becomes))).isNotEmpty();
    }

    @Test
    void cutOrChangedBytesAreNeverAnException() {
        byte[] bytes = RECORD.bytes();
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] changed = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            if (changed.length > 0) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            assertThat(InstanceRecord.parse(changed)).isEmpty();
        }
    }

    @Test
    void thousandsOfPartsAreLeftOut() {
        List<ConfigurationPart> parts = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            parts.add(new ConfigurationPart("env:" + i, "00", false));
        }
        InstanceRecord large = new InstanceRecord(
                RECORD.lock(),
                "",
                InstanceFacts.NONE,
                new Configuration("ab", "cd", parts),
                RECORD.lastHeartbeat(),
                30,
                InstanceCounters.NONE);
        Configuration read = InstanceRecord.parse(large.bytes()).orElseThrow().configuration();
        assertThat(read.hash()).isEqualTo("ab");
        assertThat(read.parts()).isEmpty();
    }

    private static java.util.Optional<InstanceRecord> parse(String json) {
        return InstanceRecord.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(InstanceRecord record) {
        return new String(record.bytes(), StandardCharsets.UTF_8);
    }
}
