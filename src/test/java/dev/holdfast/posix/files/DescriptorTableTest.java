package dev.holdfast.posix.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.Abi;
import dev.holdfast.posix.Libc;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DescriptorTableTest {
    /** Beyond all that anything else in this JVM opens. */
    private static final int HIGH = 900;

    private static final int STANDARD_INPUT = 0;

    /** So the kernel need not wait for the others when the table grows. */
    @Test
    void whatAThreadOpensInATableOfItsOwnIsNotOpenedForTheOthers() throws InterruptedException {
        assumeTrue(FileDescriptors.limit() > HIGH + 1);
        // Linux 5.9, and no sandbox that refuses it
        assumeTrue((int) Libc.systemCall(Abi.SYS_CLOSE_RANGE, 0xffff_ffffL, 0xffff_ffffL, 0, 0) == 0);
        AtomicInteger copy = new AtomicInteger(-1);
        AtomicBoolean isOpenThere = new AtomicBoolean();
        Thread separated = new Thread(() -> {
            DescriptorTable.separate();
            copy.set(FileDescriptors.duplicateAtOrAbove(STANDARD_INPUT, HIGH));
            isOpenThere.set(FileDescriptors.isOpen(copy.get()));
        });
        separated.start();
        separated.join();
        boolean isOpenHere = FileDescriptors.isOpen(copy.get());
        if (isOpenHere) {
            FileDescriptors.close(copy.get());
        }
        assertThat(copy.get()).isGreaterThanOrEqualTo(HIGH);
        assertThat(isOpenThere).isTrue();
        assertThat(isOpenHere).isFalse();
    }
}
