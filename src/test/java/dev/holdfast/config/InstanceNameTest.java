package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InstanceNameTest {
    /** Names that people give their entries, and which differ in what no instance may be called. */
    private static final List<String> ALIKE = List.of(
            "a-b",
            "a b",
            "a  b",
            "a/b",
            "a:b",
            "a(b",
            "ä-b",
            "_a",
            "-a",
            " a",
            "",
            ".",
            "..",
            "server",
            "x".repeat(64),
            "x".repeat(65),
            "x".repeat(66));

    @Test
    void distinctNamesStayDistinct() {
        List<String> names = ALIKE.stream().map(InstanceName::distinct).toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(InstanceName::isValid);
    }

    @Test
    void plainNamesAreTheirOwn() {
        assertThat(InstanceName.distinct("a-b")).isEqualTo("a-b");
        assertThat(InstanceName.distinct("a b")).isEqualTo("a-b-" + InstanceName.checksum("a b"));
    }
}
