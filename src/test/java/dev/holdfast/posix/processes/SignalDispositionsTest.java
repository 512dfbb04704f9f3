package dev.holdfast.posix.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.processes.SignalDispositions.Effect;
import dev.holdfast.posix.signals.Signals;
import org.junit.jupiter.api.Test;

class SignalDispositionsTest {
    private static final String STATUS = """
            Name: sh
            SigBlk: 8000000000000000
            SigIgn: 0000000000000001
            SigCgt: 0000000000000802
            CapInh: 0
            """;

    @Test
    void masksTellWhatASignalDoes() {
        SignalDispositions dispositions = SignalDispositions.parse(STATUS).orElseThrow();
        assertThat(dispositions.effectOf(Signals.HUP)).isEqualTo(Effect.NONE);
        assertThat(dispositions.effectOf(Signals.INT)).isEqualTo(Effect.TAKEN);
        assertThat(dispositions.effectOf(12)).isEqualTo(Effect.TAKEN);
        assertThat(dispositions.effectOf(Signals.TERM)).isEqualTo(Effect.DEATH);
        assertThat(dispositions.effectOf(Signals.HIGHEST)).isEqualTo(Effect.TAKEN);
        assertThat(dispositions.isOnlyBlocked(Signals.HIGHEST)).isTrue();
        assertThat(dispositions.isOnlyBlocked(Signals.INT)).isFalse();
        assertThat(dispositions.effectOf(Signals.WINCH)).isEqualTo(Effect.NONE);
        assertThat(dispositions.effectOf(Signals.TSTP)).isEqualTo(Effect.STOP);
        assertThat(dispositions.effectOf(Signals.KILL)).isEqualTo(Effect.DEATH);
        assertThat(dispositions.effectOf(Signals.STOP)).isEqualTo(Effect.STOP);
    }

    @Test
    void whatIsNoStatusTellsNothing() {
        assertThat(SignalDispositions.parse("Name:\tsh\n")).isEmpty();
        assertThat(SignalDispositions.of(-1)).isEmpty();
    }

    @Test
    void thisProcessHasItsOwn() {
        assertThat(SignalDispositions.of(Self.pid())).isPresent();
    }
}
