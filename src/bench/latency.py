"""How long a signal takes through a launcher, and how long a launcher lives on after its server."""

import os
import random
import shutil
import signal
import sys
import time

import processes
from application import HERE
from measure import Table, compare

STAMP = [sys.executable, "-S", "-E", os.path.join(HERE, "programs", "stamp.py")]
DIRECT = "no launcher"
HOLDFAST = "holdfast run"
EXEC = "holdfast run --handoff exec"
SETTLE_SECONDS = 0.2


def _launchers(application, with_lockers):
    """Command lines in front of the server's, by name."""
    found = {
        DIRECT: [],
        HOLDFAST: application.run("latency", "--"),
        EXEC: application.run("latency-exec", "--handoff", "exec", "--"),
    }
    others = {"tini -s": ["tini", "-s", "--"], "dumb-init": ["dumb-init"]}
    if with_lockers:
        others["flock -n FILE"] = ["flock", "-n", application.lock("latency-flock")]
    found.update({name: command for name, command in others.items() if shutil.which(command[0])})
    return found


def _server(application, launcher):
    server = processes.Server([*launcher, *STAMP], application.environment)
    server.line()
    return server


def measure_signals(application, options):
    """USR1 at the launcher until the server's handler runs."""
    table = Table("signal", "Signal: from kill(launcher, USR1) to the server's handler", "ms", [DIRECT])
    servers = {name: _server(application, launcher) for name, launcher in _launchers(application, False).items()}

    def delay(server):
        time.sleep(random.uniform(0.001, 0.005))
        start = time.monotonic_ns()
        server.kill(signal.SIGUSR1)
        return (int(server.line()) - start) / 1e6

    try:
        time.sleep(SETTLE_SECONDS)
        contestants = {name: (lambda server=server: delay(server)) for name, server in servers.items()}
        compare(table, options.rounds or (100 if options.quick else 400), contestants, warm_up=10)
    finally:
        for server in servers.values():
            server.close()
    table.goal("signal latency", table.median(HOLDFAST), 1.0, "ms")
    table.note("The server is a Python program; what is measured with no launcher is the floor of the measurement itself: "
               "the kernel's wake-up and Python's way to its handler. The launchers have been signalled ten times before.")
    return [table]


def measure_exits(application, options):
    """The server's last act until the launcher is gone; and the first TERM of a launcher's life."""
    exits = Table("exit", "Exit: from the server's last act to the end of its launcher", "ms", [DIRECT])
    first = Table("exit", "First signal of a launcher's life: from kill(launcher, TERM) to the server's handler", "ms", [DIRECT])
    stopped = Table("exit", "Exit after a TERM: from the server's last act to the end of its launcher", "ms", [DIRECT])
    launchers = _launchers(application, True)

    def ends_by_itself(launcher):
        with _server(application, launcher) as server:
            time.sleep(SETTLE_SECONDS)
            server.tell("end\n")
            last_act = int(server.line())
            return (server.reap() - last_act) / 1e6

    def is_stopped(name, launcher):
        with _server(application, launcher) as server:
            time.sleep(SETTLE_SECONDS)
            start = time.monotonic_ns()
            server.kill(signal.SIGTERM)
            last_act = int(server.line())
            first.add(name, (last_act - start) / 1e6)
            return (server.reap() - last_act) / 1e6

    rounds = options.rounds or (4 if options.quick else 25)
    compare(exits, rounds, {name: (lambda launcher=launcher: ends_by_itself(launcher))
                            for name, launcher in launchers.items()}, warm_up=1)
    signalled = {name: launcher for name, launcher in launchers.items() if not name.startswith("flock")}
    compare(stopped, rounds, {name: (lambda name=name, launcher=launcher: is_stopped(name, launcher))
                              for name, launcher in signalled.items()}, warm_up=0)
    exits.goal("server's exit to launcher's exit", exits.median(HOLDFAST), 15, "ms")
    first.goal("latency of the first signal", first.median(HOLDFAST), 1.0, "ms")
    stopped.goal("server's exit to launcher's exit, after a TERM", stopped.median(HOLDFAST), 15, "ms")
    exits.note("What is measured with no launcher is the end of the Python program that is the server.")
    return [exits, first, stopped]
