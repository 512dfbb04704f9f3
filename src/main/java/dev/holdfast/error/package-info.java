/**
 * The root of everything that Holdfast throws: {@link dev.holdfast.error.HoldfastException}. In a package of its own
 * that uses nobody, since everybody uses it.
 */
@NullMarked
package dev.holdfast.error;

import org.jspecify.annotations.NullMarked;
