package dev.holdfast.guard;

import dev.holdfast.supervise.InstanceEvent;
import dev.holdfast.supervise.InstanceListener;

/**
 * Lets another main process get the death signal, too.
 *
 * @param launch knows where the signal is aimed at
 */
record DeathSignalAim(ServerLaunch launch) implements InstanceListener {
    @Override
    public void mainChanged(InstanceEvent.MainChanged event) {
        launch.aimDeathSignalAt(event.pid(), event.started());
    }

    @Override
    public void beside(InstanceEvent.Beside event) {
        event.event().tell(this);
    }
}
