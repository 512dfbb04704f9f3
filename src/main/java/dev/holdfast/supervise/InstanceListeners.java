package dev.holdfast.supervise;

import java.util.ArrayList;
import java.util.List;

/** Those who hear what happens to an instance, in the order in which they came. Not safe for use by many threads. */
public final class InstanceListeners {
    private final List<InstanceListener> listeners = new ArrayList<>();

    /**
     * Lets somebody hear what happens from now on.
     *
     * @param listener hears it after those who are there already
     */
    public void add(InstanceListener listener) {
        listeners.add(listener);
    }

    /**
     * Lets somebody hear no more.
     *
     * @param listener who was added
     */
    public void remove(InstanceListener listener) {
        listeners.remove(listener);
    }

    /**
     * Tells all of them.
     *
     * @param event what happened
     */
    public void tell(InstanceEvent event) {
        for (InstanceListener listener : listeners) {
            listener.happened(event);
        }
    }
}
