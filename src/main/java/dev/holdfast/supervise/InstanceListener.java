package dev.holdfast.supervise;

/**
 * Hears what happens to an instance, and has one job. Each method is called in the loop's own thread, must not block, and
 * does nothing where the listener does not care for the event.
 */
public interface InstanceListener {
    /**
     * Something happened. For those who want all of it; the others have a method for each kind.
     *
     * @param event what
     */
    default void happened(InstanceEvent event) {
        event.tell(this);
    }

    /** See {@link InstanceEvent.Started}. */
    default void started(InstanceEvent.Started event) {}

    /** See {@link InstanceEvent.MainChanged}. */
    default void mainChanged(InstanceEvent.MainChanged event) {}

    /** See {@link InstanceEvent.Ready}. */
    default void ready(InstanceEvent.Ready event) {}

    /** See {@link InstanceEvent.NotReady}. */
    default void notReady(InstanceEvent.NotReady event) {}

    /** See {@link InstanceEvent.Notified}. */
    default void notified(InstanceEvent.Notified event) {}

    /** See {@link InstanceEvent.StrangerSpoke}. */
    default void strangerSpoke(InstanceEvent.StrangerSpoke event) {}

    /** See {@link InstanceEvent.EndedWithoutNewline}. */
    default void endedWithoutNewline(InstanceEvent.EndedWithoutNewline event) {}

    /** See {@link InstanceEvent.Reloading}. */
    default void reloading(InstanceEvent.Reloading event) {}

    /** See {@link InstanceEvent.NotReloaded}. */
    default void notReloaded(InstanceEvent.NotReloaded event) {}

    /** See {@link InstanceEvent.StatusText}. */
    default void statusText(InstanceEvent.StatusText event) {}

    /** See {@link InstanceEvent.Stopping}. */
    default void stopping(InstanceEvent.Stopping event) {}

    /** See {@link InstanceEvent.Draining}. */
    default void draining(InstanceEvent.Draining event) {}

    /** See {@link InstanceEvent.Ended}. */
    default void ended(InstanceEvent.Ended event) {}

    /** See {@link InstanceEvent.Sweeping}. */
    default void sweeping(InstanceEvent.Sweeping event) {}

    /** See {@link InstanceEvent.Killing}. */
    default void killing(InstanceEvent.Killing event) {}

    /** See {@link InstanceEvent.Refused}. */
    default void refused(InstanceEvent.Refused event) {}

    /** See {@link InstanceEvent.Survived}. */
    default void survived(InstanceEvent.Survived event) {}

    /** See {@link InstanceEvent.Gone}. */
    default void gone(InstanceEvent.Gone event) {}

    /** See {@link InstanceEvent.BackingOff}. */
    default void backingOff(InstanceEvent.BackingOff event) {}

    /** See {@link InstanceEvent.GaveUp}. */
    default void gaveUp(InstanceEvent.GaveUp event) {}

    /** See {@link InstanceEvent.OutOfReach}. */
    default void outOfReach(InstanceEvent.OutOfReach event) {}

    /** See {@link InstanceEvent.Beside}. */
    default void beside(InstanceEvent.Beside event) {}

    /** See {@link InstanceEvent.ChangedPlaces}. */
    default void changedPlaces(InstanceEvent.ChangedPlaces event) {}

    /** See {@link InstanceEvent.Alone}. */
    default void alone(InstanceEvent.Alone event) {}

    /** See {@link InstanceEvent.LockChecked}. */
    default void lockChecked(InstanceEvent.LockChecked event) {}
}
