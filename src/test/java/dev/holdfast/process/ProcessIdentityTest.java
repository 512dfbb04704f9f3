package dev.holdfast.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Same, another, or not to be told: three answers. */
class ProcessIdentityTest {
    @ParameterizedTest
    @CsvSource({
        // pid, ticks, id; the other's; same; another
        "7, 100, 9,  7, 100, 9,  true, false",
        "7, 100, 9,  8, 100, 9,  false, true",
        "7, 100, 9,  7, 100, 8,  false, true",
        // another time namespace, of a version that records its own ticks: the kernel's number decides
        "7, 100, 9,  7, 555, 9,  true, false",
        // a kernel or a record without numbers
        "7, 100, 0,  7, 100, 9,  true, false",
        "7, 100, 0,  7, 101, 0,  false, true",
        // a process that /proc hides
        "7, -1, 9,   7, 100, 9,  true, false",
        "7, -1, 8,   7, 100, 9,  false, true",
        "7, -1, 0,   7, 100, 9,  false, false",
        "7, -1, 0,   7, -1, 0,   false, false",
        "7, -1, 0,   8, -1, 0,   false, true"
    })
    void whatBothSidesKnowDecides(
            int pid, long ticks, long id, int otherPid, long otherTicks, long otherId, boolean same, boolean another) {
        ProcessIdentity one = new ProcessIdentity(pid, ticks, id);
        ProcessIdentity other = new ProcessIdentity(otherPid, otherTicks, otherId);
        assertThat(one.isSameProcess(other)).isEqualTo(same);
        assertThat(other.isSameProcess(one)).isEqualTo(same);
        assertThat(one.isAnotherProcess(other)).isEqualTo(another);
        assertThat(other.isAnotherProcess(one)).isEqualTo(another);
    }
}
