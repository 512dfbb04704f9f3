package dev.holdfast.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.MappedMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read back byte for byte; whatever else comes in is refused, and never an exception of another kind. */
class PayloadTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The arguments as a program would see them: each up to its NUL. */
    private static List<byte[]> arguments(Payload payload) {
        List<byte[]> arguments = new ArrayList<>();
        for (int start : payload.arguments()) {
            int end = start;
            while (payload.memory().unsignedByte(end) != 0) {
                end++;
            }
            arguments.add(payload.memory().bytes(start, end - start));
        }
        return arguments;
    }

    private static void assertRefused(byte[] payload) {
        try (MappedMemory memory = MappedMemory.allocate(Math.max(1, payload.length))) {
            memory.put(0, payload);
            assertThatThrownBy(() -> Payload.read(memory, payload.length))
                    .isInstanceOf(ControlCall.RefusedException.class)
                    .hasMessageContaining("payload");
        }
    }

    @Test
    void everythingArrivesWholeAndInOrder() throws ControlCall.RefusedException {
        List<byte[]> sent = List.of(
                bytes(""),
                bytes("a\nb"),
                new byte[] {(byte) 0xff, (byte) 0xc3, 1},
                bytes("x".repeat(1_000_000)),
                bytes(""));
        byte[] written = new PayloadWriter()
                .folder(bytes("/tmp/\u00e4"))
                .arguments(sent)
                .variable(bytes("A=b=c"))
                .end();
        try (MappedMemory memory = MappedMemory.allocate(written.length)) {
            memory.put(0, written);
            Payload read = Payload.read(memory, written.length);
            assertThat(arguments(read)).containsExactlyElementsOf(sent);
            assertThat(read.variables()).containsExactly(bytes("A=b=c"));
            assertThat(read.folder())
                    .hasValueSatisfying(folder -> assertThat(folder).isEqualTo(bytes("/tmp/\u00e4")));
        }
    }

    @Test
    void nothingIsAPayloadToo() throws ControlCall.RefusedException {
        try (MappedMemory memory = MappedMemory.allocate(1)) {
            Payload read = Payload.read(memory, 0);
            assertThat(read.arguments()).isEmpty();
            assertThat(read.variables()).isEmpty();
            assertThat(read.folder()).isEmpty();
        }
    }

    @Test
    void whatIsNotKnownIsPassedOver() throws ControlCall.RefusedException {
        byte[] written =
                new PayloadWriter().arguments(List.of(bytes("x"), bytes("y"))).end();
        written[0] = 'z';
        try (MappedMemory memory = MappedMemory.allocate(written.length)) {
            memory.put(0, written);
            assertThat(arguments(Payload.read(memory, written.length))).containsExactly(bytes("y"));
        }
    }

    @Test
    void otherFormsAreRefused() {
        byte[] good = new PayloadWriter().arguments(List.of(bytes("argument"))).end();
        for (int cut = 1; cut < good.length; cut++) {
            assertRefused(java.util.Arrays.copyOf(good, cut));
        }
        byte[] unterminated = good.clone();
        unterminated[good.length - 1] = 'x';
        assertRefused(unterminated);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 5, 1 << 24}) {
            byte[] lying = good.clone();
            for (int i = 0; i < 4; i++) {
                lying[1 + i] = (byte) (length >>> (24 - 8 * i));
            }
            assertRefused(lying);
        }
        assertRefused(new byte[Payload.AROUND * (Payload.MOST_STRINGS + 1)]);
    }

    @Test
    void lengthsAreBounded() {
        assertThat(new PayloadWriter()
                        .arguments(List.of(new byte[Payload.LONGEST]))
                        .isShortEnough())
                .isFalse();
        assertThat(new PayloadWriter()
                        .arguments(List.of(new byte[Payload.LONGEST - Payload.AROUND]))
                        .isShortEnough())
                .isTrue();
        PayloadWriter many = new PayloadWriter();
        for (int i = 0; i <= Payload.MOST_STRINGS; i++) {
            var unused = many.folder(bytes(""));
        }
        assertThat(many.isShortEnough()).isFalse();
    }

    @Test
    void mutatedPayloadsNeverThrowAnythingElse() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good = new PayloadWriter()
                .arguments(List.of(bytes("a"), bytes(""), bytes("xyz")))
                .variable(bytes("A=b"))
                .folder(bytes("/"))
                .end();
        try (MappedMemory memory = MappedMemory.allocate(good.length)) {
            for (int round = 0; round < 50_000; round++) {
                byte[] changed = good.clone();
                for (int change = random.nextInt(5); change >= 0; change--) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                }
                memory.put(0, changed);
                try {
                    for (int start : Payload.read(memory, changed.length).arguments()) {
                        assertThat(start).as("seed %d", seed).isBetween(Payload.BEFORE, changed.length - 1);
                    }
                } catch (ControlCall.RefusedException e) {
                    assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed, e);
                }
            }
        }
    }

    @Test
    void memoryGivesNothingBeyondItsEnd() {
        MappedMemory memory = MappedMemory.allocate(3);
        assertThatThrownBy(() -> memory.unsignedByte(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.put(2, new byte[2])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.bytes(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        memory.close();
        memory.close();
        assertThatThrownBy(() -> memory.unsignedByte(0)).isInstanceOf(IllegalStateException.class);
    }
}
