package dev.holdfast.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread for each request, also for those that are sent letter by letter: so nobody waits behind such a one. Where no more
 * threads are to be had, some that are always there do the work in turns.
 */
final class RequestThreads implements Executor {
    private static final long STACK_BYTES = 256 << 10;
    private static final int IDLE_SECONDS = 10;
    private static final int RESERVED = 4;

    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor reserve;

    /** No more than so many at once, beside the reserved ones. */
    RequestThreads(int most) {
        threads = new ThreadPoolExecutor(
                0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), RequestThreads::thread);
        reserve = new ThreadPoolExecutor(
                RESERVED, RESERVED, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), RequestThreads::thread);
        var unused = reserve.prestartAllCoreThreads();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "request", STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) { // the latter stands for a limit of threads, too
            reserve.execute(task);
        }
    }
}
