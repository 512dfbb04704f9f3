"""Lock and unlock inside one JVM."""

import microbenchmarks
from measure import Table

BASELINE = "FileChannel.tryLock and release, open channel"
WHOLE = "Holdfast's whole lock: open, check, lock, interlock, unlink"
ADVISORY = "AdvisoryLock, exclusive: acquire and close"
ALONE = "persist without a lock"
IN_TURNS = "persist with the lock"
NAMES = {
    "advisoryExclusive": ADVISORY,
    "advisoryShared": "AdvisoryLock, shared: acquire and close",
    "advisoryOpenLockClose": "AdvisoryLock: open, acquire, close, close",
    "channelTryLockOnOpenChannel": BASELINE,
    "channelOpenLockCloseDelete": "FileChannel: open, tryLock, close, delete",
    "flockOnOpenDescriptor": "flock and unlock, open descriptor (FileLocks)",
    "bothLocksOnOpenDescriptor": "flock and byte lock and back, open descriptor (FileLocks)",
    "wholeLock": WHOLE,
    "wholeLockWithRecord": "the same with its record written",
}


def measure(application, options):
    """The group's table."""
    table = Table("library", "Library: lock and unlock, nobody else wants it", "µs", [BASELINE])
    if not microbenchmarks.class_path():
        table.note("Left out: mvn is needed to make it.")
        return [table]

    found = microbenchmarks.run(application, "LockBenchmark", {"folder": application.work}, options.rounds or 10)
    for method, name in NAMES.items():
        for value in found[method]:
            table.add(name, value)
    table.goal("the library's lock and unlock", table.median(ADVISORY), 3, "µs")
    table.goal("lock and unlock on an open descriptor", table.median(NAMES["flockOnOpenDescriptor"]), 3, "µs")
    table.note("By JMH, in one JVM with its default options; n are iterations of a second each.")
    return [table, persist(application, options)]


def persist(application, options):
    """What the lock adds to the work that it is there for."""
    table = Table("persist", "Document index: one document added to a hundred, nobody else there", "µs", [ALONE])
    found = microbenchmarks.run(application, "PersistBenchmark", {"folder": application.work}, options.rounds or 10)
    for method, name in (("persistWithoutLock", ALONE), ("persistWithLock", IN_TURNS)):
        for value in found[method]:
            table.add(name, value)
    table.goal("persist with the lock against without", table.median(IN_TURNS) / table.median(ALONE), 1.1, "×")
    return table
