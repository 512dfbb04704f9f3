package dev.holdfast.output;

/** How the files of one log are called: the one that is written, those that were full, and when their lines came. */
final class OutputNames {
    /** What a log's name ends with in Holdfast's own folder. */
    static final String SUFFIX = ".log";

    private static final String TIMES = ".times";

    private OutputNames() {}

    /** The file that was full so many rotations ago; 0 for the one that is written. */
    static String rotated(String path, int age) {
        return age == 0 ? path : path + "." + age;
    }

    /** The times of that file. */
    static String times(String path, int age) {
        return rotated(path, age) + TIMES;
    }
}
