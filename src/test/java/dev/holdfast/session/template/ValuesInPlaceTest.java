package dev.holdfast.session.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.holdfast.config.ConfigText;
import dev.holdfast.posix.files.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Whatever a value is, and wherever in a file it stands: who reads the file gets that value, and all else as in the template. */
class ValuesInPlaceTest {
    private static final TomlMapper TOML = new TomlMapper();
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final LoadSettings YAML = LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setAllowNonScalarKeys(true)
            .build();

    /** What is harmless everywhere. */
    private static final String MARKER = "MARKER";

    private static final List<String> VALUES = List.of(
            "plain",
            "",
            " ",
            "\"",
            "'",
            "''",
            "it's \"it\"",
            "'''",
            "\"\"\"",
            "\\",
            "\\n",
            "a\\",
            "\n",
            "a\nb",
            "a\r\nb\r\n",
            "\n\n  a\n\n",
            "\t",
            "a\tb",
            "# none",
            "a # b",
            "// none",
            "/* none",
            "a: b",
            ": ",
            "a:",
            "- a",
            "-",
            "---",
            "--- a",
            "...",
            "? a",
            "*a",
            "&a",
            "!a",
            "!!int",
            "|",
            ">-",
            "%a",
            "@a",
            "`a`",
            "{",
            "}",
            "[1]",
            "a, b",
            "a,b",
            ",",
            "=",
            "<<",
            " lead",
            "trail ",
            "true",
            "null",
            "~",
            "1",
            "-1.5e3",
            "0x1f",
            "\", \"admin\": true, \"",
            "\"\nadmin = true\n#",
            "a\nadmin: true",
            "\u0001\u001b[31m",
            "\u007f\u0085\u009f",
            "\u2028\u2029\ufeff\uffff",
            "\ud83d\ude00 ü",
            "${HOME} $${ ${X} ${",
            "MARKER",
            "731000000000000000");

    private static final Map<String, List<String>> PLACES = places();

    private static Map<String, List<String>> places() {
        Map<String, List<String>> places = new LinkedHashMap<>();
        places.put(
                "a.json",
                List.of(
                        "{\"a\": \"${X}\", \"b\": [\"x${X}y\", \"\\\"${X}\"], \"c\": \"${X}${X}\"}",
                        "{\n  \"${X}\": {\"a-${X}\": 1},\n  \"b\": [true, null, -1.5e+10, \"\\u0041\\\\\"]\n}\n",
                        "[\"${X}\"]",
                        "\"${X}\""));
        places.put(
                "a.jsonc",
                List.of("// \"${Y}\n{ /* \" ${Y} */ \"a\": \"${X}\", // ${Y} \"\n \"http://b\": \"//${X}\", }\n"));
        places.put(
                "a.toml",
                List.of(
                        "a = \"${X}\" # \"${Y}\n\"${X}\" = 1\n",
                        "a = '${X}' # it's\nb = 'x ${X}\\'\n'${X}' = 1\n",
                        "a = \"\"\"${X}\"\"\"\nb = \"\"\"\nx\n${X}\ny \\\n  z\"\"\"\nc = \"\"\"x${X}\"\"\"\"\nd = '${X}'\n",
                        "a = '''${X}'''\nb = '''\nx \\ ${X}\ny\n'''\nc = '''x'${X}'''\n",
                        "[\"${X}\"]\na = [\"${X}\", { b = \"${X}\" }]\n[[c.\"${X}\"]]\nd = 1979-05-27\n",
                        "a.'${X}'.b = 0xff\n"));
        places.put(
                "a.yaml",
                List.of(
                        "a: ${X}\nb: x ${X} y\nc:\n- ${X}\n-   ${X}z # ${Y}\n",
                        "# ${Y}\na: \"${X}\" # ${Y}\nb: 'x ${X}'\nc: '${X}'\n",
                        "{a: ${X}, b: [${X}, \"${X}\", '${X}'], c: x${X}}\n",
                        "a: |\n  ${X}\nb: |\n    one\n    x ${X} y\n    two\n\nc: 1\n",
                        "a: >-\n  one\n  two ${X}\n\n  ${X} three\n\n\nb: >+\n  ${X}\n\n# ${Y}\nc: |2\n   ${X}\n",
                        "${X}: 1\n",
                        "\"${X}\": {'${X}': 1}\n",
                        "? ${X}\n: [2]\n? [a, ${X}]\n: ${X}\n",
                        "a: \"x\n  ${X}\n  y\"\nb: 'x\n  ${X}\n  y'\n",
                        "a: x\n  ${X}\n  y\nb: 1\n",
                        "a: &n ${X}\nb: *n\nc: !!str ${X}\nd: &m !!str |\n  ${X}\n",
                        "--- # ${Y}\na: ${X}\n...\n---\n- ${X}\n",
                        "\ud83d\udc18: ${X} \ud83d\udc18 # \ud83d\udc18 ${Y}\n\ud83d\ude00: '${X}'\n",
                        "${X}\n",
                        "- - ${X}\n  - a: ${X}\n    b: http://${X}:1/?a=[${X}]\n"));
        return places;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void valueIsReadAsItIs(String newline) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String name : PLACES.keySet()) {
            for (String place : PLACES.get(name)) {
                String template = place.replace("\n", newline);
                String meant = meaning(name, template.replace("${X}", MARKER).replace("${Y}", "none"));
                for (String value : VALUES) {
                    String wanted = meant.replace(MARKER, value);
                    String got = got(name, template, value, wanted);
                    if (!got.equals(wanted)) {
                        wrong.add(name + "\n" + template + "\nvalue <" + value + ">: " + got);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private String got(String name, String template, String value, String wanted) throws IOException {
        ConfigText.Content content =
                new ConfigText.Content(template, false, FileStatus.ofTarget("/").orElseThrow());
        FilledTemplate filled = new FilledTemplate(new TemplateFile(Path.of(name), content), Map.of("X", value));
        try {
            assertThat(filled.check()).isEmpty();
            String result = filled.result(Map.of());
            String got = meaning(name, result);
            // In a comment, nothing is put in
            boolean keepsComments = template.split("\\$\\{Y}", -1).length == result.split("\\$\\{Y}", -1).length;
            return keepsComments ? got : result;
        } catch (TemplateException e) {
            return e + ", not " + wanted;
        } catch (RuntimeException e) {
            throw new AssertionError(template + "\nvalue <" + value + ">", e);
        }
    }

    /** As libraries read it that know nothing of ours; numbers and truths as texts. */
    private static String meaning(String name, String text) throws IOException {
        return switch (name) {
            case "a.toml" -> TOML.readValue(text, Object.class).toString();
            case "a.yaml" -> {
                List<String> documents = new ArrayList<>();
                new Load(YAML).loadAllFromString(text).forEach(each -> documents.add(String.valueOf(each)));
                yield documents.toString();
            }
            default -> String.valueOf(JSON.readValue(text, Object.class));
        };
    }
}
