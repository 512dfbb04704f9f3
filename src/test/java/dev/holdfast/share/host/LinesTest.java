package dev.holdfast.share.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.Passage;
import dev.holdfast.posix.files.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinesTest {
    private static final int LONGEST = 8;

    /** Pieces are separated by a bar, and N stands for a newline. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            abN                       ; ab                 ; 0
            ab|N                      ; ab                 ; 0
            a|b|NcdN|ef               ; ab cd              ; 0
            aNbNcN                    ; a b c              ; 0
            NNaNN                     ; a                  ; 0
            12345678N                 ; 12345678           ; 0
            1234|5678N                ; 12345678           ; 0
            123456789NaN              ; a                  ; 1
            1234|5678|9NaN            ; a                  ; 1
            1234|5678|9|10|11NaN      ; a                  ; 1
            123456789N|123456789NbN   ; b                  ; 2
            a|123456789               ; ''                 ; 0
            """)
    void linesAreMadeOfWhatComesInPieces(String pieces, String lines, int lost) {
        Lines made = new Lines(LONGEST);
        List<String> whole = new ArrayList<>();
        try (Passage buffer = new Passage(64);
                Pipe pipe = Pipe.openForWriting()) {
            for (String piece : pieces.split("\\|")) {
                buffer.clear();
                var unused = buffer.put(piece.replace('N', '\n').getBytes(StandardCharsets.UTF_8), 0);
                assertThat(buffer.write(pipe.writeEnd())).isEqualTo(piece.length());
                assertThat(buffer.fill(pipe.readEnd())).isEqualTo(piece.length());
                made.add(buffer);
                while (made.hasNext()) {
                    whole.add(new String(made.next(), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(String.join(" ", whole)).isEqualTo(lines);
        assertThat(made.next()).isNull();
        assertThat(made.takeLost()).isEqualTo(lost);
        assertThat(made.takeLost()).isZero();
    }
}
