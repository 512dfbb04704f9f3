package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.settings.LauncherDeath;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRate;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a start says that its server is shared, what that implies, and what does not go with it. */
class ShareOptionsTest {
    private static RunSettings read(Map<String, String> environment, String folder, String... flags) {
        return new SettingsReader(
                        RunArguments.parse(List.of(flags)),
                        name -> environment.getOrDefault(name, name.equals("HOLDFAST_HOME") ? "/no/such" : ""))
                .read(List.of("/opt/billing"), folder, 1001);
    }

    private static RunSettings read(String... flags) {
        return read(Map.of(), "/srv/orders", flags);
    }

    private static ShareSettings share(String... flags) {
        return read(flags).instance().share().orElseThrow();
    }

    private static String refusal(Map<String, String> environment, String... flags) {
        SettingsException refusal =
                catchThrowableOfType(SettingsException.class, () -> read(environment, "/srv/orders", flags));
        assertThat(refusal).as("%s", List.of(flags)).isNotNull();
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void nothingIsSharedUnlessSaid() {
        assertThat(read().instance().share()).isEmpty();
        assertThat(read(Map.of("HOLDFAST_SHARE", "no", "HOLDFAST_LINGER", "5s"), "/srv/orders")
                        .instance()
                        .share())
                .as("a variable for all instances is no mistake")
                .isEmpty();
    }

    /** Else it would be a client of its own host. */
    @Test
    void whatASharedServerGuardsItselfIsNotSharedByItsVariable() {
        Map<String, String> ofServer = Map.of("HOLDFAST_SHARE", "yes", "HOLDFAST_INSTANCE_ID", "1-a");
        assertThat(read(ofServer, "/srv/orders").instance().share()).isEmpty();
        assertThat(read(ofServer, "/srv/orders", "--share").instance().share()).isPresent();
    }

    @Test
    void shareAloneMeansTheDefaults() {
        RunSettings settings = read("--share", "--name", "orders");
        assertThat(settings.instance().share())
                .contains(new ShareSettings(
                        ShareScope.CWD,
                        Optional.of(Duration.ofMinutes(1)),
                        ShareMatch.MODERATE,
                        List.of(),
                        new ShareFlow(0, 8 << 20, Optional.empty()),
                        new ShareContract(ShareEra.AUTO, Optional.empty(), ShareRequests.NONE, ShareLogs.OWN_LEVEL),
                        false,
                        Optional.empty(),
                        false));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shareImpliesAClientOnStdioAndTheUsersOwnLock() {
        RunSettings settings = read("--share", "--name", "orders", "--share-scope", "global");
        assertThat(settings.instance().watchClient()).isTrue();
        assertThat(settings.conflict().tellsClient()).isTrue();
        assertThat(settings.lockPath()).isEqualTo("/tmp/orders-1001.lock");
        assertThat(settings.server().stop().launcherDeath()).isEqualTo(LauncherDeath.KILL);
    }

    @Test
    void whatIsImpliedGivesWayToWhatIsSaid() {
        RunSettings settings =
                read("--share", "--name=orders", "--share-scope=global", "--scope=machine", "--death-signal=TERM");
        assertThat(settings.lockPath()).isEqualTo("/tmp/orders.lock");
        assertThat(settings.server().stop().launcherDeath()).isEqualTo(LauncherDeath.TERM);
    }

    @Test
    void eachFolderHasAServerOfItsOwn() {
        RunSettings one = read(Map.of(), "/srv/orders", "--share", "--name", "orders");
        RunSettings other = read(Map.of(), "/srv/returns", "--share", "--name", "orders");
        assertThat(one.instance().name())
                .matches("orders-[0-9a-f]{8}")
                .isEqualTo(SharedName.of("orders", "/srv/orders"));
        assertThat(one.lockPath()).isEqualTo("/tmp/" + one.instance().name() + "-1001.lock");
        assertThat(other.instance().name()).isNotEqualTo(one.instance().name());
        assertThat(read(Map.of(), "/srv/orders", "--share", "--name", "orders").lockPath())
                .isEqualTo(one.lockPath());
    }

    @Test
    void aFolderOrALockThatWasSaidIsForAll() {
        RunSettings settings = read("--share", "--name", "orders", "--cwd", "/data");
        assertThat(settings.instance().share().orElseThrow().scope()).isEqualTo(ShareScope.GLOBAL);
        assertThat(settings.instance().name()).isEqualTo("orders");
        assertThat(share("--share", "--lock-file", "/run/x.lock").scope()).isEqualTo(ShareScope.GLOBAL);
        assertThat(read("--share", "--name=orders", "--cwd=/data", "--share-scope=cwd")
                        .instance()
                        .name())
                .isEqualTo(SharedName.of("orders", "/data"));
    }

    @Test
    void longNamesStayValidAndDifferent() {
        String one = SharedName.of("a".repeat(64), "/x");
        String other = SharedName.of("a".repeat(63) + "b", "/x");
        assertThat(one).hasSize(64).isNotEqualTo(other);
        assertThat(InstanceName.isValid(one)).isTrue();
        assertThat(SharedName.isOf(one, "a".repeat(64))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "orders-0123abcd, orders, true",
        "orders-0123abcd, order, false",
        "orders, orders, false",
        "orders-0123ABCD, orders, false",
        "orders-0123abc, orders, false",
        "-0123abcd, '', false"
    })
    void folderNamesAreKnownByTheirDigits(String whole, String name, boolean isOf) {
        assertThat(SharedName.isOf(whole, name)).isEqualTo(isOf);
    }

    @Test
    void everythingCanBeSaidByFlag() {
        ShareSettings share = share(
                "--share",
                "--share-scope=global",
                "--linger=infinity",
                "--share-calls=1",
                "--share-rate=20/s:50",
                "--share-max-message=500K",
                "--share-requests=one-caller",
                "--share-logs=none",
                "--share-stderr",
                "--metrics-tools",
                "--share-key=A",
                "--share-key=B",
                "--share-match=strict",
                "--share-era=modern",
                "--share-protocol=2025-06-18");
        assertThat(share)
                .isEqualTo(new ShareSettings(
                        ShareScope.GLOBAL,
                        Optional.empty(),
                        ShareMatch.STRICT,
                        List.of("A", "B"),
                        new ShareFlow(1, 500 << 10, Optional.of(new ShareRate(20, Duration.ofSeconds(1), 50))),
                        new ShareContract(
                                ShareEra.MODERN, Optional.of("2025-06-18"), ShareRequests.ONE_CALLER, ShareLogs.NONE),
                        true,
                        Optional.empty(),
                        true));
    }

    @Test
    void everythingCanBeSaidByVariable() {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("HOLDFAST_SHARE", "Yes"),
                Map.entry("HOLDFAST_SHARE_SCOPE", "global"),
                Map.entry("HOLDFAST_LINGER", "0"),
                Map.entry("HOLDFAST_SHARE_CALLS", "3"),
                Map.entry("HOLDFAST_SHARE_RATE", "10/m"),
                Map.entry("HOLDFAST_SHARE_MAX_MESSAGE", "1M"),
                Map.entry("HOLDFAST_SHARE_REQUESTS", "none"),
                Map.entry("HOLDFAST_SHARE_LOGS", "none"),
                Map.entry("HOLDFAST_SHARE_STDERR", "on"),
                Map.entry("HOLDFAST_METRICS_TOOLS", "1"),
                Map.entry("HOLDFAST_SHARE_KEY", "A,B"),
                Map.entry("HOLDFAST_SHARE_MATCH", "relaxed"),
                Map.entry("HOLDFAST_SHARE_ERA", "legacy"),
                Map.entry("HOLDFAST_SHARE_PROTOCOL", "2024-11-05"));
        assertThat(read(environment, "/srv/orders").instance().share())
                .contains(new ShareSettings(
                        ShareScope.GLOBAL,
                        Optional.of(Duration.ZERO),
                        ShareMatch.RELAXED,
                        List.of("A", "B"),
                        new ShareFlow(3, 1 << 20, Optional.of(new ShareRate(10, Duration.ofMinutes(1), 10))),
                        new ShareContract(
                                ShareEra.LEGACY, Optional.of("2024-11-05"), ShareRequests.NONE, ShareLogs.NONE),
                        true,
                        Optional.empty(),
                        true));
    }

    @Test
    void theFileSaysItByTheNameThatWasGiven(@TempDir Path home) throws IOException {
        Files.writeString(
                home.resolve("config.toml"),
                "linger = \"5m\"\n[orders]\nshare = true\nshare-calls = 1\nshare-key = [\"A\", \"B\"]\n");
        Map<String, String> environment = Map.of("HOLDFAST_HOME", home.toString());
        ShareSettings share = read(environment, "/srv/orders", "--name", "orders")
                .instance()
                .share()
                .orElseThrow();
        assertThat(share.linger()).contains(Duration.ofMinutes(5));
        assertThat(share.flow().calls()).isEqualTo(1);
        assertThat(share.keys()).containsExactly("A", "B");
        assertThat(read(environment, "/srv/orders", "--name", "billing")
                        .instance()
                        .share())
                .as("another one's table, and a linger for all")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--share-scope=machine | must be one of cwd, global",
                "--linger=soon | must be a duration",
                "--share-calls=-1 | must be a number from 0",
                "--share-rate=20 | must be a rate",
                "--share-rate=0/s | must be a rate",
                "--share-rate=20/d | must be a rate",
                "--share-rate=20/s: | must be a rate",
                "--share-rate=2000000/s | must be a rate",
                "--share-max-message=100M | must be a size from 1K to 64M",
                "--share-requests=all | must be one of none, one-caller",
                "--share-logs=all | must be one of own-level, none",
                "--share-key=A=secret | must name variables",
                "--share-match=some | must be one of strict, moderate, relaxed",
                "--share-era=new | must be one of auto, legacy, modern",
                "--share-protocol=latest | must be a version of the protocol",
                "--handoff=exec | and --share exclude each other",
                "--coordination=none | and --share exclude each other",
                "--coordination=FILE_LOCK | and --share exclude each other",
                "--transport=http | and --share exclude each other",
                "--listen-stdin | and --share exclude each other",
                "--on-conflict=wait | and --share exclude each other",
                "--on-conflict=skip | and --share exclude each other",
                "--on-conflict=activate | and --share exclude each other",
                "--on-activate=true | has no effect with --share",
                "--activate-signal=USR1 | has no effect with --share",
                "--on-conflict-command=true | has no effect with --share"
            })
    void whatCannotBeIsRefused(String flag, String why) {
        assertThat(refusal(Map.of(), "--share", flag))
                .contains(flag.replaceFirst("=.*", ""))
                .contains(why);
    }

