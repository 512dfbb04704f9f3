/** What each of our own HTTP servers needs: bounds for whoever connects, threads, and the file of a token. */
@NullMarked
package dev.holdfast.http;

import org.jspecify.annotations.NullMarked;
