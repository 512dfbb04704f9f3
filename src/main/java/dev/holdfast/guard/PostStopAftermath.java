package dev.holdfast.guard;

import dev.holdfast.hook.Hooks;
import dev.holdfast.posix.processes.Children;
import dev.holdfast.supervise.Aftermath;

/** The command after a server's end, as something that the loop waits for. */
final class PostStopAftermath implements Aftermath {
    private final Hooks.PostStop command;

    PostStopAftermath(Hooks.PostStop command) {
        this.command = command;
    }

    @Override
    public int descriptor() {
        return command.descriptor();
    }

    @Override
    public long deadline() {
        return command.deadline();
    }

    @Override
    public void heard(Children.News news) {
        command.heard(news);
    }

    @Override
    public boolean isOver(long now) {
        return command.isOver(now);
    }

    @Override
    public void finish() {
        command.finish();
    }
}