    @Test
    void oneLockIsNotOneForEachFolder() {
        assertThat(refusal(Map.of(), "--share", "--lock-file=/x.lock", "--share-scope=cwd"))
                .contains("--lock-file \"/x.lock\" names one lock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--share-scope=cwd",
                "--linger=1s",
                "--share-calls=1",
                "--share-rate=1/s",
                "--share-max-message=1M",
                "--share-requests=none",
                "--share-logs=none",
                "--share-stderr",
                "--metrics-tools",
                "--share-key=A",
                "--share-match=strict",
                "--share-era=auto",
                "--share-protocol=2025-06-18"
            })
    void whatIsTypedWithoutShareIsAMistake(String flag) {
        assertThat(refusal(Map.of(), flag))
                .contains(flag.replaceFirst("=.*", ""))
                .contains("needs --share");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--on-conflict=fail", "--on-conflict=takeover", "--force", "--transport=stdio", "--restart=on-failure",
                "--coordination=singleton", "--handoff=supervise", "--output-size=1M", "--listen=127.0.0.1:8080",
                        "--env-file=x"
            })
    void whatGoesWithItIsTaken(String flag) {
        assertThat(share("--share", flag).scope()).isEqualTo(ShareScope.CWD);
    }

    @Test
    void requestsOfTheServerAreOnlyCertainOneAfterAnother() {
        assertThat(read("--share", "--share-requests=one-caller").warnings())
                .singleElement()
                .asString()
                .contains("--share-calls 1");
        assertThat(read("--share", "--share-requests=one-caller", "--share-calls=1")
                        .warnings())
                .isEmpty();
    }

    @Test
    void aVariableThatIsNeitherIsToldOnce() {
        assertThat(read(Map.of("HOLDFAST_SHARE", "perhaps"), "/srv/orders").warnings())
                .hasSize(1);
    }
}
