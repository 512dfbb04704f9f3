/**
 * The audit trail: what was decided, on whom, and why.
 *
 * <p>{@link dev.holdfast.journal.Journal} keeps entries in memory until the server runs.
 */
@NullMarked
package dev.holdfast.journal;

import org.jspecify.annotations.NullMarked;
