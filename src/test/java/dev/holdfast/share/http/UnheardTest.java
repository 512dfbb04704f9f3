package dev.holdfast.share.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a client that does not listen now may hear later. */
class UnheardTest {
    @Test
    void theLastOfItIsKeptInItsOrder() {
        Unheard unheard = new Unheard();
        for (int i = 0; i < 150; i++) {
            unheard.add(new byte[] {(byte) i});
        }

        assertThat(unheard.takeAll()).hasSize(100).first().isEqualTo(new byte[] {50});
        assertThat(unheard.takeAll()).isEmpty();
    }

    @Test
    void itTakesABoundedMemory() {
        Unheard unheard = new Unheard();
        for (int i = 0; i < 10; i++) {
            unheard.add(new byte[300_000]);
        }

        assertThat(unheard.takeAll()).hasSize(3);
    }
}
