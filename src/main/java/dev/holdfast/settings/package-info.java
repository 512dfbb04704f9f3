/**
 * The closed choices and small records that the configuration fills and all other rooms read.
 *
 * <p>A leaf: nothing here does anything.
 */
@NullMarked
package dev.holdfast.settings;

import org.jspecify.annotations.NullMarked;
