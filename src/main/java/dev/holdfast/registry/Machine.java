package dev.holdfast.registry;

import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.processes.ProcFs;
import dev.holdfast.posix.processes.Self;
import dev.holdfast.text.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Tells this machine from others that share the folder. A record of this machine and of another boot is of an earlier one,
 * since a machine has one boot at a time: nothing of that instance is left.
 */
public final class Machine {
    private static final int MOST_BYTES = 64;
    private static final int DIGITS = 32;
    private static final int TICKS_PER_SECOND = 100;

    private Machine() {}

    /**
     * What this machine is known by: a digest, since machine-id(5) wants its number kept from others. Empty when it has none.
     *
     * @see <a href="https://man7.org/linux/man-pages/man5/machine-id.5.html">machine-id(5)</a>
     */
    public static String id() {
        int fd = FileDescriptors.open("/etc/machine-id", FileDescriptors.O_RDONLY | FileDescriptors.O_NOCTTY, 0);
        if (fd < 0) {
            return "";
        }
        try {
            String text = new String(FileDescriptors.read(fd, MOST_BYTES), StandardCharsets.US_ASCII).trim();
            return text.length() == DIGITS ? Long.toHexString(digest(text)) : "";
        } finally {
            FileDescriptors.close(fd);
        }
    }

    /** FNV-1a: half of its bits are lost, so nobody can tell the number from it, and it is made in no time. */
    private static long digest(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /**
     * Whether a record is of an earlier boot of this machine. Clones of a machine and containers may share its number, so
     * the host name must be the same, too, and the record older than this boot: one that is still written again is not.
     *
     * @param ownId this machine's
     * @param bootId that of this boot
     */
    static boolean isBeforeThisBoot(InstanceRecord record, String ownId, String bootId) {
        LockRecord lock = record.lock();
        OptionalLong heartbeat = RecordTime.epochSecond(record.lastHeartbeat());
        return heartbeat.isPresent()
                && isBefore(record.machine(), lock.host(), lock.bootId(), heartbeat.getAsLong(), ownId, bootId);
    }

    /**
     * Whether something was written in an earlier boot of this machine, by the same rule.
     *
     * @param machine the writer's {@link #id}
     * @param host its host name
     * @param bootId that of its boot
     * @param writtenAt when it was written last, in seconds since 1970
     */
    public static boolean isOfEarlierBoot(String machine, String host, String bootId, long writtenAt) {
        return isBefore(machine, host, bootId, writtenAt, id(), ProcFs.bootId());
    }

    private static boolean isBefore(
            String machine, String host, String boot, long writtenAt, String ownId, String ownBoot) {
        long bootedAt = System.currentTimeMillis() / 1000 - Self.ticksSinceBoot() / TICKS_PER_SECOND;
        return !ownId.isEmpty()
                && machine.equals(ownId)
                && !boot.isEmpty()
                && !ownBoot.isEmpty()
                && !boot.equals(ownBoot)
                && !host.isEmpty()
                && host.equals(Self.hostName())
                && writtenAt < bootedAt;
    }
}
