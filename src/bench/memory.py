"""What a launcher keeps in memory while its server runs."""

import shutil
import time

import processes
from measure import Table

IDLE_JAVA = "idle empty Java program, Holdfast's options"
SUPERVISING = "holdfast run, supervising"
SERVER = ["sleep", "100000"]
FIELDS = {"Rss": "RSS", "Pss": "PSS", "Private_Dirty": "private dirty"}


def rollup(pid):
    """The kernel's sums over all mappings of a process, in MiB, by their names in proc_pid_smaps(5)."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        return {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith("kB\n")}


def mappings(pid):
    """Private dirty and shared clean memory in MiB, by the mapped file."""
    sums = {}
    name = ""
    with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            words = line.split()
            if not words[0].endswith(":"):
                name = words[5].rpartition("/")[2] if len(words) > 5 else "anonymous"
            elif words[0] in ("Private_Dirty:", "Shared_Clean:", "Private_Clean:"):
                per_file = sums.setdefault(name, {})
                per_file[words[0][:-1]] = per_file.get(words[0][:-1], 0) + int(words[1]) / 1024
    return sums


def settle(pids, seconds=15):
    """Waits until no process grows any more: a JVM has things to do after its start."""
    last, same = None, 0
    deadline = time.monotonic() + seconds
    while same < 3 and time.monotonic() < deadline:
        time.sleep(0.5)
        now = [rollup(pid)["Private_Dirty"] for pid in pids]
        same = same + 1 if now == last else 0
        last = now


def _contestants(application):
    """What is started and which of its processes is looked at: the launcher, not its server."""
    found = {
        IDLE_JAVA: application.idle_java(*application.flags()),
        "idle empty Java program, default options": application.idle_java(),
        SUPERVISING: application.run("memory", "--", *SERVER),
    }
    others = {
        "tini -s": ["tini", "-s", "--", *SERVER],
        "dumb-init": ["dumb-init", *SERVER],
        "flock FILE": ["flock", application.lock("memory-flock"), *SERVER],
        "the server itself (sleep)": SERVER,
        "holdfast run --handoff exec: server and launcher": application.run("memory-exec", "--handoff", "exec", "--", *SERVER),
    }
    found.update({name: command for name, command in others.items() if shutil.which(command[0])})
    return found


def measure(application, options):
    """RSS, PSS and private dirty memory of idle launchers."""
    tables = {field: Table("memory", f"Memory while supervising: {name}", "MiB", [IDLE_JAVA]) for field, name in FIELDS.items()}
    for _ in range(options.rounds or (1 if options.quick else 3)):
        started = {}
        try:
            for name, command in _contestants(application).items():
                started[name] = processes.Server(command, application.environment)
            settle([server.pid for server in started.values()])
            for name, server in started.items():
                sums = rollup(server.pid)
                for field, table in tables.items():
                    table.add(name, sums[field])
                if "exec" in name and len(processes.tree(server.pid)) != 1:
                    raise processes.BenchmarkError("something of Holdfast is left after --handoff exec")
        finally:
            for server in started.values():
                server.close()
    dirty = tables["Private_Dirty"]
    left = dirty.median("holdfast run --handoff exec: server and launcher") - dirty.median("the server itself (sleep)")
    dirty.goal("private dirty memory against an idle empty Java program", dirty.ratio(SUPERVISING, IDLE_JAVA)["median"], 1.3, "×")
    dirty.goal("private dirty memory left after --handoff exec", max(0.0, round(left, 1)), 0, "MiB")
    return list(tables.values())
