package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The one summary of what was skipped or failed at first, from the reports of all forks. */
@Timeout(30)
class TestSummaryTest {
    @TempDir
    Path project;

    private void report(String kind, String name, String... results) throws IOException {
        StringBuilder text = new StringBuilder("<testsuite>\n");
        for (String result : results) {
            text.append("  <testcase name=\"some\"").append(result).append('\n');
        }
        Files.writeString(
                Files.createDirectories(project.resolve("target/" + kind + "-reports"))
                        .resolve("TEST-" + name + ".xml"),
                text.append("</testsuite>\n"));
    }

    private static String skipped(String message) {
        return ">\n    <skipped type=\"org.opentest4j.TestAbortedException\">"
                + "<![CDATA[org.opentest4j.TestAbortedException: Assumption failed: " + message
                + "\n\tat org.junit.jupiter.api.Assumptions]]></skipped>\n  </testcase>";
    }

    private String summary() throws IOException {
        Path script = Files.createDirectories(project.resolve(".ci")).resolve("summary");
        Files.copy(Path.of(".ci/summary"), script);
        try (Child child = Child.start(new ProcessBuilder("sh", script.toString()))) {
            assertThat(child.awaitExit()).as("%s", child).isZero();
            assertThat(child.stderr()).isEmpty();
            return child.stdout();
        }
    }

    @Test
    void whatIsMissingIsCountedOverAllReports() throws IOException {
        report("surefire", "dev.ATest", "/>", skipped("needs python3"));
        report("failsafe", "dev.BIT", skipped("needs python3"), skipped("needs \"x\": no\nway"), "/>");
        report("failsafe", "dev.CIT", ">\n    <skipped/>\n  </testcase>");
        report("failsafe", "dev.DIT", ">\n    <skipped message=\"a &quot;word&quot;\"/>\n  </testcase>");
        assertThat(summary()).isEqualTo("""
                5 of 7 tests were skipped. What they need, and is not here:
                      2 python3
                      1 "x": no
                      1 a "word"
                      1 something that they do not name
                """);
    }

    @Test
    void nothingMissingIsSaid() throws IOException {
        report("surefire", "dev.ATest", "/>", "/>");
        assertThat(summary()).isEqualTo("All 2 tests ran, none was skipped.\n");
    }

    @Test
    void whatPassedInItsSecondRunIsNamed() throws IOException {
        String failure =
                ">\n    <flakyFailure message=\"no\" type=\"X\">\n      <stackTrace/>\n    </flakyFailure>\n  </testcase>";
        report(
                "surefire",
                "dev.ATest",
                " classname=\"dev.ATest\" time=\"1\"/>",
                " classname=\"dev.ATest\" time=\"1\"" + failure);
        report("failsafe", "dev.BIT", " classname=\"dev.BIT\" time=\"1\"" + failure.replace("Failure", "Error"));
        assertThat(summary()).isEqualTo("""
                2 of 3 tests failed at first and passed in their second run. Each is a race, in the test or in the program:
                  dev.ATest#some
                  dev.BIT#some
                All 3 tests ran, none was skipped.
                """);
    }

    @Test
    void noReportsNoSummary() throws IOException {
        assertThat(summary()).isEmpty();
    }
}
