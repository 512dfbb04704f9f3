/**
 * What a server has printed: kept in files that are rotated by size, and read again, also while they grow.
 *
 * <p>Start at {@link dev.holdfast.output.OutputFile}, which writes, and {@link dev.holdfast.output.OutputReader}, which
 * reads. A log holds the server's bytes as they came. When they came is kept beside it, in {@code NAME.log.times}. A
 * crash loses what was in the server's pipe, and no more.
 */
@NullMarked
package dev.holdfast.output;

import org.jspecify.annotations.NullMarked;
