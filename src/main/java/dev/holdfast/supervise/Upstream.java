package dev.holdfast.supervise;

import dev.holdfast.posix.sockets.NotifySocket;
import dev.holdfast.text.Durations;

/**
 * A manager above, such as systemd with {@code Type=notify}, that wants to know how the server is.
 *
 * @param address its {@code NOTIFY_SOCKET}; empty when there is none
 */
public record Upstream(String address) implements InstanceListener {
    /** What a server says that concerns a manager. Not MAINPID: for it the launcher is the main process, which gets its
     * signals. Not READY: that the launcher tells when it finds it so. */
    private static final String[] PASSED_ON = {
        "STATUS",
        "RELOADING",
        "MONOTONIC_USEC",
        "STOPPING",
        "WATCHDOG",
        "WATCHDOG_USEC",
        "EXTEND_TIMEOUT_USEC",
        "ERRNO",
        "BUSERROR"
    };

    /** Never blocks; that nobody listens is the manager's affair. */
    private void tell(String text) {
        if (!address.isEmpty()) {
            var unused = NotifySocket.send(address, text);
        }
    }

    @Override
    public void ready(InstanceEvent.Ready event) {
        tell("READY=1");
    }

    @Override
    public void backingOff(InstanceEvent.BackingOff event) {
        tell("STATUS=ended, starting again in " + Durations.text(event.delay()));
    }

    @Override
    public void notified(InstanceEvent.Notified event) {
        if (address.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (String name : PASSED_ON) {
            String value = event.notification().fields().get(name);
            if (value != null) {
                text.append(name).append('=').append(value).append('\n');
            }
        }
        if (!text.isEmpty()) {
            tell(text.toString());
        }
    }
}
