/**
 * The listening sockets that the launcher owns for its server: opened before the server is, kept through all of its
 * starts, and handed over to the launcher that takes its place. So no connection is refused meanwhile: it waits in the
 * kernel.
 *
 * <p>Start at {@link dev.holdfast.listen.ListeningSockets}. When the launcher is killed, the server has them still; when
 * that ends, too, the kernel closes them, and a socket file is left that the next start replaces.
 */
@NullMarked
package dev.holdfast.listen;

import org.jspecify.annotations.NullMarked;
