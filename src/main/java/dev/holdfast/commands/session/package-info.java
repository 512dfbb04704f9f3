/**
 * {@code holdfast session}: several servers per terminal or client, each started, stopped and cleaned up together.
 *
 * <p>Start at {@link dev.holdfast.commands.session.SessionCommandLine}. What it shares with other commands (start, stop, logs)
 * is done by these; what it adds is where files are, and who is responsible once a terminal is gone.
 */
@NullMarked
package dev.holdfast.commands.session;

import org.jspecify.annotations.NullMarked;
