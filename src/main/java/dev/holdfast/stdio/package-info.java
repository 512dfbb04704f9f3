/**
 * The client's side of stdin and stdout, where there is no server to hear it.
 *
 * <p>Start at {@link dev.holdfast.stdio.RefusedConversation}. Nothing here is loaded by a start that is accepted.
 */
@NullMarked
package dev.holdfast.stdio;

import org.jspecify.annotations.NullMarked;
