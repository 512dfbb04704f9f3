/**
 * A shared server over HTTP, for clients that speak it and so need no process of their own. On the second class path, see
 * {@link dev.holdfast.classpath.SecondClassPath}.
 *
 * <p>Start at {@link dev.holdfast.share.http.HttpClients}. Requests come in threads of the JDK's server; all that they want
 * from the host is done in the host's own thread, as {@link dev.holdfast.share.http.LoopTasks}, and what a client is told
 * goes back by a queue for each exchange.
 */
@NullMarked
package dev.holdfast.share.http;

import org.jspecify.annotations.NullMarked;
