/**
 * Settings from flags and environment, checked once, with all problems told together.
 *
 * <p>Start at {@link dev.holdfast.config.RunOption}, the one table of all options, and
 * {@link dev.holdfast.config.RunSettings}. A flag beats its variable, a variable beats the default. Nothing here opens a
 * file or keeps state.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
