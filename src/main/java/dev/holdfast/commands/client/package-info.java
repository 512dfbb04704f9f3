/**
 * {@code holdfast client}: Holdfast in front of the servers that AI clients start, in these clients' own files.
 *
 * <p>Start at {@link dev.holdfast.commands.client.ClientCommand}. A file is parsed to a tree of {@link
 * dev.holdfast.commands.client.Node}s that know where they stand, and changed there; all else in it stays byte for byte. It is
 * replaced whole, by rename(2): a crash leaves the old or the new one.
 */
@NullMarked
package dev.holdfast.commands.client;

import org.jspecify.annotations.NullMarked;
