package dev.holdfast.share.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** By which the threads of exchanges reach the sessions, which are the host's thread's alone. Safe for use by many threads. */
final class HostThread {
    /** The host's loop never blocks; one that does not answer in this time has ended. */
    private static final long PATIENCE_SECONDS = 10;

    private final Sessions sessions;
    private final LoopTasks tasks;

    HostThread(Sessions sessions, LoopTasks tasks) {
        this.sessions = sessions;
        this.tasks = tasks;
    }

    /** Has something asked there, and waits for the answer; empty also when the host has ended. Blocks. */
    <T> Optional<T> ask(Function<Sessions, Optional<T>> question) throws InterruptedException {
        CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
        tasks.add(() -> answer.complete(question.apply(sessions)));
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Has something done there, in the order of these calls. */
    void run(Runnable task) {
        tasks.add(task);
    }

    /** An exchange has sent this much of a session's: there may be room for more. */
    void taken(Session session, int bytes) {
        if (session.taken(bytes)) {
            tasks.add(session::flush);
        }
    }
}
