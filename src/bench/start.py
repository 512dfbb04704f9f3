"""What it costs to start a program that does nothing: with Holdfast before it, with others, and other runtimes alone."""

import itertools
import os
import shutil
import signal
import sys
import time

import processes
from measure import Table, compare

EMPTY_JAVA = "empty Java program"
NODE = "node -e 0"
RUN = "holdfast run -- true"
EXEC = "holdfast run --handoff exec -- true"
EXEC_AGAIN = EXEC + ", over the last one's lock file"
REFUSED = "refused start"


def _supervisord(application):
    """Until the first instruction of its program: it does not end with it."""
    fifo = os.path.join(application.work, "supervisord.fifo")
    os.mkfifo(fifo)
    config = os.path.join(application.work, "supervisord.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\nuser={os.getuid()}\n"
                   f"pidfile={application.work}/supervisord.pid\n"
                   f"[program:true]\ncommand=sh -c 'echo up >{fifo}; sleep 1000'\n")

    def started():
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        start = time.monotonic_ns()
        pid = processes.spawn(["supervisord", "-n", "-c", config], application.environment)
        try:
            return (processes.await_data(reader) - start) / 1e6
        finally:
            os.close(reader)
            os.kill(pid, signal.SIGTERM)
            processes.reap(pid)

    return started


def _jsvc(application):
    """Until its starter returns, which waits for the daemon to be up."""
    jar = next((path for path in ("/usr/share/java/commons-daemon.jar",) if os.path.exists(path)), None)
    if jar is None:
        return None
    application.empty_java()
    pid_file = os.path.join(application.work, "jsvc.pid")
    command = [shutil.which("jsvc"), "-home", application.java_home, "-pidfile", pid_file, "-cp",
               f"{jar}:{application.work}/classes", "-wait", "60"]

    def started():
        took = processes.run_time([*command, "EmptyDaemon"], application.environment)
        processes.run_time([*command[:-2], "-stop", "EmptyDaemon"], application.environment)
        return took

    return started


def contestants(application, held):
    """What takes part, in the table's order."""
    environment = application.environment
    fresh = itertools.count()

    def runs(command, expected=0):
        return lambda: processes.run_time(command, environment, expected)

    all_of_them = {
        EMPTY_JAVA: runs(application.empty_java("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")),
        EMPTY_JAVA + ", default options": runs(application.empty_java()),
        EMPTY_JAVA + ", Holdfast's options": runs(application.empty_java(*application.flags())),
        RUN: runs(application.run("start", "--", "true")),
        # A server that a launcher became leaves its lock file, and the next start looks for what may live of it.
        EXEC: lambda: processes.run_time(
            application.run(f"exec-{next(fresh)}", "--handoff", "exec", "--", "true"), environment),
        EXEC_AGAIN: runs(application.run("exec", "--handoff", "exec", "--", "true")),
        REFUSED: runs(application.run(held, "--", "true"), 75),
        "status": runs(application.command("status", held)),
        "status of what does not run": runs(application.command("status", "nothing"), 3),
        "python3 -c 0": runs([sys.executable, "-c", "0"]),
        "true alone": runs(["true"]),
    }
    lock = application.lock("others")
    for name, command in (
        (NODE, ["node", "-e", "0"]),
        ("tini -s -- true", ["tini", "-s", "--", "true"]),
        ("dumb-init true", ["dumb-init", "true"]),
        ("flock -n FILE true", ["flock", "-n", lock, "true"]),
        ("setlock -n FILE true", ["setlock", "-n", lock, "true"]),
        ("s6-setlock -n FILE true", ["s6-setlock", "-n", lock, "true"]),
    ):
        if shutil.which(command[0]):
            all_of_them[name] = runs(command)
    return all_of_them


def slow_contestants(application):
    """Those that need a second for each start, and so get fewer rounds."""
    found = {}
    if shutil.which("supervisord"):
        found["supervisord, to its program's start"] = _supervisord(application)
    if shutil.which("jsvc"):
        jsvc = _jsvc(application)
        if jsvc:
            found["jsvc -wait, to its return"] = jsvc
    return found


def measure(application, options):
    """The group's tables."""
    table = Table("start", "Start: from the start of the program to its end", "ms", [EMPTY_JAVA, NODE])
    with application.hold("held"):
        compare(table, options.rounds or (7 if options.quick else 31), contestants(application, "held"))
    table.goal("start against an empty Java program", table.ratio(RUN, EMPTY_JAVA)["median"], 2.2, "×")
    if NODE in table.series:
        table.goal("start against node -e 0", table.ratio(RUN, NODE)["median"], 1.0, "×")
    table.goal("refused start against a successful one", table.ratio(REFUSED, RUN)["median"], 1.0, "×")
    table.note(f"An empty Java program has the options that make it fastest (serial collector, C1 only), where it is not said "
               f"otherwise. Holdfast's class-data archive: {application.archive() or 'none for this JVM'}.")
    if options.quick:
        return [table]
    others = Table("start", "Start of those that take a second", "ms")
    for name, started in slow_contestants(application).items():
        try:
            compare(others, options.rounds or 5, {name: started}, warm_up=0)
        except processes.BenchmarkError as problem:
            del others.series[name]
            others.note(f"{name} left out: {problem}.")
    return [table, others] if others.series else [table]
