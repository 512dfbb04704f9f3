package dev.holdfast.registry;

import dev.holdfast.error.HoldfastException;

/** The registry's folder cannot be used, or a file in it cannot be written. Nothing else depends on it. */
public final class RegistryException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message) {
        super(message);
    }
}
