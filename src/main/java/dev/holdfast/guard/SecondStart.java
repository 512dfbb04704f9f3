package dev.holdfast.guard;

import dev.holdfast.command.Environment;
import java.time.Duration;
import java.util.List;

/**
 * What a start hands over when it meets a running instance that is to be activated.
 *
 * @param arguments of the command, without its first word, byte for byte
 * @param environment where the few variables are taken from
 * @param patience how long the instance has to react
 */
public record SecondStart(List<byte[]> arguments, Environment environment, Duration patience) {}
