package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.settings.SaidOptions;
import dev.holdfast.share.identity.SaidDigests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of its options a later start of a shared server is told to have said in vain. */
class SaidOptionsTest {
    private static final String KEY = "0123456789abcdef".repeat(4);

    /** Words are separated by blanks; those that begin with HOLDFAST are variables. */
    private static Optional<SaidOptions> said(String words) {
        Map<String, String> environment = new HashMap<>(Map.of("HOLDFAST_HOME", "/no/such"));
        List<String> flags = new ArrayList<>(List.of("--share"));
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            if (word.startsWith("HOLDFAST")) {
                environment.put(word.replaceFirst("=.*", ""), word.replaceFirst("[^=]*=", ""));
            } else {
                flags.add(word);
            }
        }
        return new SettingsReader(RunArguments.parse(flags), name -> environment.getOrDefault(name, ""))
                .read(List.of("/opt/billing"), "/srv/orders", 1001)
                .instance()
                .said();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the host's | the later start's | named
                "''                      | ''                                 | ''",
                "--grace=7s              | ''                                 | ''",
                "''                      | --grace=7s                         | --grace",
                "--grace=60s             | --grace=1m                         | ''",
                "''                      | --grace=5s                         | ''",
                "''                      | --linger=60s                       | ''",
                "--linger=0              | --linger=0s                        | ''",
                "--linger=infinity       | --linger=60s                       | --linger",
                "HOLDFAST_GRACE=7s       | --grace=7s                         | ''",
                "--share-calls=1         | HOLDFAST_SHARE_CALLS=2             | --share-calls",
                "--share-max-message=1K  | --share-max-message=1024           | ''",
                "--share-match=relaxed   | --share-match=Relaxed              | ''",
                "--share-stderr          | HOLDFAST_SHARE_STDERR=Yes          | ''",
                "''                      | HOLDFAST_SHARE_STDERR=no           | ''",
                "''                      | --share-stderr                     | --share-stderr",
                "--share-stderr          | HOLDFAST_SHARE_STDERR=off          | --share-stderr",
                "''                      | --restart=always --share-rate=1/s  | --restart --share-rate",
                "''                      | --death-signal=kill                | ''",
                "''                      | --death-signal=TERM                | --death-signal",
                "''                      | -v                                 | --log-level",
                "-v                      | --log-level=debug                  | ''",
                "--pre-start=a           | --pre-start=b                      | --pre-start",
                "--pre-start=a           | --pre-start=A                      | --pre-start",
                // what chooses the host, is the start's own, or is compared as what the server is
                "''                      | --name=x --force --explain         | ''",
                "''                      | --on-conflict=takeover             | ''",
                "''                      | --transport=stdio --cwd=/          | ''",
                "''                      | --lock-dir=/x --conflict-exit-code=3 | ''",
            })
    void whatIsNotAsSaidIsNamed(String host, String later, String named) {
        List<String> options = SaidDigests.of(said(later)).options(KEY);
        assertThat(String.join(" ", SaidDigests.of(said(host)).differences(KEY, options)))
                .isEqualTo(named);
    }

    @Test
    void noValueIsTold() {
        SaidDigests digests = SaidDigests.of(said("--pre-start=p1anted --grace=7s"));
        assertThat(digests.options(KEY))
                .hasSize(2)
                .allSatisfy(option -> assertThat(option).matches("option\\.(pre-start|grace)=[0-9a-f]{64}"));
        assertThat(digests.toString()).doesNotContain("p1anted");
    }

    @Test
    void whatIsNoOptionHereIsNoneOfTheHosts() {
        assertThat(SaidDigests.of(said("")).differences(KEY, List.of("option.new=00", "option", "option.=", "x=y")))
                .containsExactly("--", "--new");
    }

    @Test
    void whoSharesNothingSaysNothing() {
        assertThat(new SettingsReader(RunArguments.parse(List.of("--grace=7s")), name -> "")
                        .read(List.of("/opt/billing"), "/srv/orders", 1001)
                        .instance()
                        .said())
                .isEmpty();
    }
}
