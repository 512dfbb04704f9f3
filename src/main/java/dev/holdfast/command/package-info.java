/**
 * What is started, as whom, where, and with which environment and descriptors: the server, the command of
 * {@code holdfast lock}, and the commands around a server.
 *
 * <p>Start at {@link dev.holdfast.command.ResolvedCommand}, which is resolved before anything is locked, and at
 * {@link dev.holdfast.command.Inheritance}, which says which descriptors go through. Nothing here knows of locks.
 */
@NullMarked
package dev.holdfast.command;

import org.jspecify.annotations.NullMarked;
