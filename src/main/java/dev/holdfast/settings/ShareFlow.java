package dev.holdfast.settings;

import java.util.Optional;

/**
 * How much of the clients' messages a shared server gets.
 *
 * @param calls how many {@code tools/call} run at once; 0 for no limit
 * @param longestMessage of a client's, in bytes
 * @param rate of each client's calls; empty for no limit
 */
public record ShareFlow(int calls, int longestMessage, Optional<ShareRate> rate) {}
