package dev.holdfast.posix.processes;

import dev.holdfast.posix.files.FileDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code /proc} shows what a process has when its first thread has ended, as by pthread_exit(3) in {@code main},
 * and others go on: {@code /proc/PID} then shows a zombie without descriptors, memory and environment, and each living
 * thread's own folder shows them. Never blocks. Safe for use by many threads.
 */
final class LivingThread {
    private LivingThread() {}

    /**
     * What stands in a file of a process that all its threads share.
     *
     * @param file such as {@code environ}
     * @return its bytes; null when it cannot be read, or the process is gone
     */
    static byte @Nullable [] contentsOf(int pid, String file) {
        byte[] bytes = FileDescriptors.contentsOf("/proc/" + pid + '/' + file);
        if (bytes != null && bytes.length > 0) {
            return bytes;
        }
        String folder = folderOf(pid);
        return folder == null ? bytes : FileDescriptors.contentsOf(folder + file);
    }

    /**
     * What a living thread's file says, where the first one has ended.
     *
     * @param file such as {@code status}
     * @return its bytes; null when the first thread lives, or the process is gone
     */
    static byte @Nullable [] contentsOfOther(int pid, String file) {
        String folder = folderOf(pid);
        return folder == null ? null : FileDescriptors.contentsOf(folder + file);
    }

    /**
     * The folder of a living thread, where the first one has ended.
     *
     * @return the folder, with a slash at its end; null when the first thread lives, or none does
     */
    static @Nullable String folderOf(int pid) {
        byte[] line = FileDescriptors.contentsOf("/proc/" + pid + "/stat");
        ProcessStat first = line == null ? null : ProcessStat.parse(line, line.length);
        if (first == null || !first.isWithoutFirstThread()) {
            return null;
        }
        for (int thread : NumberedFolder.entries("/proc/" + pid + "/task")) {
            String folder = "/proc/" + pid + "/task/" + thread + '/';
            byte[] itsLine = FileDescriptors.contentsOf(folder + "stat");
            ProcessStat stat = itsLine == null ? null : ProcessStat.parse(itsLine, itsLine.length);
            if (stat != null && !stat.hasThreadEnded()) {
                return folder;
            }
        }
        return null;
    }
}
