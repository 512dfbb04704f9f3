package dev.holdfast.embed;

import java.util.List;
import java.util.Optional;

/**
 * What a second launch has handed over, copied out of its request. Byte for byte, as the system has it.
 *
 * @param arguments its arguments
 * @param variables the few of its variables that are sent, {@code NAME=value} each
 * @param folder its working directory; empty when it does not know it
 */
public record ReceivedLaunch(List<byte[]> arguments, List<byte[]> variables, Optional<byte[]> folder) {
    /** Copies the lists. */
    public ReceivedLaunch {
        arguments = List.copyOf(arguments);
        variables = List.copyOf(variables);
    }
}
