package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.RunOption;
import dev.holdfast.config.Variables;
import dev.holdfast.supervise.ServerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

/** README and the pages that it leads to: links lead somewhere, and what is named of the program exists. */
class DocumentsTest {
    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Path PICTURE = Path.of("src/site/resources/terminal.svg");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```");
    /** From the command to the lone dashes before the server's own. */
    private static final Pattern START = Pattern.compile("holdfast run ([^`\\n]*?)-- ");

    private static List<Path> all() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            return Stream.concat(Stream.of(README, Path.of("docker/README.md")), pages)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void readmeIsReadInOneGo() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : all()) {
            for (String link : found(LINK, withoutCode(page))) {
                if (!link.contains("://") && !leads(page, link)) {
                    dead.add(page + ": " + link);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void readmeLeadsToEveryPage() throws IOException {
        List<Path> linked = found(LINK, withoutCode(README)).stream()
                .map(link -> Path.of(link.replaceAll("#.*", "")))
                .toList();
        assertThat(linked)
                .containsAll(all().stream().filter(page -> !page.equals(README)).toList());
    }

    @Test
    void everyVariableThatIsNamedExists() throws IOException {
        for (Path page : all()) {
            assertThat(found(Pattern.compile("\\b(HOLDFAST_[A-Z_]*[A-Z])\\b"), Files.readString(page)))
                    .as("%s", page)
                    .allMatch(Variables::isKnown);
        }
    }

    @Test
    void everyFlagOfAStartThatIsShownExists() throws IOException {
        List<String> known = Arrays.stream(RunOption.values())
                .flatMap(option -> option.flags().stream())
                .toList();
        int starts = 0;
        for (Path page : all()) {
            for (String options : found(START, Files.readString(page))) {
                starts++;
                String unquoted = options.replaceAll("\"[^\"]*\"|'[^']*'", ""); // a value's words are its own
                assertThat(Arrays.stream(unquoted.split("[ =]")).filter(word -> word.startsWith("-")))
                        .as("%s: %s", page, options)
                        .allMatch(known::contains);
            }
        }
        assertThat(starts).isGreaterThan(10);
    }

    @Test
    void statesThatAreExplainedAreTheProgramsOwn() throws IOException {
        List<String> rows = found(Pattern.compile("(?m)^\\| ([A-Z]+) \\|"), page("how-it-works.md"));
        assertThat(rows)
                .isEqualTo(Arrays.stream(ServerState.values()).map(Enum::name).toList());
    }

    @Test
    void pictureShowsTheTranscript() throws Exception {
        String readme = Files.readString(README);
        int start = readme.indexOf("```console\n") + "```console\n".length();
        NodeList texts = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(PICTURE.toFile())
                .getElementsByTagName("text");
        assertThat(IntStream.range(0, texts.getLength())
                        .mapToObj(n -> texts.item(n).getTextContent()))
                .containsExactlyElementsOf(readme.substring(start, readme.indexOf("```", start))
                        .lines()
                        .toList());
    }

    private static String page(String name) throws IOException {
        return Files.readString(PAGES.resolve(name));
    }

    private static String withoutCode(Path page) throws IOException {
        return CODE.matcher(Files.readString(page)).replaceAll("");
    }

    private static boolean leads(Path page, String link) throws IOException {
        String[] halves = link.split("#", 2);
        Path target =
                halves[0].isEmpty() ? page : page.resolveSibling(halves[0]).normalize();
        return Files.exists(target) && (halves.length == 1 || anchors(target).contains(halves[1]));
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(Path page) throws IOException {
        return found(HEADING, withoutCode(page)).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }
}
