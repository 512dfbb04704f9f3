package dev.holdfast.lock;

import dev.holdfast.lock.AdvisoryFile.Answer;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.waiting.RetrySchedule;
import dev.holdfast.waiting.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of this JVM that hold one file's lock or wait for it, whatever path or object they came by.
 *
 * <p>Threads wait in the order of their coming. Only the first of them stands in the queue of the processes, with a
 * ticket (see {@link AdvisoryFile}), and asks the kernel: so a JVM with many threads takes turns with the others as
 * one. The kernel's lock decides; this class keeps threads of one description, which the kernel does not tell apart,
 * from each other, and sees to it that each is woken.
 */
final class LockQueue {
    private static final ConcurrentHashMap<Inode, LockQueue> QUEUES = new ConcurrentHashMap<>();

    private final Inode inode;
    /** Guards everything here and in this file's {@link AdvisoryFile}s and {@link Hold}s. */
    private final ReentrantLock monitor = new ReentrantLock();

    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private final List<Hold> holds = new ArrayList<>(2);
    /**
     * Whether others waited when this JVM last gave the lock back. While nobody did, the next acquisition does not ask
     * again: it may overtake who began to wait since, once, and learns of that one when it gives the lock back.
     */
    private boolean contended = true;
    /** How many descriptions are open; by the rules of QUEUES.compute. */
    private int files;

    private LockQueue(Inode inode) {
        this.inode = inode;
    }

    private record Inode(long device, long number) {}

    /** One thread that waits. */
    private static final class Waiter {
        final Condition condition;
        boolean woken;

        Waiter(Condition condition) {
            this.condition = condition;
        }

        void wake() {
            woken = true;
            condition.signal();
        }
    }

    /** The queue of a file that was just opened, to be left when it is closed. */
    static LockQueue join(FileStatus file) {
        return QUEUES.compute(new Inode(file.device(), file.inode()), (inode, known) -> {
            LockQueue queue = known == null ? new LockQueue(inode) : known;
            queue.files++;
            return queue;
        });
    }

    /** One of the descriptions was closed. */
    void leave() {
        QUEUES.computeIfPresent(inode, (key, queue) -> {
            if (--queue.files > 0) {
                return queue;
            }
            LockEvents.INSTANCE.forget(queue);
            return null;
        });
    }

