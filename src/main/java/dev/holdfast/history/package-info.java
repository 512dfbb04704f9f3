/**
 * What has happened to the instances of a user: one file, to which every launcher appends lines, and which is read again.
 *
 * <p>Start at {@link dev.holdfast.history.HistoryFile}, which writes, and {@link dev.holdfast.history.HistoryReader}, which
 * reads. A line is one JSON object, see {@link dev.holdfast.history.HistoryLine}. No argument and no value of a variable is
 * in it. A crash loses the lines that were not written yet, and no others; a disk that is full loses lines, and fails
 * nothing.
 */
@NullMarked
package dev.holdfast.history;

import org.jspecify.annotations.NullMarked;
