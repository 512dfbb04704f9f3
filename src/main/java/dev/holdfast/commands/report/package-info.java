/**
 * What is told as JSON or as a table: {@code status --json} and {@code lock --probe}.
 *
 * <p>Start at {@link dev.holdfast.commands.report.StatusJson} or {@link dev.holdfast.commands.report.ProbeCommand}.
 */
@NullMarked
package dev.holdfast.commands.report;

import org.jspecify.annotations.NullMarked;