    /** Tries once, past those who wait. Never blocks. */
    Answer tryAcquire(Hold hold) {
        monitor.lock();
        try {
            return isFree(hold) ? take(hold) : heldOrReplaced(hold.file());
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits for the lock behind those who wait already.
     *
     * @param deadline by {@link System#nanoTime}
     * @throws LockReentryException if this thread would wait for itself
     */
    Answer acquire(Hold hold, long deadline) throws InterruptedException {
        monitor.lockInterruptibly();
        try {
            if (hold.file().isRetired()) {
                return Answer.REPLACED;
            }
            Hold own = holdOf(hold.thread());
            if (own != null) {
                if (own.mode().goesWith(hold.mode())) {
                    // At once: behind a writer that waits for this thread's first hold it would wait for ever.
                    return take(hold);
                }
                throw new LockReentryException(hold.path(), hold.mode(), own);
            }
            if (waiting.isEmpty() && isFree(hold) && !(contended && hold.file().areOthersWaiting())) {
                Answer answer = take(hold);
                if (answer != Answer.HELD) {
                    return answer;
                }
            }
            return deadline - System.nanoTime() > 0 ? await(hold, deadline) : heldOrReplaced(hold.file());
        } finally {
            monitor.unlock();
        }
    }

    private Answer await(Hold hold, long deadline) throws InterruptedException {
        AdvisoryFile file = hold.file();
        Waiter self = new Waiter(monitor.newCondition());
        waiting.add(self);
        boolean driven = LockEvents.INSTANCE.begin(this, file.descriptor());
        RetrySchedule looks =
                driven ? RetrySchedule.byEventsAndTime(Ticker.SYSTEM) : RetrySchedule.byTime(Ticker.SYSTEM);
        long ticket = -1;
        Answer answer = Answer.HELD;
        try {
            while (true) {
                boolean first = waiting.peek() == self;
                if (first) {
                    if (ticket < 0 && !file.isRetired()) {
                        ticket = file.drawTicket();
                    }
                    answer = look(hold, ticket, looks);
                } else if (file.isRetired()) {
                    answer = Answer.REPLACED;
                }
                long left = deadline - System.nanoTime();
                if (answer != Answer.HELD || left <= 0) {
                    return answer;
                }
                self.woken = false;
                var unused = self.condition.awaitNanos(first ? Math.min(left, looks.nextPause()) : left);
                if (self.woken) {
                    looks.restart();
                }
            }
        } finally {
            LockEvents.INSTANCE.end(this, driven);
            waiting.remove(self);
            if (ticket >= 0) {
                file.returnTicket(ticket);
            }
            wakeNext(file, answer != Answer.GRANTED || hold.mode() == LockMode.SHARED);
        }
    }

    private Answer look(Hold hold, long ticket, RetrySchedule looks) {
        AdvisoryFile file = hold.file();
        boolean overdue = looks.isOverdue();
        if (file.isRetired() || !isFree(hold)) {
            return heldOrReplaced(file);
        }
        // Whoever is before us may be stopped, and would keep us from a free lock: so at times we look all the same.
        return overdue || ticket < 0 || file.isFirst(ticket) ? take(hold) : heldOrReplaced(file);
    }

    private Answer take(Hold hold) {
        Answer answer = hold.file().tryLock(hold.mode());
        if (answer == Answer.GRANTED) {
            holds.add(hold);
        }
        return answer;
    }

    private static Answer heldOrReplaced(AdvisoryFile file) {
        return !file.isRetired() && file.isStillAtPath() ? Answer.HELD : Answer.REPLACED;
    }

    /** Whether nobody in this JVM is in the way. */
    private boolean isFree(Hold wanted) {
        for (int i = 0; i < holds.size(); i++) {
            if (!holds.get(i).mode().goesWith(wanted.mode())) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Hold holdOf(Thread thread) {
        for (int i = 0; i < holds.size(); i++) {
            if (holds.get(i).thread() == thread) {
                return holds.get(i);
            }
        }
        return null;
    }

    /** Gives a hold back, once. */
    void release(Hold hold) {
        monitor.lock();
        try {
            if (holds.remove(hold)) {
                // Looked for after the unlock: who tries before it, and in vain, has drawn a ticket before that.
                boolean last = hold.file().unlock();
                wakeNext(hold.file(), last);
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Turns an exclusive hold into a shared one. */
    void downgrade(Hold hold) {
        monitor.lock();
        try {
            if (!holds.contains(hold)) {
                throw new IllegalStateException("the hold on \"" + hold.path() + "\" is closed");
            }
            if (hold.mode() == LockMode.SHARED) {
                return;
            }
            if (!hold.file().downgrade()) {
                holds.remove(hold);
                wakeFirst();
                throw new LockLostException(hold.path());
            }
            hold.setMode(LockMode.SHARED);
            wakeNext(hold.file(), true);
        } finally {
            monitor.unlock();
        }
    }

    boolean isHeld(Hold hold) {
        monitor.lock();
        try {
            return holds.contains(hold)
                    && hold.file().isStillAtPath()
                    && hold.file().isLocked();
        } finally {
            monitor.unlock();
        }
    }

    /** Lets nobody lock through a description any more; those who wait for it learn of it. */
    void retire(AdvisoryFile file) {
        monitor.lock();
        try {
            file.retire();
            waiting.forEach(Waiter::wake);
        } finally {
            monitor.unlock();
        }
    }

    /** Something happened to the file. */
    void changed() {
        monitor.lock();
        try {
            wakeFirst();
        } finally {
            monitor.unlock();
        }
    }

    private void wakeNext(AdvisoryFile file, boolean othersToo) {
        wakeFirst();
        // Asked in any case: readers whose holds overlap never give the last one back, and are to see a writer wait.
        contended = file.isClosed() || file.areOthersWaiting();
        if (othersToo && contended && !file.isClosed()) {
            file.wakeOthers();
        }
    }

    private void wakeFirst() {
        Waiter first = waiting.peek();
        if (first != null) {
            first.wake();
        }
    }
}
