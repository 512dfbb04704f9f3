/**
 * Which process is meant: identity that survives pid reuse, handles that cannot hit an innocent, and process trees.
 *
 * <p>Start at {@link dev.holdfast.process.ProcessIdentity} and {@link dev.holdfast.process.PinnedProcess}. The words:
 * a process is <em>pinned</em> while a pidfd is open on it; it has <em>ended</em> when it runs no more, also as a
 * zombie; its <em>tree</em> are its descendants.
 *
 * <p>On a crash nothing here survives.
 */
@NullMarked
package dev.holdfast.process;

import org.jspecify.annotations.NullMarked;
