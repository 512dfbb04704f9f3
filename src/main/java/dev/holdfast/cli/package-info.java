/**
 * The command line: the program, the commands that are in a hurry, and the one place that ends the process.
 *
 * <p>Start at {@link dev.holdfast.cli.Main}, then {@link dev.holdfast.cli.RunCommand}. {@code run} is read by hand and
 * loads as little as it can, since it sits before every start of every server; so is what is written plainly of the
 * commands on instances. All else is in {@link dev.holdfast.commands.OtherCommands}.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
