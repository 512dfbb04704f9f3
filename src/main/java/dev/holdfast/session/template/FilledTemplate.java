package dev.holdfast.session.template;

import dev.holdfast.session.template.Placeholder.Kind;
import dev.holdfast.session.template.Span.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One template and what stands for its placeholders: first {@link #check}, then {@link #result}. What stands in a comment of JSON, TOML
 * or YAML is no placeholder, and stays. Not safe for use by many threads.
 */
final class FilledTemplate {
    /** Many times what any configuration has. */
    private static final long LARGEST_RESULT = 16L * 1024 * 1024;

    private final TemplateFile file;
    private final Map<String, String> environment;
    private final TemplateText text;
    private final Format format;
    private final List<TemplateException> problems = new ArrayList<>();
    private List<Span> spans = List.of();
    private List<Part> parts = List.of();
    private List<Placeholder> placeholders = List.of();
    private Map<String, Integer> ports = Map.of();

    /**
     * A template that was read.
     *
     * @param environment names and values, see {@link Templates}
     */
    FilledTemplate(TemplateFile file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
        text = new TemplateText(file.content().text());
        format = Format.of(file.resultName());
    }

    TemplateFile file() {
        return file;
    }

    /** All that is wrong with it and with the variables that it names, in the order of its lines. */
    List<TemplateException> check() {
        Map<Integer, List<TemplateException>> found = new TreeMap<>();
        try {
            spans = format.spans(text.tokenized());
            parts = format.parts(text.tokenized());
        } catch (MalformedException e) {
            add(found, e.line(), "is no valid " + format.label());
        }
        placeholders = text.in(withoutComments());
        placeholders.forEach(each -> problem(each).ifPresent(what -> add(found, each.line(), what)));
        new NamedVariables(text, format, environment)
                .check(
                        parts,
                        new LineSearch(text.tokenized(), spans),
                        each -> problem(each).isEmpty() ? value(each) : Optional.empty(),
                        (line, what) -> add(found, line, what));
        if (sizeOfValues() > LARGEST_RESULT) {
            add(found, 0, "would become larger than 16 MiB with the values that it has");
        }
        return found.values().stream().flatMap(List::stream).toList();
    }

    private void add(Map<Integer, List<TemplateException>> found, int line, String what) {
        found.computeIfAbsent(line, unused -> new ArrayList<>()).add(file.problem(line, what));
    }

    private String withoutComments() {
        StringBuilder rest = new StringBuilder();
        int at = 0;
        for (Span span : spans) {
            if (span.style() == Style.COMMENT) {
                rest.append(text.tokenized(), at, span.start()).append('\n');
                at = span.end();
            }
        }
        return rest.append(text.tokenized().substring(at)).toString();
    }

    private Optional<String> problem(Placeholder placeholder) {
        if (placeholder.kind() == Kind.MALFORMED) {
            return Optional.of(placeholder.fallback());
        }
        Optional<String> value = value(placeholder);
        if (value.isEmpty()) {
            return Optional.of("variable " + placeholder.name() + " is not set");
        }
        return value.filter(each -> !isUnicode(each))
                .map(unused -> "the value of variable " + placeholder.name() + " is not UTF-8");
    }

    /** Whether each surrogate has its other half; one alone stands for a byte. */
    private static boolean isUnicode(String value) {
        return value.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private Optional<String> value(Placeholder placeholder) {
        Optional<String> variable = Optional.ofNullable(environment.get(placeholder.name()));
        return switch (placeholder.kind()) {
            case VARIABLE -> variable;
            case VARIABLE_OR_FALLBACK ->
                variable.filter(value -> !value.isEmpty()).or(() -> Optional.of(placeholder.fallback()));
            case PORT -> Optional.of(String.valueOf(ports.getOrDefault(placeholder.name(), 0)));
            case LITERAL, MALFORMED -> Optional.of(placeholder.fallback());
        };
    }

    private String valueOrNothing(Placeholder placeholder) {
        return value(placeholder).orElse("");
    }

    private long sizeOfValues() {
        return placeholders.stream()
                .mapToLong(each -> valueOrNothing(each).length())
                .sum();
    }

    /** The ports that it wants. */
    Set<String> ports() {
        Set<String> names = new TreeSet<>();
        placeholders.stream().filter(each -> each.kind() == Kind.PORT).forEach(each -> names.add(each.name()));
        return names;
    }

    /**
     * The text of the file that is made of it. Only after a check without problems.
     *
     * @param reserved the numbers of its ports
     * @throws TemplateException if a value cannot stand where it should
     */
    String result(Map<String, Integer> reserved) {
        ports = reserved;
        StringBuilder result = new StringBuilder(file.content().hasMark() ? "\ufeff" : "");
        int first = result.length();
        ValueWriter writer = new ValueWriter(text, format, this::valueOrNothing);
        int at = 0;
        for (Span span : spans) {
            appendBare(result, text.tokenized().substring(at, span.start()));
            result.append(writer.written(text.tokenized().substring(span.start(), span.end()), span));
            at = span.end();
        }
        appendBare(result, text.tokenized().substring(at));
        if (!problems.isEmpty()) {
            throw TemplateException.of(problems);
        }
        requireSame(result.substring(first));
        return result.toString();
    }

    private void appendBare(StringBuilder result, String source) {
        if (format != Format.TEXT) {
            for (Placeholder each : text.in(source)) {
                if (!isBareWord(valueOrNothing(each))) {
                    problems.add(file.problem(
                            each.line(),
                            "the value of " + each.source()
                                    + " must be a number, true or false where it has no quotes around it"));
                }
            }
        }
        result.append(text.replaced(source, this::valueOrNothing));
    }

    private static boolean isBareWord(String value) {
        return !value.isEmpty()
                && value.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "+-._:".indexOf(c) >= 0));
    }

    /** What comes out says what the template says, with values in it: none has become a comment, a member or two texts. */
    private void requireSame(String result) {
        List<Part> made;
        try {
            made = format.parts(result);
        } catch (MalformedException e) {
            throw file.problem(
                    e.line(),
                    "is no valid " + format.label() + " with the values in it; quotes may be missing around one");
        }
        int line = 0;
        for (int i = 0; i < parts.size(); i++) {
            List<Placeholder> here = text.in(parts.get(i).text());
            line = here.isEmpty() ? line : here.get(here.size() - 1).line();
            Part expected = parts.get(i).saying(text.replaced(parts.get(i).text(), this::valueOrNothing));
            if (i >= made.size() || !expected.isSameAs(made.get(i))) {
                throw different(line);
            }
        }
        if (made.size() > parts.size()) {
            throw different(line);
        }
    }

    private TemplateException different(int line) {
        return file.problem(
                line, "a value would be read as something else there; put the place in double quotes, on one line");
    }
}
