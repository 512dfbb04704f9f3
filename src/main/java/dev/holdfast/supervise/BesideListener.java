package dev.holdfast.supervise;

/**
 * Hears of a server that runs beside the instance's own, and passes it on as such.
 *
 * @param listeners hear it
 */
record BesideListener(InstanceListeners listeners) implements InstanceListener {
    @Override
    public void happened(InstanceEvent event) {
        listeners.tell(new InstanceEvent.Beside(event));
    }
}
