package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.HandOff;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read back; what is garbage, torn or impossible is no record and never an exception. */
class LockRecordFormatTest {
    static final LockRecord RECORD = new LockRecord(
            "orders",
            new ProcessIdentity(12345, 884211, 192235),
            "12345-a1b2c3d4",
            Optional.of(new ProcessIdentity(12346, 884219, 192236)),
            0,
            "stdio",
            new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false),
            "1.0.0",
            LockRecord.State.RUNNING,
            "",
            884213,
            "2026-05-02T09:14:03.875Z",
            5000,
            "01234567-89ab-cdef-0123-456789abcdef",
            4026531836L,
            "3f2ab99c01de",
            -1,
            "1.0.0");

    @Test
    void recordIsReadBack() {
        byte[] block = LockRecordFormat.format(RECORD);
        assertThat(block).hasSize(1024).endsWith('\n');
        assertThat(LockRecordFormat.parse(block)).contains(RECORD);
        assertThat(new String(block, StandardCharsets.US_ASCII))
                .startsWith("{\"pid\":12345,\"startTime\":\"2026-05-02T09:14:03.875Z\",\"transport\":\"stdio\","
                        + "\"version\":\"1.0.0\",");
    }

    @Test
    void changedBlockIsReadAnew() {
        byte[] block = LockRecordFormat.format(RECORD);
        assertThat(LockRecordFormat.parse(block)).contains(RECORD);
        byte[] changed = LockRecordFormat.format(RECORD.withStatusText("ready"));
        System.arraycopy(changed, 0, block, 0, block.length); // the array that was read before
        assertThat(LockRecordFormat.parse(block)).contains(RECORD.withStatusText("ready"));
        block[0] = 'x';
        assertThat(LockRecordFormat.parse(block)).isEmpty();
        assertThat(LockRecordFormat.parse(changed)).contains(RECORD.withStatusText("ready"));
    }

    @Test
    void longestRecordFitsAndQuotesAreEscaped() {
        String worst = "\"\\".repeat(LockRecord.LONGEST_TEXT / 2);
        ProcessIdentity largest = new ProcessIdentity(4_194_304, Long.MAX_VALUE, Long.MIN_VALUE);
        LockRecord record = new LockRecord(
                "n".repeat(64),
                largest,
                "4194304-a1b2c3d4",
                Optional.of(largest),
                4_194_304,
                worst,
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false, true),
                worst,
                LockRecord.State.STARTING,
                worst,
                Long.MAX_VALUE,
                RECORD.startTime(),
                366L * 24 * 3600 * 1000,
                RECORD.bootId(),
                Long.MAX_VALUE,
                "h".repeat(64),
                -1,
                "10.10.10-SNAPSHOT");
        // What the server says of itself is spared; the rest is as long as it can be.
        assertThat(LockRecordFormat.parse(LockRecordFormat.format(record))).contains(record.withStatusText(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"pid\":12",
                "{\"pid\":12,\"startTime\":\"yesterday\"}",
                "{\"pid\":12,\"startTime\":5}",
                "{\"pid\":\"12\",\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":12.5,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":0,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":-1,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":4194305,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":4294967297,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":9223372036854775808,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":1,\"pid\":2,\"startTime\":\"2026-05-02T09:14:03Z\"}",
                "{\"pid\":12,\"startTime\":\"+1000000000-12-31T23:59:59Z\"}",
                "{\"pid\":12,\"startTime\":\"-1000000000-01-01T00:00:00Z\"}",
                "{\"pid\":12,\"startTime\":\"2026-05-02T09:14:03Z\"} {}",
            })
    void impossibleRecordIsNone(String json) {
        assertThat(LockRecordFormat.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Test
    void unknownKeysAreIgnoredAndKnownOnesChecked() {
        String json = "{\"pid\":12,\"startTime\":\"2026-05-02T09:14:03Z\",\"future\":{\"pid\":[1]},\"graceMillis\":"
                + Long.MAX_VALUE + ",\"name\":\"\\u001b[2J\",\"version\":\"" + "v".repeat(65)
                + "\",\"serverPid\":-7,\"state\":\"dancing\"}";
        LockRecord record =
                LockRecordFormat.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertThat(record.name()).isEmpty();
        assertThat(record.version()).isEmpty();
        assertThat(record.server()).isEmpty();
        assertThat(java.time.Duration.ofMillis(record.graceMillis())).isEqualTo(java.time.Duration.ofDays(366));
    }

    /** Without the hand-off, as version 1.0.0 wrote it: whether there is a launcher is told by the pids. */
    @Test
    void recordOfAnOlderVersionIsUnderstood() {
        String older = new String(LockRecordFormat.format(RECORD), StandardCharsets.US_ASCII)
                .replace("\"handOff\":\"supervise\",\"watched\":false,", "")
                .trim();
        LockRecord record = LockRecordFormat.parse(older.getBytes(StandardCharsets.US_ASCII))
                .orElseThrow();
        assertThat(record.care()).isEqualTo(new LockRecord.Care(Optional.empty(), false));
        assertThat(record.hasLauncher()).isTrue();
        assertThat(record.withServer(record.launcher(), LockRecord.State.RUNNING)
                        .hasLauncher())
                .isFalse();
        assertThat(record.restarting().hasLauncher()).isFalse();
        assertThat(record.server()).isEqualTo(RECORD.server());
    }

    @Test
    void stopThatHasBegunTellsItsEndUntilItIsOver() {
        LockRecord stopping = RECORD.stopping(884_999);
        assertThat(LockRecordFormat.parse(LockRecordFormat.format(stopping))).contains(stopping);
        assertThat(stopping.withState(LockRecord.State.STOPPING).stopByTicks()).isEqualTo(884_999);
        assertThat(stopping.restarting().stopByTicks()).isEqualTo(-1);
    }

    @Test
    void tornRecordIsNone() {
        byte[] before = LockRecordFormat.format(RECORD);
        LockRecord shorter = new LockRecord(
                "o",
                new ProcessIdentity(7, 1, 0),
                "7-0",
                Optional.empty(),
                0,
                "",
                new LockRecord.Care(Optional.of(HandOff.SUPERVISE), false),
                "0",
                LockRecord.State.STARTING,
                "",
                884213,
                RECORD.startTime(),
                0,
                "",
                0,
                "",
                -1,
                "1");
        byte[] after = LockRecordFormat.format(shorter);
        int end = new String(after, StandardCharsets.US_ASCII).indexOf('}');
        for (int cut = end + 1; cut < 300; cut++) {
            byte[] torn = before.clone();
            System.arraycopy(after, 0, torn, 0, cut);
            assertThat(LockRecordFormat.parse(torn)).as("cut at %d", cut).isEmpty();
        }
    }

    @Test
    void mutatedRecordsNeverThrowAndNeverCarryWhatTheyMustNot() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] block = LockRecordFormat.format(RECORD);
            for (int change = random.nextInt(6); change >= 0; change--) {
                mutate(block, random);
            }
            Optional<LockRecord> parsed;
            try {
                parsed = LockRecordFormat.parse(block);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(block, StandardCharsets.ISO_8859_1), e);
            }
            parsed.ifPresent(record ->
                    assertThat(isSane(record)).as("seed %d: %s", seed, record).isTrue());
        }
    }

    private static void mutate(byte[] block, Random random) {
        int at = random.nextInt(420);
        switch (random.nextInt(4)) {
            case 0 -> block[at] = (byte) random.nextInt(256);
            case 1 -> block[at] = (byte) "{}[]\",:\\0179-+.eE \n".charAt(random.nextInt(18));
            case 2 -> System.arraycopy(block, random.nextInt(400), block, at, random.nextInt(100));
            default -> block[at] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private static boolean isSane(LockRecord record) {
        Instant start = Instant.parse(record.startTime());
        return record.launcher().pid() > 0
                && start.toEpochMilli() >= 0
                && java.time.Duration.ofMillis(record.graceMillis()).toNanos() >= 0
                && (record.transport()
                                + record.version()
                                + record.name()
                                + record.instanceId()
                                + record.bootId()
                                + record.host())
                        .chars()
                        .allMatch(c -> c >= ' ' && c <= '~');
    }

    @Test
    void pidsMeanNothingWhereTheBootIsNotKnown() {
        assertThat(RECORD.isOf(RECORD.bootId(), RECORD.pidNamespace())).isTrue();
        assertThat(RECORD.isOf(RECORD.bootId(), RECORD.pidNamespace() + 1)).isFalse();
        assertThat(RECORD.isOf("another", RECORD.pidNamespace())).isFalse();
        LockRecord old = LockRecordFormat.parse(
                        "{\"pid\":12,\"startTime\":\"2026-05-02T09:14:03Z\"}".getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        assertThat(old.bootId()).isEmpty();
        assertThat(old.isOf("", old.pidNamespace())).isFalse();
    }
}
