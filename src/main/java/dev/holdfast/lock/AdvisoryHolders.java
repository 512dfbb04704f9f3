package dev.holdfast.lock;

import java.util.List;

/**
 * Who holds an advisory lock, at the moment of the look.
 *
 * @param verified the processes that were proved to hold it, in the order of their pids
 * @param unknown how many locks there are at the least whose holders could not be seen, being another user's or in
 *     another pid namespace
 */
public record AdvisoryHolders(List<AdvisoryHolder> verified, int unknown) {
    /** Copies the list. */
    public AdvisoryHolders {
        verified = List.copyOf(verified);
    }

    /**
     * Whether nobody holds it.
     *
     * @return true when there is none, known or unknown
     */
    public boolean isEmpty() {
        return verified.isEmpty() && unknown == 0;
    }

    /** For the end of a message. */
    String text() {
        if (isEmpty()) {
            return "it was given back just now";
        }
        StringBuilder text = new StringBuilder("held by ");
        for (AdvisoryHolder holder : verified) {
            text.append(holder.isThisProcess() ? "this process, pid " : "pid ")
                    .append(holder.pid())
                    .append(" (")
                    .append(holder.mode().word())
                    .append("), ");
        }
        if (unknown > 0) {
            return text + "" + unknown + " of another user or pid namespace that cannot be seen from here";
        }
        return text.substring(0, text.length() - 2);
    }
}
