/** What the process tests share: the real launcher, a command-driven server, and looking at processes. */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
