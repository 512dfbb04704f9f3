package dev.holdfast.session.template;

import dev.holdfast.console.ExitCode;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** Why nothing was made of the templates: all that is wrong, without any value. */
public final class TemplateException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /** Nobody reads more. */
    private static final int MOST = 100;

    private final ExitCode exitCode;
    private final ArrayList<String> problems;

    private TemplateException(ExitCode exitCode, List<String> problems) {
        super(String.join("; ", problems));
        this.exitCode = exitCode;
        this.problems = new ArrayList<>(problems);
    }

    /** One problem. */
    static TemplateException of(ExitCode exitCode, String problem) {
        return new TemplateException(exitCode, List.of(Printable.line(problem)));
    }

    /**
     * All of them together, in this order. The first one says how the program ends.
     *
     * @param all at least one
     */
    static TemplateException of(List<TemplateException> all) {
        List<String> problems = new ArrayList<>();
        all.forEach(each -> problems.addAll(each.problems));
        int more = problems.size() - MOST;
        List<String> told = new ArrayList<>(problems.subList(0, Math.min(MOST, problems.size())));
        if (more > 0) {
            told.add("and " + more + " more");
        }
        return new TemplateException(all.get(0).exitCode, told);
    }

    /** Each on one printable line, with the file and, where it is one place in it, the line. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** How the program ends. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
