/**
 * The scenario that the advisory lock was made for: several instances of a server, each of them another assistant's, keep
 * the index of one folder of documents. {@link dev.holdfast.example.DocumentIndex} is what such a server has,
 * {@link dev.holdfast.example.Indexer} the server.
 */
@NullMarked
package dev.holdfast.example;

import org.jspecify.annotations.NullMarked;
