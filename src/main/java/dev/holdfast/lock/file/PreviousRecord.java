package dev.holdfast.lock.file;

import java.util.Optional;

/**
 * What the holder before has left in a file that nobody held.
 *
 * @param present whether the file had any content
 * @param record what it said; empty when it could not be read
 */
public record PreviousRecord(boolean present, Optional<LockRecord> record) {}
