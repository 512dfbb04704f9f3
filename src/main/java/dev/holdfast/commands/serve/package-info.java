/**
 * {@code holdfast serve}: health, metrics, a page and the tools of AI clients over HTTP, for all instances of this user.
 *
 * <p>Start at {@link dev.holdfast.commands.serve.ServeCommand} and {@link dev.holdfast.commands.serve.Routes}. Who may ask for
 * what is decided in {@link dev.holdfast.commands.serve.Access} alone. Nothing is kept: each answer is made from the registry,
 * the history and {@code /proc}, at most once in a while, see {@code Overview}. A crash leaves
 * nothing but the file of the token.
 */
@NullMarked
package dev.holdfast.commands.serve;

import org.jspecify.annotations.NullMarked;
