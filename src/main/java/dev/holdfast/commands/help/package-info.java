/**
 * The command line as picocli sees it: help, completion, and words that are not written plainly.
 *
 * <p>Start at {@link dev.holdfast.commands.help.Commands}.
 */
@NullMarked
package dev.holdfast.commands.help;

import org.jspecify.annotations.NullMarked;
