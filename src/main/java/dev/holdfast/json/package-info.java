/**
 * One JSON object, written and read strictly: what lock records, control messages and the registry's files are made of.
 *
 * <p>Start at {@link dev.holdfast.json.FlatObject} and {@link dev.holdfast.json.FlatObjectWriter}. By hand, since a JSON library loads a hundred classes, which a
 * refused start and the hand-over from a killed holder would wait for: 5 ms on JDK 17, and 30 ms where they come out of
 * a jar. A test holds it against Jackson, on what is valid and on what is not. Everything that is not in a hurry is
 * written and read by Jackson itself.
 */
@NullMarked
package dev.holdfast.json;

import org.jspecify.annotations.NullMarked;
