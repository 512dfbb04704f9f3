package dev.holdfast.share.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.command.Environment;
import dev.holdfast.command.ResolvedCommand;
import dev.holdfast.command.ServerContext;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row 22: which starts are of the same server, and what a refusal names. */
class IdentityTest {
    private static final String SECRET = "s3cr3t-value";
    private static final SaidDigests SAID = SaidDigests.of(Optional.empty());

    private static ShareSettings share(ShareMatch match, String... keys) {
        return new ShareSettings(
                ShareScope.CWD,
                Optional.empty(),
                match,
                List.of(keys),
                new ShareFlow(0, 1 << 20, Optional.empty()),
                new ShareContract(ShareEra.AUTO, Optional.empty(), ShareRequests.NONE, ShareLogs.NONE),
                false,
                Optional.empty(),
                false);
    }

    private static List<byte[]> bytes(String... words) {
        return Arrays.stream(words)
                .filter(word -> !word.isEmpty())
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** A start of sh; words and variables are separated by blanks. */
    private static Identity start(String arguments, String variables, ShareSettings share) {
        List<byte[]> words = new ArrayList<>(bytes("/bin/sh"));
        words.addAll(bytes(arguments.split(" ")));
        return Identity.of(
                ResolvedCommand.resolve(words, new byte[0]),
                Environment.of(bytes(variables.split(" "))),
                ServerContext.LAUNCHERS,
                share);
    }

    private static String refusal(Identity host, Identity other, ShareSettings share) {
        IdentityLikeness likeness = new IdentityLikeness(host, SAID, share);
        return likeness.differs(other.options(likeness.key())).orElse("");
    }

    /** What of it is named; empty when the other one may be a client. */
    private static String named(Identity host, Identity other, ShareSettings share) {
        return refusal(host, other, share).replaceFirst(".*settings: ", "").replaceFirst(" differs? from .*", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // host's, other's: arguments, variables | strict | moderate | relaxed
                "a b | X=1       | a b | X=1       | '' | '' | ''",
                "a b | X=1       | a c | X=1       | the arguments | the arguments | the arguments",
                "a b | X=1       | ab  | X=1       | the arguments | the arguments | the arguments",
                "a   | API_KEY=1 | a   | API_KEY=2 | API_KEY | API_KEY | ''",
                "a   | API_KEY=1 | a   | ''        | API_KEY | API_KEY | ''",
                "a   | ''        | a   | API_KEY=1 | API_KEY | API_KEY | ''",
                "a   | API_KEY=  | a   | ''        | API_KEY | API_KEY | ''",
                "a   | MODE=1    | a   | MODE=2    | MODE | MODE | ''",
                "a   | MODE=1    | a   | ''        | MODE | '' | ''",
                "a   | TERM=x    | a   | TERM=y    | '' | '' | ''",
                "a   | PATH=/x   | a   | PATH=/y   | '' | '' | ''",
                "a   | SSH_TTY=1 | a   | ''        | '' | '' | ''",
                "a   | db_url=1  | a   | db_url=2  | db_url | db_url | ''",
                "a   | A=1 B=2   | b   | A=2 B=3   | 'the arguments, A and B' | 'the arguments, A and B' | the arguments",
                "a   | A=1 A=2   | a   | A=1       | '' | '' | ''"
            })
    void startsAreComparedByLevel(
            String arguments,
            String variables,
            String otherArguments,
            String otherVariables,
            String strict,
            String moderate,
            String relaxed) {
        Map<ShareMatch, String> expected =
                Map.of(ShareMatch.STRICT, strict, ShareMatch.MODERATE, moderate, ShareMatch.RELAXED, relaxed);
        for (ShareMatch match : ShareMatch.values()) {
            ShareSettings share = share(match);
            assertThat(named(start(arguments, variables, share), start(otherArguments, otherVariables, share), share))
                    .as("%s", match)
                    .isEqualTo(expected.get(match));
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, RELAXED", "MODE, RELAXED", "TERM, MODERATE", "MODE, MODERATE"})
    void aKeyCountsWhateverItsName(String name, ShareMatch match) {
        ShareSettings share = share(match, name);
        assertThat(named(start("a", name + "=1", share), start("a", name + "=2", share), share))
                .isEqualTo(name);
        assertThat(named(start("a", name + "=1", share), start("a", "", share), share))
                .isEqualTo(name);
        assertThat(named(start("a", name + "=1", share), start("a", name + "=1", share), share))
                .isEmpty();
    }

    @Test
    void anotherCommandIsAnotherServer() {
        ShareSettings share = share(ShareMatch.RELAXED);
        Identity other = Identity.of(
                ResolvedCommand.resolve(bytes("/bin/cat", "a"), new byte[0]),
                Environment.of(List.of()),
                ServerContext.LAUNCHERS,
                share);
        assertThat(refusal(start("a", "", share), other, share)).contains("the command differs from that of");
    }

    @Test
    void aCommandIsTheFileThatWasFound() {
        ShareSettings share = share(ShareMatch.STRICT);
        Identity byName = Identity.of(
                ResolvedCommand.resolve(bytes("sh", "a"), "/bin".getBytes(StandardCharsets.UTF_8)),
                Environment.of(List.of()),
                ServerContext.LAUNCHERS,
                share);
        assertThat(refusal(start("a", "", share), byName, share)).isEmpty();
    }

    @Test
    void folderUserAndFilesCountUnlessRelaxed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "MODE=1\n");
        Path other = Files.writeString(folder.resolve("other"), "MODE=2\n");
        ShareSettings share = share(ShareMatch.MODERATE);
        assertThat(named(in("/", file, share), in("/", file, share), share)).isEmpty();
        assertThat(named(in("/", file, share), in("/tmp", other, share), share))
                .isEqualTo("the folder and the environment file");
        assertThat(named(in("/", file, share), in("/tmp", other, share), share(ShareMatch.RELAXED)))
                .isEmpty();
    }

    /** As after a clone or a worktree was removed, and made again, while a client lived on. */
    @Test
    void folderInAnOldOnesPlaceIsAnother(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("env"), "MODE=1\n");
        Path project = Files.createDirectory(folder.resolve("project"));
        ShareSettings share = share(ShareMatch.MODERATE);
        Identity host = in(project.toString(), file, share);
        assertThat(named(host, in(project.toString(), file, share), share)).isEmpty();
        Files.move(project, folder.resolve("old"));
        Files.createDirectory(project);
        assertThat(named(host, in(project.toString(), file, share), share)).isEqualTo("the folder");
    }

