/**
 * The configuration files of a session, made of templates: variables and free ports are put in, so that each value stays one value of
 * the file's format.
 *
 * <p>Start at {@link dev.holdfast.session.template.Templates}; which ports are free for whom, {@link
 * dev.holdfast.session.template.PortReservations} knows. A value is put where the template's own parser has found a place for it
 * ({@link dev.holdfast.session.template.Format}), and the result is parsed again and compared. No value is ever in a message.
 *
 * <p>On a crash: each file is there whole or as it was before. A port that was reserved for a file that was not written stays
 * reserved for its name.
 */
@NullMarked
package dev.holdfast.session.template;

import org.jspecify.annotations.NullMarked;
