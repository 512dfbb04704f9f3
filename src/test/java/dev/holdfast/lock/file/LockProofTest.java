package dev.holdfast.lock.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proof is the exact thing, and not a word that goes with it. */
class LockProofTest {
    private static final String HEAD = "pos:\t0\nflags:\t02500002\nmnt_id:\t26\nino:\t815\n";
    private static final String FLOCK = "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n";
    private static final String BYTE = "lock:\t2: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n";
    private static final String STARTING = "lock:\t3: OFDLCK ADVISORY  WRITE -1 08:01:815 3 3\n";

    @Test
    void bothLocksOfALauncherAreAProof() {
        assertThat(LockProof.isHeld(HEAD + FLOCK + BYTE)).isTrue();
        assertThat(LockProof.isHeld(HEAD + BYTE + STARTING + FLOCK)).isTrue();
        assertThat(LockProof.isStarting(HEAD + FLOCK + BYTE)).isFalse();
        assertThat(LockProof.isStarting(HEAD + FLOCK + BYTE + STARTING)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n",
                "lock:\t1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n",
                // shared, on whatever byte: anybody who may open the file can have these
                "lock:\t1: FLOCK  ADVISORY  READ 4711 08:01:815 0 EOF\nlock:\t2: OFDLCK ADVISORY  READ -1 08:01:815 100 100\n",
                "lock:\t1: FLOCK  ADVISORY  READ 4711 08:01:815 0 EOF\nlock:\t2: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n",
                "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\nlock:\t2: OFDLCK ADVISORY  READ -1 08:01:815 0 0\n",
                // other bytes, more bytes, another kind
                "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\nlock:\t2: OFDLCK ADVISORY  WRITE -1 08:01:815 100 100\n",
                "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\nlock:\t2: OFDLCK ADVISORY  WRITE -1 08:01:815 0 EOF\n",
                "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\nlock:\t2: OFDLCK ADVISORY  WRITE -1 08:01:815 10 0\n",
                "lock:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\nlock:\t2: POSIX  ADVISORY  WRITE 4711 08:01:815 0 0\n",
                // no line of the kernel's
                "note:\t1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\nnote:\t2: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n",
                "lock:\t1: FLOCK WRITE\nlock:\t2: OFDLCK WRITE 0 0\n"
            })
    void lessIsNone(String locks) {
        assertThat(LockProof.isHeld(HEAD + locks)).isFalse();
        assertThat(LockProof.isStarting(HEAD + locks)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n",
                "1: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n",
                // somebody else's, another file's, shared, another byte, one who waits
                "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n2: FLOCK  ADVISORY  WRITE 4712 08:01:815 0 EOF\n",
                "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n2: FLOCK  ADVISORY  WRITE 4711 08:02:815 0 EOF\n",
                "1: OFDLCK ADVISORY  WRITE -1 08:01:816 0 0\n2: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n",
                "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n2: FLOCK  ADVISORY  READ 4711 08:01:815 0 EOF\n",
                "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 9\n2: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n",
                "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n1: -> FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n"
            })
    void onlyBothLocksAndTheTakersPidAreAProofByTheList(String list) {
        String others = "3: POSIX  ADVISORY  WRITE 1 08:01:815 0 EOF\n";
        assertThat(LockProof.isListed(others + list, 8L << 32 | 1, 815, 4711)).isFalse();
        assertThat(LockProof.isListed(
                        "1: OFDLCK ADVISORY  WRITE -1 08:01:815 0 0\n2: FLOCK  ADVISORY  WRITE 4711 08:01:815 0 EOF\n",
                        8L << 32 | 1,
                        815,
                        4711))
                .isTrue();
    }
}
