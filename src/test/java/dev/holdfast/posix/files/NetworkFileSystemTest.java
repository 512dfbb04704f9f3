package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the numbers of linux/magic.h, as statfs(2) lists them. */
class NetworkFileSystemTest {
    @ParameterizedTest
    @CsvSource({
        "6969, NFS",
        "517b, SMB",
        "ff534d42, SMB",
        "fe534d42, SMB",
        "01021997, 9P",
        "00c36400, Ceph",
        "5346414f, AFS",
        "0bd00bd0, Lustre",
        "47504653, GPFS",
        "01161970, GFS2",
        "7461636f, OCFS2",
        "65735546, 'FUSE, which may be on a network'",
    })
    void thoseOnANetworkAreKnown(String type, String name) {
        assertThat(NetworkFileSystem.name(Integer.parseUnsignedInt(type, 16))).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "ef53, ext4",
        "58465342, xfs",
        "9123683e, btrfs",
        "01021994, tmpfs",
        "794c7630, overlayfs",
        "2fc12fc1, zfs",
        "858458f6, ramfs",
        "f2f52010, f2fs",
        "4d44, vfat",
    })
    void localOnesAreNone(String type, String name) {
        assertThat(NetworkFileSystem.name(Integer.parseUnsignedInt(type, 16)))
                .as(name)
                .isEmpty();
    }

    @Test
    void thisMachinesTmpIsLocal() {
        assertThat(NetworkFileSystem.of("/tmp")).isEmpty();
        int fd = FileDescriptors.open("/tmp", FileDescriptors.O_RDONLY, 0);
        assertThat(NetworkFileSystem.ofDescriptor(fd)).isEmpty();
        FileDescriptors.close(fd);
    }
}
