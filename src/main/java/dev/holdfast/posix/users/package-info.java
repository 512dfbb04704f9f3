/** Names of users by jnr-posix. On the second class path, see {@link dev.holdfast.classpath.SecondClassPath}. */
@NullMarked
package dev.holdfast.posix.users;

import org.jspecify.annotations.NullMarked;
