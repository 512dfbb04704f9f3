/**
 * Settings from flags, environment and file, checked once, with all problems told together.
 *
 * <p>Start at {@link dev.holdfast.config.RunOption}, the one table of all options, and
 * {@link dev.holdfast.config.RunSettings}. A flag beats its variable, a variable beats the configuration file
 * ({@link dev.holdfast.config.LockPlace} shows who reads it without starting anything), and that beats the default.
 * Nothing here writes or keeps state.
 */
@NullMarked
package dev.holdfast.config;

import org.jspecify.annotations.NullMarked;
