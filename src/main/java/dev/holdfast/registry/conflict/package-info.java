/**
 * Which instances get in each other's way: decided from what the registry says of them, without a look at any process.
 *
 * <p>Start at {@link dev.holdfast.registry.conflict.ConflictSearch}. How strict it is stands in one table, {@link
 * dev.holdfast.registry.conflict.LevelRules}; the documentation has the same one, and a test compares them.
 */
@NullMarked
package dev.holdfast.registry.conflict;

import org.jspecify.annotations.NullMarked;
