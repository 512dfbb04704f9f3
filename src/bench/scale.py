"""How the costs grow with the number of instances, and of processes on the machine."""

import os
import time

import memory
import microbenchmarks
import processes
from measure import Table, compare
from start import EMPTY_JAVA

INSTANCES = [1, 10, 100]
PROCESSES = 10_000
SPARE_TASKS = 4_000
MIB_PER_INSTANCE = 45
IDLE_SECONDS = 20


def _operations(application):
    """What is measured at each size; the instance that they are about is called 0."""
    environment = application.environment

    def runs(command, expected=0):
        return lambda: processes.run_time(command, environment, expected)

    def takeover():
        victim = application.hold("victim")
        # Times of locks are told in ticks of 10 ms, and a holder of the same tick counts as the newer one.
        time.sleep(0.05)
        took = processes.run_time(application.run("victim", "--force", "--", "true"), environment)
        victim.reap()
        victim.close()
        return took

    return {
        EMPTY_JAVA: runs(application.empty_java("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")),
        "start of one more: holdfast run -- true": runs(application.run("more", "--", "true")),
        "refused start": runs(application.run("0", "--", "true"), 75),
        "takeover: stop of the holder, start, end": takeover,
        "status NAME": runs(application.command("status", "0")),
        "status of all": runs(application.command("status")),
    }


def _costs(application, options, population):
    whole = compare(Table("scale", f"Whole commands, {population}", "ms", [EMPTY_JAVA]), options.rounds or 11,
                    _operations(application), warm_up=1)
    tables = [whole]
    if microbenchmarks.class_path():
        inside = Table("scale", f"Proof of the holder inside a JVM, {population}", "µs")
        found = microbenchmarks.run(application, "VerificationBenchmark", {"lockFile": application.lock("0")}, 5)
        for method, name in (("byRecord", "by its record (status, refused start, takeover)"),
                             ("byScan", "by a look at all processes (when the record is of no use)")):
            for value in found[method]:
                inside.add(name, value)
        tables.append(inside)
    return tables


def _cpu_nanos(pids):
    """What all threads of some processes have used."""
    total = 0
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as stat:
                total += int(stat.read().split()[0])
    return total


def _idle(pids):
    """Share of one processor that all of them use together, in per cent."""
    time.sleep(10)
    before, start = _cpu_nanos(pids), time.monotonic_ns()
    time.sleep(IDLE_SECONDS)
    return 100 * (_cpu_nanos(pids) - before) / (time.monotonic_ns() - start)


def _footprint(instances):
    pids = [instance.pid for instance in instances]
    count = len(pids)
    idle = Table("scale", f"Processor used by {count} idle launchers together", "% of one")
    idle.add("all launchers", _idle(pids))
    size = Table("scale", f"Memory of each of {count} launchers", "MiB")
    for pid in pids:
        sums = memory.rollup(pid)
        for field, name in memory.FIELDS.items():
            size.add(name, sums[field])
        size.add("shared with others", sums["Shared_Clean"] + sums["Shared_Dirty"])
    size.note(f"All {count} together: {sum(size.series['PSS']):.0f} MiB (PSS).")
    tables = [idle, size]
    for field, name in (("Private_Dirty", "private dirty"), ("Shared_Clean", "shared")):
        where = Table("scale", f"What is {name} in one of {count} launchers, by mapped file", "MiB")
        sums = {file: each.get(field, 0) for file, each in memory.mappings(pids[-1]).items()}
        for file in sorted(sums, key=sums.get, reverse=True)[:6]:
            where.add(file, sums[file])
        tables.append(where)
    return tables


def _available_mib():
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable"))


def _spare_tasks():
    with open("/proc/sys/kernel/pid_max", encoding="ascii") as file:
        most = int(file.read())
    with open("/proc/loadavg", encoding="ascii") as file:
        return most - int(file.read().split()[3].partition("/")[2])


def measure(application, options):
    """1, 10 and 100 instances."""
    tables, instances = [], []
    try:
        for count in INSTANCES:
            if _available_mib() < (count - len(instances)) * MIB_PER_INSTANCE:
                tables.append(Table("scale", f"{count} instances", "ms"))
                tables[-1].note("Left out: not enough memory.")
                break
            while len(instances) < count:
                instances.append(application.hold(str(len(instances))))
            if count > 1:
                tables += _footprint(instances)
            tables += _costs(application, options, f"{count} instance{'s' if count > 1 else ''} running")
    finally:
        for instance in instances:
            instance.close()
    return tables


def measure_processes(application, options):
    """One instance, without and with ten thousand processes that have nothing to do with it."""
    with application.hold("0"):
        tables = _costs(application, options, "no other processes of ours")
        if _spare_tasks() < PROCESSES + SPARE_TASKS:
            tables[0].note(f"Left out with {PROCESSES:,} processes: the machine cannot have so many.")
            return tables
        pids = []
        try:
            for _ in range(PROCESSES):  # cheap: their pages are shared
                pids.append(processes.spawn(["/bin/sleep", "100000"], application.environment))
            tables += _costs(application, options, f"{PROCESSES:,} processes on the machine")
        finally:
            for pid in pids:
                os.kill(pid, 9)
            for pid in pids:
                processes.reap(pid)
    return tables
