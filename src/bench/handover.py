"""How soon whoever waits for a lock goes on, once the lock is free."""

import ctypes
import os
import select
import shutil
import signal
import sys
import time

import microbenchmarks
import processes
from application import HERE
from latency import STAMP
from measure import Table, compare

IN_ATTRIB = 0x4
SETTLE_SECONDS = 0.3
HOLDFAST = "holdfast run --on-conflict wait"
HOLDFAST_FROM_RELEASE = HOLDFAST + ", from the lock's release"
FLOCK = "flock FILE"
FLOCK_AFTER_HOLDFAST = "flock, waiting for the same holder's lock"
POLLER = "a poller, each 50 ms"
ACQUIRE = "AdvisoryLock.acquire()"
UP = ["echo", "up"]


class Removal:
    """Tells when a lock file is removed: Holdfast's release does so under the lock, just before it lets go."""

    def __init__(self, path):
        libc = ctypes.CDLL(None, use_errno=True)
        self.stream = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.stream < 0 or libc.inotify_add_watch(self.stream, path.encode(), IN_ATTRIB) < 0:
            raise processes.BenchmarkError("this user has no inotify watches left")

    def close(self):
        """Ends the watching."""
        os.close(self.stream)


def _first_times(streams):
    """When each stream had something to read first."""
    times = {}
    deadline = time.monotonic() + processes.DEADLINE_SECONDS
    while len(times) < len(streams) and time.monotonic() < deadline:
        ready, _, _ = select.select([each for each in streams if each not in times], [], [], 1)
        now = time.monotonic_ns()
        times.update({stream: now for stream in ready})
    if len(times) < len(streams):
        raise processes.BenchmarkError("the lock was not handed over")
    return times


def _contestants(application):
    """The holder's and the waiter's command by name, without the server."""
    lock, polled = application.lock("flocked"), application.lock("polled")
    poller = [sys.executable, "-S", "-E", os.path.join(HERE, "programs", "poller.py"), polled]
    found = {HOLDFAST: (application.run("handover", "--"), application.run("handover", "--on-conflict", "wait", "--"))}
    if shutil.which("flock"):
        found[FLOCK] = (["flock", lock], ["flock", lock])
        found[POLLER] = (["flock", polled], poller)
    return found


def _is_waiting(pid):
    """Whether nothing of a process and its children runs, in no thread: the first one of a JVM does nothing but wait."""
    return all(processes.state(thread) == "S" for each in processes.tree(pid) for thread in processes.threads(each))


def _settled(waiter):
    """Waits until the waiter waits: asleep at ten looks in a row."""
    asleep = 0
    deadline = time.monotonic() + processes.DEADLINE_SECONDS
    while asleep < 10 and time.monotonic() < deadline:
        time.sleep(SETTLE_SECONDS / 10)
        asleep = asleep + 1 if _is_waiting(waiter.pid) else 0


def measure(application, options):
    """From the holder's end to the first output of the server that waited."""
    clean = Table("handover", "Hand-over, clean: from the old server's last act to the new server's first", "ms")
    killed = Table("handover", "Hand-over, holder killed: from the SIGKILL of launcher and server to the new server's first act", "ms")
    release = []

    def hand_over(holder_command, waiter_command, end):
        holder = processes.Server([*holder_command, *STAMP], application.environment)
        holder.line()
        with processes.Server([*waiter_command, *UP], application.environment) as waiter:
            _settled(waiter)
            took = end(holder, waiter)
            waiter.reap()
        holder.close()
        return took

    def ends(holder, waiter):
        removal = Removal(application.lock("handover")) if holder.command[0] == application.executable else None
        try:
            holder.tell("end\n")
            times = _first_times([waiter.stdout, removal.stream] if removal else [waiter.stdout])
            if removal:
                release.append((times[waiter.stdout] - times[removal.stream]) / 1e6)
            return (times[waiter.stdout] - int(holder.line())) / 1e6
        finally:
            if removal:
                removal.close()

    def is_killed(holder, waiter):
        pids = processes.tree(holder.pid)
        start = time.monotonic_ns()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return (processes.await_data(waiter.stdout) - start) / 1e6

    rounds = options.rounds or (3 if options.quick else 25)
    found = _contestants(application)
    for table, end in ((clean, ends), (killed, is_killed)):
        if end is is_killed and FLOCK in found:
            # What of it is the kernel's taking down of a JVM, which comes before the locks.
            found[FLOCK_AFTER_HOLDFAST] = (found[HOLDFAST][0], ["flock", application.lock("handover")])
        compare(table, rounds, {name: (lambda pair=pair: hand_over(*pair, end))
                                for name, pair in found.items()}, warm_up=0)
    for each in release:
        clean.add(HOLDFAST_FROM_RELEASE, each)
    clean.goal("hand-over of a waited-for lock, from its release", clean.median(HOLDFAST_FROM_RELEASE), 5, "ms")
    killed.goal("hand-over from a holder that was killed", killed.median(HOLDFAST), 5, "ms")
    clean.note("Holdfast hands over when all of the old server's tree is gone; flock when its own process is.")
    return [clean, killed]


def measure_advisory(application, options):
    """From the release of an AdvisoryLock by one JVM to the first act of who waited, the library or another program."""
    closed = Table("advisory", "AdvisoryLock, hand-over: from before Hold.close() to the waiter's first act", "ms")
    killed = Table("advisory", "AdvisoryLock, holder killed: from the SIGKILL of its JVM to the waiter's first act", "ms")
    if not microbenchmarks.class_path():
        closed.note("Left out: mvn is needed to make it.")
        return [closed]
    path = application.lock("advisory")
    taker = [*microbenchmarks.java(application), "dev.holdfast.bench.LockTaker", path]
    waiters = {ACQUIRE: taker}
    if shutil.which("flock"):
        waiters[FLOCK] = ["flock", path, *UP]
        closed.baselines = killed.baselines = [FLOCK]
    waiters[POLLER] = [sys.executable, "-S", "-E", os.path.join(HERE, "programs", "poller.py"), path, *UP]

    def hand_over(command, end):
        with processes.Server(taker, application.environment) as holder:
            holder.line()
            with processes.Server(command, application.environment) as waiter:
                _settled(waiter)
                return end(holder, waiter)

    def closes(holder, waiter):
        holder.tell("close\n")
        now = processes.await_data(waiter.stdout)
        return (now - int(holder.line())) / 1e6

    def is_killed(holder, waiter):
        start = time.monotonic_ns()
        holder.kill(signal.SIGKILL)
        return (processes.await_data(waiter.stdout) - start) / 1e6

    for table, end in ((closed, closes), (killed, is_killed)):
        compare(table, options.rounds or 25, {name: (lambda command=command: hand_over(command, end))
                                              for name, command in waiters.items()}, warm_up=1)
        table.goal("hand-over of an AdvisoryLock to another process", table.median(ACQUIRE), 5, "ms")
    killed.note("The kernel takes a JVM's memory back before it closes its files: that is in all rows.")
    return [closed, killed]
