package dev.holdfast.testkit;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of a run what was skipped and for want of what, so that nobody takes a part for the whole. */
public final class SkipSummary implements TestExecutionListener {
    private final Map<String, Integer> reasons = new TreeMap<>();

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            note(result.getThrowable().map(Throwable::getMessage).orElse("an assumption"));
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        note(reason);
    }

    private void note(String reason) {
        reasons.merge(reason.replace("Assumption failed: ", ""), 1, Integer::sum);
    }

    @Override
    @SuppressWarnings("SystemOut")
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        reasons.forEach((reason, count) -> System.out.println("skipped: " + count + " for want of this: " + reason));
        reasons.clear();
    }
}
