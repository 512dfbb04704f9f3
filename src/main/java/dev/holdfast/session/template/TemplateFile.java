package dev.holdfast.session.template;

import dev.holdfast.config.ConfigText;
import dev.holdfast.config.ConfigText.RefusedException;
import dev.holdfast.console.ExitCode;
import dev.holdfast.posix.files.FileNames;
import dev.holdfast.posix.files.FileStatus;
import java.nio.file.Path;
import java.util.List;

/**
 * A template as it was read.
 *
 * @param path as it was given
 * @param content what is in it
 */
record TemplateFile(Path path, ConfigText.Content content) {
    /** What marks a file as a template, and is not part of the name of what is made of it. */
    private static final List<String> ENDINGS = List.of(".template", ".tmpl", ".example");

    /**
     * Reads a template. A link is followed: the file that it leads to is the one that is checked. Blocks for a disk, and for nothing
     * else.
     *
     * @throws TemplateException if it is not there, too large, no text, or others could have written it
     */
    static TemplateFile read(Path path) {
        byte[] name = FileNames.bytes(path);
        try {
            return new TemplateFile(path, ConfigText.read(name, ConfigText.OTHERS_WRITE));
        } catch (RefusedException e) {
            ExitCode code = FileStatus.ofTarget(name).isEmpty() ? ExitCode.UNREADABLE : ExitCode.CONFIG;
            throw TemplateException.of(code, "template \"" + path + "\" " + e.reason());
        }
    }

    /** The name of the file that is made of it: its own, without what marks it as a template. */
    String resultName() {
        String name = String.valueOf(path.getFileName());
        for (String ending : ENDINGS) {
            if (name.endsWith(ending) && name.length() > ending.length()) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }

    /**
     * Something is wrong with it.
     *
     * @param line where, from 1; 0 when it is not one place, or not known
     */
    TemplateException problem(int line, String what) {
        String where = "template \"" + path + "\"" + (line > 0 ? " line " + line : "");
        return TemplateException.of(ExitCode.CONFIG, where + ": " + what);
    }
}
