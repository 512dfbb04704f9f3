/**
 * A client's start of a shared server: finds the host or has it started, asks to be let in, and then only copies between its
 * own stdin and stdout and the host's connection. Holds nothing: when it dies, the host sees the connection end.
 *
 * <p>Start at {@link dev.holdfast.share.attach.HostSearch}, then {@link dev.holdfast.share.attach.Attachment}. Nothing here is
 * loaded by a start that shares nothing.
 */
@NullMarked
package dev.holdfast.share.attach;

import org.jspecify.annotations.NullMarked;
