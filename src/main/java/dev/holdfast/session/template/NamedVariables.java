package dev.holdfast.session.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The members whose names end in {@code _env_var}, such as {@code "token_env_var": "TOKEN"}: each says the name of a variable, which the
 * server reads by itself, and which must so be set, and not empty. No value, and null in JSON and YAML, means none.
 */
final class NamedVariables {
    private static final String SUFFIX = "_env_var";
    private static final Set<String> YAML_NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final TemplateText text;
    private final Format format;
    private final Map<String, String> environment;

    NamedVariables(TemplateText text, Format format, Map<String, String> environment) {
        this.text = text;
        this.format = format;
        this.environment = environment;
    }

    /**
     * Looks at all of them.
     *
     * @param parts of the text with tokens
     * @param lines where these are, where the parts do not say it
     * @param values what stands for a placeholder; empty when that is a problem of its own
     * @param problems gets lines, from 1, and what is wrong there
     */
    void check(
            List<Part> parts,
            LineSearch lines,
            Function<Placeholder, Optional<String>> values,
            BiConsumer<Integer, String> problems) {
        for (int i = 0; i + 1 < parts.size(); i++) {
            Part name = parts.get(i);
            Part value = parts.get(i + 1);
            boolean names = name.kind() == Part.Kind.NAME && name.text().endsWith(SUFFIX) && !isNull(value);
            if (names && text.in(value.text()).stream().map(values).allMatch(Optional::isPresent)) {
                String variable =
                        text.replaced(value.text(), each -> values.apply(each).orElseThrow());
                String problem = problem(text.replaced(name.text(), Placeholder::source), value, variable);
                if (!problem.isEmpty()) {
                    problems.accept(name.line() > 0 ? name.line() : lines.next(name.text(), value.text()), problem);
                }
            }
        }
    }

    private boolean isNull(Part value) {
        return value.kind() == Part.Kind.BARE
                && (format == Format.YAML
                        ? YAML_NULLS.contains(value.text())
                        : value.text().equals("null"));
    }

    private String problem(String name, Part value, String variable) {
        if (!value.isScalar() || !TemplateText.isVariable(variable)) {
            return '"' + name + "\" must name a variable";
        }
        String set = environment.get(variable);
        if (set != null && !set.isEmpty()) {
            return "";
        }
        // What looks like no usual name may be the secret itself, put there by mistake
        boolean isShown = variable.equals(value.text()) && variable.chars().noneMatch(Character::isLowerCase);
        return (isShown
                        ? "variable " + variable + ", which \"" + name + "\" names,"
                        : "the variable that \"" + name + "\" names")
                + (set == null ? " is not set" : " is empty");
    }
}
