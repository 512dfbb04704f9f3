package dev.holdfast.output;

import dev.holdfast.posix.files.FileNames;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The logs in Holdfast's own folder, one for each instance that was started in the background. */
public final class OutputLogs {
    private OutputLogs() {}

    /**
     * Where an instance's output is kept.
     *
     * @return the path of the file that is written
     */
    public static String path(String folder, String name) {
        return folder + "/" + name + OutputNames.SUFFIX;
    }

    /**
     * Whose output is kept there.
     *
     * @return the instances' names, sorted; empty when there is no such folder
     */
    public static List<String> names(String folder) {
        String[] files = new File(folder).list();
        List<String> names = new ArrayList<>();
        for (String file : files == null ? new String[0] : files) {
            if (file.endsWith(OutputNames.SUFFIX)) {
                names.add(file.substring(0, file.length() - OutputNames.SUFFIX.length()));
            }
        }
        String[] sorted = names.toArray(String[]::new);
        Arrays.sort(sorted);
        return List.of(sorted);
    }

    /** Makes the folder, for its owner alone, so that it can be watched for logs that are to come. Failures are ignored. */
    public static void makeFolder(String folder) {
        int slash = folder.lastIndexOf('/');
        if (slash > 0) {
            var unused = FileNames.makeFolder(folder.substring(0, slash));
        }
        var unused = FileNames.makeFolder(folder);
    }
}
