package dev.holdfast.testkit;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs test classes without Maven, for a machine that has only a JVM. Prints a line for each test, and why one failed; ends
 * with 0 when all passed or were skipped with a word, and some ran.
 */
public final class ChosenTests implements TestExecutionListener {
    private final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    private String container = "";

    private ChosenTests() {}

    /**
     * Runs them, and ends the JVM.
     *
     * @param names whole names of test classes
     */
    public static void main(String[] names) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(names)
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        ChosenTests lines = new ChosenTests();
        LauncherFactory.create().execute(request, summary, lines);
        summary.getSummary().printFailuresTo(lines.out);
        long failed = summary.getSummary().getTotalFailureCount();
        long passed = summary.getSummary().getTestsSucceededCount();
        lines.out.println(passed + " passed, " + failed + " failed, "
                + (summary.getSummary().getTestsAbortedCount()
                        + summary.getSummary().getTestsSkippedCount())
                + " skipped");
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isContainer()) {
            container = test.getDisplayName();
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
            String why = result.getThrowable()
                    .map(thrown -> ": " + thrown.getMessage())
                    .orElse("");
            out.println(result.getStatus() + " " + container + " " + test.getDisplayName() + why);
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        out.println("SKIPPED " + test.getDisplayName() + ": " + reason);
    }
}
