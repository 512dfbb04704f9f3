/**
 * How the program speaks to its caller: exit codes, complaints on stderr, results on stdout.
 *
 * <p>The one place with the standard streams, besides the command line itself.
 */
@NullMarked
package dev.holdfast.console;

import org.jspecify.annotations.NullMarked;
