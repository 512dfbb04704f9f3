package dev.holdfast.session.template;

import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.session.OwnFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes a session's configuration files of templates: JSON, TOML, YAML (by the ending of the name) and plain text.
 *
 * <p>All or nothing: each template is read and checked before anything is written, and all that is missing or wrong is told together,
 * with file and line and without any value. Values are put in as they are, once: what looks like a placeholder in a value stays. In
 * JSON, TOML and YAML a value stays the value of its place, with escapes and quotes where the format wants them; the result is parsed
 * to see that. In plain text it is put in byte for byte.
 *
 * <p>A template must be this user's or root's, a regular file that not everybody may write, UTF-8, and at most 1 MiB. What is made of
 * it has its name without {@code .template}, {@code .tmpl} or {@code .example}, its ends of lines and its byte-order mark, and mode
 * 0600.
 */
public final class Templates {
    private Templates() {}

    /**
     * Reads templates, and writes what they become into a folder, where each file replaces what had its name. Blocks for a disk, and
     * up to five seconds for others who reserve ports.
     *
     * @param templates their paths
     * @param environment names and values; a byte that is no UTF-8 as a lone surrogate, see {@link dev.holdfast.text.RawText}
     * @param folder of this user alone; absolute
     * @param ports of the session; asked only when a template wants one
     * @return the files, in the templates' order
     * @throws TemplateException if a template cannot be used, a variable is missing, or no port is left
     * @throws dev.holdfast.session.SessionException if a file cannot be written; those before it are there
     */
    public static List<Path> fill(
            List<Path> templates, Map<String, String> environment, Path folder, PortReservations ports) {
        List<TemplateException> problems = new ArrayList<>();
        List<FilledTemplate> filled = new ArrayList<>();
        for (Path path : templates) {
            try {
                filled.add(new FilledTemplate(TemplateFile.read(path), Map.copyOf(environment)));
            } catch (TemplateException e) {
                problems.add(e);
            }
        }
        Map<String, TemplateFile> names = new HashMap<>();
        for (FilledTemplate template : filled) {
            problem(template.file(), names, folder).ifPresent(problems::add);
            problems.addAll(template.check());
        }
        require(problems);
        Map<Path, String> results = results(filled, reserved(filled, ports), folder);
        results.forEach((path, text) -> OwnFiles.write(path.toString(), text.getBytes(StandardCharsets.UTF_8)));
        return List.copyOf(results.keySet());
    }

    private static Optional<TemplateException> problem(
            TemplateFile file, Map<String, TemplateFile> names, Path folder) {
        String name = file.resultName();
        TemplateFile other = names.putIfAbsent(name, file);
        if (other != null) {
            return Optional.of(file.problem(0, "becomes \"" + name + "\", as does template \"" + other.path() + "\""));
        }
        boolean isItself = FileStatus.ofTarget(FileNames.bytes(folder.resolve(name)))
                .filter(file.content().status()::isSameFile)
                .isPresent();
        return isItself ? Optional.of(file.problem(0, "would be replaced by what is made of it")) : Optional.empty();
    }

    private static Map<String, Integer> reserved(List<FilledTemplate> filled, PortReservations ports) {
        Set<String> names = new TreeSet<>();
        filled.forEach(template -> names.addAll(template.ports()));
        return names.isEmpty() ? Map.of() : ports.reserve(names);
    }

    private static Map<Path, String> results(List<FilledTemplate> filled, Map<String, Integer> ports, Path folder) {
        List<TemplateException> problems = new ArrayList<>();
        Map<Path, String> results = new LinkedHashMap<>();
        for (FilledTemplate template : filled) {
            try {
                results.put(folder.resolve(template.file().resultName()), template.result(ports));
            } catch (TemplateException e) {
                problems.add(e);
            }
        }
        require(problems);
        return results;
    }

    private static void require(List<TemplateException> problems) {
        if (!problems.isEmpty()) {
            throw TemplateException.of(problems);
        }
    }
}
