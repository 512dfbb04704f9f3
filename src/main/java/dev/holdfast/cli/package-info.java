/**
 * The command line: commands, exit codes, output. The one place that writes to the standard streams and ends the
 * process.
 *
 * <p>Start at {@link dev.holdfast.cli.Main}, then {@link dev.holdfast.cli.RunCommand}. {@code run} is read by hand and
 * loads as little as it can, since it sits before every start of every server; so is what is written plainly of the other
 * commands. Help is picocli's, and with it what is not plain.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
