/**
 * The shell commands around a server: before its start, after its end, on a conflict, and to tell whether it is ready.
 *
 * <p>Start at {@link dev.holdfast.hook.Hooks}. What a command leaves behind ends with it; when the launcher is killed, a
 * running one dies, too.
 */
@NullMarked
package dev.holdfast.hook;

import org.jspecify.annotations.NullMarked;
