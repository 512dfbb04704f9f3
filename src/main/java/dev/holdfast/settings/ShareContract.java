package dev.holdfast.settings;

import java.util.Optional;

/**
 * What is agreed on with a shared server, for all of its clients.
 *
 * @param era how it is spoken to
 * @param protocol which revision it is offered; empty for the first client's
 * @param requests what becomes of its own requests
 * @param logs who gets its log messages
 */
public record ShareContract(ShareEra era, Optional<String> protocol, ShareRequests requests, ShareLogs logs) {}
