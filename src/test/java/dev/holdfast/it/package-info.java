/**
 * Process tests: the real {@code bin/holdfast} with real servers and real signals. Each class names the promise that it
 * guards.
 */
@NullMarked
package dev.holdfast.it;

import org.jspecify.annotations.NullMarked;
