/**
 * Files and descriptors: opened, read, written, polled, locked, watched; file systems, mounts and terminals.
 *
 * <p>Start at {@link dev.holdfast.posix.files.FileDescriptors}. Knows nothing of other processes.
 */
@NullMarked
package dev.holdfast.posix.files;

import org.jspecify.annotations.NullMarked;
