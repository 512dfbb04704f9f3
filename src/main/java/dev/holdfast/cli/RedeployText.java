package dev.holdfast.cli;

import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.control.RedeployReport;
import dev.holdfast.control.RedeployReport.Outcome;
import dev.holdfast.instance.InstanceRedeploy;
import dev.holdfast.text.Durations;
import java.time.Duration;

/**
 * What came of a redeploy or a way back, for the user.
 *
 * @param verb what was asked for
 * @param target of whom
 */
record RedeployText(String verb, Target target) {
    /** Tells it; the exit code. */
    int tell(InstanceRedeploy.Result result) {
        if (result instanceof InstanceRedeploy.Result.Reported reported) {
            tell(reported.report());
            return reported.report().code();
        }
        if (result instanceof InstanceRedeploy.Result.Foreign foreign) {
            Console.complain(cannot() + "it belongs to another user (uid " + foreign.owner()
                    + ")\n  what now   run as that user, or as root");
            return ExitCode.UNSAFE.number();
        }
        if (result instanceof InstanceRedeploy.Result.Refused refused) {
            Console.complain(cannot() + refused.why() + "\n  what now   "
                    + InstanceHint.command("stop", target.name(), target.lockFile())
                    + "      and start the new version");
            return ExitCode.CONFLICT.number();
        }
        if (result instanceof InstanceRedeploy.Result.Stopped stopped) {
            Console.complain(cannot() + StoppedLauncherText.of(stopped.pid()));
            return ExitCode.CONFLICT.number();
        }
        if (result instanceof InstanceRedeploy.Result.Lost) {
            Console.complain("the launcher of \"" + target.name() + "\" ended during the " + verb
                    + ", and what serves now is not known\n  look       "
                    + InstanceHint.command("status", target.name(), target.lockFile()));
            return ExitCode.UNAVAILABLE.number();
        }
        Console.complain(cannot() + "it is not running, and no command is known that served before a redeploy");
        return ExitCode.NOT_RUNNING.number();
    }

    private String cannot() {
        return "cannot " + (verb.equals("rollback") ? "roll back" : verb) + " \"" + target.name() + "\": ";
    }

    private void tell(RedeployReport report) {
        switch (report.outcome()) {
            case Outcome.REPLACED ->
                Console.result(target.name() + ": " + (verb.equals("rollback") ? "rolled back" : "redeployed")
                        + ", server pid " + report.serverPid() + inPlaceOf(report) + versions(report)
                        + (report.gapMillis() == 0
                                ? "; one of them served all the time"
                                : "; nobody served for " + gap(report)));
            case Outcome.SAME ->
                Console.result(target.name() + ": already running, server pid " + report.serverPid()
                        + ", the same command, environment and version");
            case Outcome.CHECKED -> Console.result(target.name() + ": all checks passed; nothing was changed");
            case Outcome.REFUSED, Outcome.UNKNOWN -> Console.complain(cannot() + report.why() + goesOn(report));
            case Outcome.RETURNED ->
                Console.complain("the new version of \"" + target.name() + "\" does not serve: " + report.why()
                        + "\n  serves     the old command again, server pid " + report.serverPid()
                        + inPlaceOf(report) + ofVersion(report)
                        + "\n  nobody     served for " + gap(report) + look());
            case Outcome.KEPT ->
                Console.complain("the new version of \"" + target.name() + "\" does not serve: " + report.why()
                        + "\n  serves     the old server, pid " + report.serverPid() + ofVersion(report)
                        + ": it was not touched, and served all the time" + look());
            case Outcome.NOBODY ->
                Console.complain("nobody serves \"" + target.name() + "\": " + report.why()
                        + "\n  serves     nobody: the old command did not come up either, and is started again and again"
                        + "\n  nobody     has served for " + gap(report) + look());
            default -> Console.complain(cannot() + report.why());
        }
    }

    private static String inPlaceOf(RedeployReport report) {
        return report.oldServerPid() == 0 ? "" : " in place of " + report.oldServerPid();
    }

    private static String versions(RedeployReport report) {
        return report.version().equals(report.oldVersion())
                ? ""
                : ", version " + report.version() + " in place of " + report.oldVersion();
    }

    private static String ofVersion(RedeployReport report) {
        return report.version().equals("0") ? "" : ", version " + report.version();
    }

    private static String goesOn(RedeployReport report) {
        return report.serverPid() == 0
                ? ""
                : "\n  serves     the old command, server pid " + report.serverPid() + ": nothing was stopped";
    }

    private static String gap(RedeployReport report) {
        return Durations.text(Duration.ofMillis(report.gapMillis()));
    }

    private String look() {
        String log = LogHint.ofStandardPlace(target.name());
        return log.isEmpty() ? "\n  look       its output, where its launcher writes" : log;
    }
}
