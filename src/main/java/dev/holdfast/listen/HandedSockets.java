package dev.holdfast.listen;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.sockets.DescriptorMessage;
import dev.holdfast.settings.ListenAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Sockets that the instances which are to be replaced have handed over. Nothing of them has closed meanwhile, so what waits
 * in their backlogs is served by the new server. Not safe for use by many threads.
 */
public final class HandedSockets implements AutoCloseable {
    private final List<Integer> descriptors = new ArrayList<>();

    /**
     * Takes them over.
     *
     * @param received descriptors, whatever they are, close-on-exec; closed with this
     */
    public void add(int... received) {
        for (int fd : received) {
            descriptors.add(fd);
        }
    }

    /** The one at this address, which is the caller's from now on; -1 when there is none. The latest that came counts. */
    int take(ListenAddress address) {
        for (int i = descriptors.size() - 1; i >= 0; i--) {
            int fd = descriptors.get(i);
            if (SocketOpening.isAt(fd, address)) {
                descriptors.remove(i);
                return fd;
            }
        }
        return -1;
    }

    /** Closes those that nobody has taken. */
    @Override
    public void close() {
        for (int fd : descriptors) {
            FileDescriptors.close(fd);
        }
        descriptors.clear();
    }

    /** How many one hand-over may have. */
    public static int most() {
        return DescriptorMessage.MOST_DESCRIPTORS;
    }
}
