/**
 * The protocol between a command and a running launcher: requests and answers on the control socket, one line of JSON
 * each, and the private signal that carries a request where both count pids alike.
 *
 * <p>Start at {@link dev.holdfast.control.ControlCall}. Foreign text in it is bounded and printable.
 */
@NullMarked
package dev.holdfast.control;

import org.jspecify.annotations.NullMarked;
