package dev.holdfast.commands.doctor;

/**
 * Something that somebody should look at, and that is no conflict of two instances.
 *
 * @param kind what, in a word
 * @param details what was found, in a sentence
 * @param recommendation what to do about it
 */
record Finding(String kind, String details, String recommendation) {}
