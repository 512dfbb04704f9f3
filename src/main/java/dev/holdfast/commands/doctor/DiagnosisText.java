package dev.holdfast.commands.doctor;

import dev.holdfast.registry.InstanceRecord;
import dev.holdfast.registry.conflict.Conflict;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** A diagnosis for people: a paragraph for each finding, what to do in its last line. */
final class DiagnosisText {
    private DiagnosisText() {}

    static String of(Diagnosis diagnosis) {
        List<String> lines = new ArrayList<>();
        for (Conflict conflict : diagnosis.conflicts()) {
            String who = name(conflict.instance())
                    + conflict.other().map(other -> " and " + name(other)).orElse("");
            lines.add((conflict.isConflict() ? "conflict  " : "warning   ")
                    + conflict.type().word() + ": " + who);
            lines.add("          " + conflict.details() + " (" + conflict.type().impact() + ")");
            lines.add(
                    "  do      " + conflict.recommendation(diagnosis.registry().resolveCommand()));
        }
        for (Finding finding : diagnosis.findings()) {
            lines.add("warning   " + finding.kind() + ": " + finding.details());
            lines.add("  do      " + finding.recommendation());
        }
        diagnosis.weaker().forEach((promise, why) -> lines.add("note      weaker here: " + promise + ": " + why));
        lines.add(summary(diagnosis));
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(text.isEmpty() ? "" : "\n").append(Printable.line(line));
        }
        return text.toString();
    }

    private static String summary(Diagnosis diagnosis) {
        long conflicts =
                diagnosis.conflicts().stream().filter(Conflict::isConflict).count();
        long warnings =
                diagnosis.conflicts().size() - conflicts + diagnosis.findings().size();
        return diagnosis.status() + ": " + count(diagnosis.active(), "instance") + ", "
                + count(conflicts, "conflict") + ", " + count(warnings, "warning") + ", at level "
                + diagnosis.level();
    }

    private static String name(InstanceRecord record) {
        return "\"" + record.name() + "\" (pid " + record.lock().launcher().pid() + ")";
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
