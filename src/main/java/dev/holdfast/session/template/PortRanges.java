package dev.holdfast.session.template;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.text.Digits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which ports this machine's kernel gives to nobody by chance: those outside of the range that it takes the ports of outgoing
 * connections and of {@code bind(0)} from.
 *
 * @param lowest of the kernel's range
 * @param highest of it, included
 * @param reserved those that the administrator keeps for somebody
 * @see <a href="https://docs.kernel.org/networking/ip-sysctl.html">ip_local_port_range, ip_local_reserved_ports</a>
 */
record PortRanges(int lowest, int highest, BitSet reserved) {
    private static final String RANGE = "/proc/sys/net/ipv4/ip_local_port_range";
    private static final String RESERVED = "/proc/sys/net/ipv4/ip_local_reserved_ports";
    /** What Linux has by default. */
    private static final PortRanges USUAL = new PortRanges(32_768, 60_999, new BitSet());

    private static final int HIGHEST_PORT = 65_535;
    /** Below it, services that everybody knows have their ports. */
    private static final int LEAST = 10_000;

    private static final int LEAST_WITHOUT_RIGHTS = 1024;
    private static final int MOST_DIGITS = 5;

    /**
     * Ports that follow each other.
     *
     * @param first the lowest
     * @param last the highest, included
     */
    record Range(int first, int last) {
        int size() {
            return Math.max(0, last - first + 1);
        }
    }

    /** Those of this network namespace; Linux's own default where it cannot be read. */
    static PortRanges ofThisMachine() {
        return parse(text(RANGE), text(RESERVED));
    }

    private static String text(String path) {
        byte[] content = FileDescriptors.contentsOf(path);
        return content == null ? "" : new String(content, StandardCharsets.US_ASCII);
    }

    /**
     * Reads the two files.
     *
     * @param range two numbers
     * @param reserved such as {@code 8080,9148-9150}
     */
    static PortRanges parse(String range, String reserved) {
        String[] ends = range.strip().split("\\s+", -1);
        int lowest = number(ends[0]);
        int highest = number(ends[ends.length - 1]);
        BitSet kept = new BitSet();
        for (String each : reserved.strip().split(",", -1)) {
            int hyphen = each.indexOf('-');
            int first = number(hyphen < 0 ? each : each.substring(0, hyphen));
            int last = number(each.substring(hyphen + 1));
            if (first > 0 && first <= last) {
                kept.set(first, last + 1);
            }
        }
        return ends.length == 2 && lowest > 0 && lowest <= highest
                ? new PortRanges(lowest, highest, kept)
                : new PortRanges(USUAL.lowest, USUAL.highest, kept);
    }

    /** The number of a port; 0 for what is none. */
    static int number(String digits) {
        boolean isOne = digits.length() <= MOST_DIGITS && Digits.isNumber(digits);
        int number = isOne ? Integer.parseInt(digits) : 0;
        return number <= HIGHEST_PORT ? number : 0;
    }

    /**
     * Where to look for a port, best first: above the kernel's range, where nobody has registered one, then below it. All that need
     * no rights where it takes up both.
     */
    List<Range> usable() {
        List<Range> ranges = new ArrayList<>();
        ranges.add(new Range(highest + 1, HIGHEST_PORT));
        ranges.add(new Range(LEAST, lowest - 1));
        ranges.removeIf(range -> range.size() == 0);
        return ranges.isEmpty() ? List.of(new Range(LEAST_WITHOUT_RIGHTS, HIGHEST_PORT)) : ranges;
    }
}