    private static Identity in(String folder, Path environmentFile, ShareSettings share) {
        ServerContext context = ServerContext.of(new ProcessSettings(
                Optional.of(folder),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(environmentFile.toString())));
        return Identity.of(
                ResolvedCommand.resolve(bytes("/bin/sh"), new byte[0]),
                context.environment(Environment.of(List.of())),
                context,
                share);
    }

    @Test
    void noValueIsEverTold() {
        ShareSettings share = share(ShareMatch.MODERATE);
        Identity host = start("--token " + SECRET, "API_KEY=" + SECRET, share);
        Identity other = start("--token " + SECRET + "2", "API_KEY=" + SECRET + "2", share);
        IdentityLikeness likeness = new IdentityLikeness(host, SAID, share);
        assertThat(String.join("\n", other.options(likeness.key()))).doesNotContain(SECRET);
        assertThat(refusal(host, other, share))
                .doesNotContain(SECRET)
                .contains("it is shared with other settings: the arguments and API_KEY differ from those of the")
                .contains("(pid " + ProcessHandle.current().pid() + ")");
    }

    @Test
    void digestsOfOneValueDifferByHostAndByName() {
        ShareSettings share = share(ShareMatch.STRICT);
        Identity start = start("a", "A=1 B=1", share);
        String key = new IdentityLikeness(start, SAID, share).key();
        String otherKey = new IdentityLikeness(start, SAID, share).key();
        assertThat(key).matches("[0-9a-f]{64}").isNotEqualTo(otherKey);
        assertThat(start.digests(key).get("env.A"))
                .matches("[0-9a-f]{64}")
                .isNotEqualTo(start.digests(key).get("env.B"))
                .isNotEqualTo(start.digests(otherKey).get("env.A"));
    }

    @Test
    void whoTellsNothingIsNoClient() {
        ShareSettings share = share(ShareMatch.RELAXED);
        IdentityLikeness likeness = new IdentityLikeness(start("a", "", share), SAID, share);
        assertThat(likeness.differs(List.of("share=1", "client=x")).orElse(""))
                .contains("the command, the arguments and the uid");
    }

    @Test
    void manyDifferencesAreCounted() {
        ShareSettings share = share(ShareMatch.STRICT);
        Identity host = start("a", "A=1 B=1 C=1 D=1 E=1 F=1 G=1 H=1 I=1", share);
        assertThat(named(host, start("a", "", share), share)).isEqualTo("A, B, C, D, E, F, G and 2 more");
    }

    @ParameterizedTest
    @CsvSource({
        "GITHUB_TOKEN, MUST_AGREE",
        "github_token, MUST_AGREE",
        "OPENAI_API_KEY, MUST_AGREE",
        "DB_PASSWORD, MUST_AGREE",
        "DATABASE_URL, MUST_AGREE",
        "REDIS_HOST, MUST_AGREE",
        "SENTRY_DSN, MUST_AGREE",
        "AWS_REGION, MUST_AGREE",
        "AWS_PROFILE, MUST_AGREE",
        "MODEL_PATH, MUST_AGREE",
        "PATH, NOT_LOOKED_AT",
        "TERM_PROGRAM, NOT_LOOKED_AT",
        "XDG_SESSION_PATH, NOT_LOOKED_AT",
        "VSCODE_GIT_IPC_AUTH_TOKEN, NOT_LOOKED_AT",
        "CLAUDECODE, NOT_LOOKED_AT",
        "HOLDFAST_GRACE, NOT_LOOKED_AT",
        "LISTEN_FDS, NOT_LOOKED_AT",
        "LC_ALL, NOT_LOOKED_AT",
        "npm_config_cache, NOT_LOOKED_AT",
        "HOME, MUST_NOT_DIFFER",
        "USER, MUST_NOT_DIFFER",
        "MODE, MUST_NOT_DIFFER",
        "TERMINAL, MUST_NOT_DIFFER"
    })
    void variablesWeighByTheirNames(String name, VariableWeight weight) {
        assertThat(VariableWeight.of(name)).isEqualTo(weight);
    }
}
