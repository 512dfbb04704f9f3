package dev.holdfast;

/** Told of second launches, see {@link Holdfast#onActivate}. */
@FunctionalInterface
public interface ActivationHandler {
    /**
     * Takes one: opens its files, say, and comes to the front. Called in a thread of its own, for one launch after the other
     * in the order in which they came, and for none twice. After {@link HoldfastBuilder#activateTimeout} that launch is
     * told that it took too long, and the thread is interrupted; those behind it wait until it has returned.
     *
     * @param activation what the second launch hands over
     * @return what the second launch ends with
     * @throws Exception if it cannot be taken; logged, and the second launch is refused
     */
    ActivationAnswer activated(Activation activation) throws Exception;
}
