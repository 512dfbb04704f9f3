/**
 * The registry: a file for each running instance, so that all of them can be seen, compared and cleaned up after. It
 * describes and never decides: who holds a lock is the kernel's word, and no start is refused for what stands here.
 *
 * <p>Start at {@link dev.holdfast.registry.InstanceRecord}, which is what a file says, and at
 * {@link dev.holdfast.registry.InstancesFolder}, which writes, removes and lists them; each that it lists is an
 * {@link dev.holdfast.registry.InstanceEntry}. What an instance is made of is a
 * {@link dev.holdfast.registry.Configuration}.
 *
 * <p>A file is {@code instances/server_INSTANCEID.json} in Holdfast's own folder, or in the one of
 * {@code --tracking-dir}: one JSON object with what the lock record says, and more. It is written by its instance alone,
 * as a new file that is renamed, so a reader sees the old or the new one. Mode 0600, in a folder of mode 0700, or in one
 * that is shared as {@code /tmp} is, with the sticky bit; then each user reads and removes his own files only. Nothing
 * is followed: the folder is opened once, and all names are looked up in it.
 *
 * <p>Whether an instance lives is decided by its verified identity, and, where that is gone, by its lock: by the
 * process that has the recorded start time and the number of its pidfd. A heartbeat that is late proves nothing, since
 * the machine may have slept. A file of another pid namespace or of another machine's boot is of an instance elsewhere, which
 * cannot be judged here; one of an earlier boot of this machine is stale. What is no record is moved aside and named, never emptied.
 *
 * <p>Of the configuration there are keyed digests only, under a key of the user's own: two of them can be told apart and
 * the difference can be named, and no value can be guessed from the file.
 *
 * <p>On a crash the file stays, and is stale: the listing says so. A half-written one stays under another name, and is
 * removed by the next listing.
 */
@NullMarked
package dev.holdfast.registry;

import org.jspecify.annotations.NullMarked;
