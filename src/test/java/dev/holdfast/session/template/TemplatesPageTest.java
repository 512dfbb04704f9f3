package dev.holdfast.session.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.session.SessionsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about templates shows what the program does. */
class TemplatesPageTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final int PORT = 61_234;

    @TempDir
    Path folder;

    private static List<String> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("src/site/markdown/session-templates.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2))
                .toList();
    }

    private List<Path> fill(Map<String, String> environment) throws IOException {
        Path template = Files.writeString(
                folder.resolve("servers.json.template"), blocks("json").get(0));
        Files.createDirectories(folder.resolve("pids/1"));
        SessionsFolder sessions = SessionsFolder.of(folder.toString());
        PortReservations ports =
                new PortReservations(sessions, sessions.session("1"), PortRanges.parse("", ""), port -> port == PORT);
        return Templates.fill(List.of(template), environment, folder, ports);
    }

    @Test
    void templateBecomesWhatIsShown() throws IOException {
        Map<String, String> environment = blocks("properties")
                .get(0)
                .lines()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
        List<Path> made = fill(environment);
        assertThat(made).containsExactly(folder.resolve("servers.json"));
        assertThat(Files.readString(made.get(0))).isEqualTo(blocks("json").get(1));
    }

    @Test
    void missingVariablesAreToldAsShown() throws IOException {
        TemplateException told = catchThrowableOfType(TemplateException.class, () -> fill(Map.of()));
        assertThat(told.problems().stream().map(line -> "holdfast: " + line.replace(folder + "/", "")))
                .containsExactlyElementsOf(blocks("").get(0).lines().toList());
        assertThat(told.exitCode().number()).isEqualTo(78);
    }
}
