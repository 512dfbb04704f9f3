package dev.holdfast.cli;

import dev.holdfast.console.ExitCode;
import dev.holdfast.instance.Inspection;
import dev.holdfast.instance.RecordText;
import dev.holdfast.instance.SharedClients;
import dev.holdfast.instance.StatusReport;
import dev.holdfast.process.ProcessIdentity;
import java.util.Optional;

/** What {@code status} says of one instance, for people, and what it exits with. */
final class StatusText {
    private final String name;
    private final Inspection inspection;

    StatusText(StatusReport report) {
        name = report.name();
        inspection = report.inspection();
    }

    /** What {@code status} exits with for it. */
    ExitCode exitCode() {
        return switch (inspection.verdict()) {
            case RUNNING, ANSWERING, ORPHANED, DETACHED -> ExitCode.OK;
            case STALE -> ExitCode.DEAD;
            case UNVERIFIABLE -> ExitCode.UNKNOWN;
            case NOT_RUNNING -> ExitCode.NOT_RUNNING;
        };
    }

    /** One or more lines. */
    String text() {
        String lockFile = "\n  lock file  " + inspection.lockFile().path();
        return switch (inspection.verdict()) {
            case RUNNING ->
                name + ": " + state() + ", pid " + pids() + server() + details() + lockFile + " (held, verified)"
                        + beside() + statusText() + clients();
            case ANSWERING ->
                name + ": " + state() + launcher() + server() + RecordText.host(inspection.record()) + details()
                        + lockFile + " (held, its launcher answers from another pid namespace)" + beside()
                        + statusText() + clients();
            case ORPHANED ->
                name + ": orphaned, its launcher was killed; server pid " + pids() + details() + lockFile
                        + " (held, verified)\n  stop it    "
                        + InstanceHint.command("stop", name, inspection.lockFile());
            case DETACHED ->
                name + ": orphaned, its launcher was killed; what its server has started lives on, pid " + pids()
                        + details() + lockFile + " (not held)\n  stop it    "
                        + InstanceHint.command("stop", name, inspection.lockFile());
            case STALE -> name + ": not running; its last instance left the lock file" + lockFile + " (not held)";
            case UNVERIFIABLE ->
                name + ": cannot be verified" + details() + lockFile + "\n  why        " + inspection.reason();
            case NOT_RUNNING -> name + ": not running";
        };
    }

    // Without lambdas: a health check that asks every few seconds would pay for the first one each time.

    private String state() {
        return inspection.record().isEmpty()
                ? "running"
                : StatusReport.state(inspection.record().get().state());
    }

    private String launcher() {
        return inspection.record().isEmpty()
                ? ""
                : ", pid " + inspection.record().get().launcher().pid();
    }

    /** A redeploy that overlaps has two servers for a while. */
    private String beside() {
        int pid = inspection.record().isEmpty() ? 0 : inspection.record().get().besidePid();
        return pid == 0 ? "" : "\n  beside     server " + pid + ", until the redeploy is over";
    }

    /** What the server says of itself, by sd_notify(3). */
    private String statusText() {
        String said =
                inspection.record().isEmpty() ? "" : inspection.record().get().statusText();
        return said.isEmpty() ? "" : "\n  says       " + said;
    }

    /** Who uses a shared server. */
    private String clients() {
        boolean isShared = inspection.record().isPresent()
                && inspection.record().get().care().isShared();
        return isShared ? SharedText.of(SharedClients.of(inspection)) : "";
    }

    private String pids() {
        StringBuilder text = new StringBuilder();
        for (int pid : inspection.pids()) {
            text.append(text.isEmpty() ? "" : ", ").append(pid);
        }
        return text.toString();
    }

    private String server() {
        Optional<ProcessIdentity> server = inspection.record().isEmpty()
                ? Optional.empty()
                : inspection.record().get().server();
        return server.isEmpty() || inspection.pids().contains(server.get().pid())
                ? ""
                : " (server " + server.get().pid() + ")";
    }

    private String details() {
        return inspection.record().isEmpty()
                ? ""
                : RecordText.details(inspection.record().get());
    }
}
