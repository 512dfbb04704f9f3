package dev.holdfast.posix.files;

import dev.holdfast.posix.PosixException;

/**
 * This process's table of descriptors, which the kernel makes larger when a number beyond its end is used. In a process
 * with threads it then waits for all processors (synchronize_rcu() in its file.c), 8 to 20 ms.
 */
public final class DescriptorTable implements Runnable {
    private final int largest;

    private DescriptorTable(int largest) {
        this.largest = largest;
    }

    /**
     * Makes it large enough for a descriptor, by a thread of its own, beside what this one does meanwhile. Whoever
     * needs the room before it is there waits for it, as without this.
     *
     * @param descriptor the largest number that will be used
     */
    public static void growFor(int descriptor) {
        Thread thread = new Thread(new DescriptorTable(descriptor), "descriptor-table");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where the number is in use, or above the limit, nothing is lost but time. */
    @Override
    public void run() {
        try {
            FileDescriptors.close(FileDescriptors.duplicateAtOrAbove(0, largest));
        } catch (PosixException e) {
            return; // it is only made earlier here
        }
    }
}
