package dev.holdfast.cli;

import dev.holdfast.config.SharedName;
import dev.holdfast.console.Console;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.settings.LockFileName;
import dev.holdfast.text.Printable;
import java.io.File;
import java.util.Arrays;

/** The instances of a name that starts from other folders share: said to whoever asks for it where there is none. */
final class OtherFolders {
    private static final int MOST = 5;

    private OtherFolders() {}

    /** Prints a line for each of the first few, and nothing where there are none. */
    static void tell(Target target) {
        String path = target.lockFile().path();
        String[] files = new File(path.substring(0, path.lastIndexOf('/') + 1)).list();
        String end = "-" + Integer.toUnsignedString(Self.effectiveUser());
        int told = 0;
        for (String file : files == null ? new String[0] : sorted(files)) {
            if (!file.endsWith(LockFileName.SUFFIX) || !Printable.isAscii(file)) {
                continue;
            }
            String base = file.substring(0, file.length() - LockFileName.SUFFIX.length());
            String name = base.endsWith(end) ? base.substring(0, base.length() - end.length()) : base;
            if (SharedName.isOf(name, target.name()) && told++ < MOST) {
                Console.result("  shared in another folder: " + name);
            }
        }
    }

    private static String[] sorted(String[] names) {
        Arrays.sort(names);
        return names;
    }
}
