"""Starting programs cheaply, and ending all that was started, by pid."""

import ctypes
import os
import select
import signal
import time

PR_SET_CHILD_SUBREAPER = 36
DEADLINE_SECONDS = 30


class BenchmarkError(Exception):
    """Something did not do what it is measured for."""


def children_of(parents):
    """The pids whose parent is one of these."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    if int(stat.read().rpartition(b")")[2].split()[1]) in parents:
                        found.append(int(name))
            except (OSError, IndexError):
                pass
    return found


def adopt_orphans():
    """Lets what loses its parent become a child of this process, so that nothing that it started can get away."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all():
    """Ends and reaps everything that descends from this process."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        for pid in children_of({os.getpid()}):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def spawn(command, environment, stdin=None, stdout=None, stderr=None, new_group=False):
    """Starts a program; streams that are not given are /dev/null. Returns its pid.

    With an empty signal mask and default dispositions, as from a shell: Python itself ignores PIPE.
    """
    actions = []
    for number, stream in ((0, stdin), (1, stdout), (2, stderr)):
        if stream is None:
            actions.append((os.POSIX_SPAWN_OPEN, number, "/dev/null", os.O_RDWR, 0))
        else:
            actions.append((os.POSIX_SPAWN_DUP2, stream, number))
    options = {"setpgroup": 0} if new_group else {}
    return os.posix_spawnp(command[0], command, environment, file_actions=actions, setsigmask=[],
                           setsigdef=[signal.SIGPIPE, signal.SIGXFSZ], **options)


def reap(pid):
    """Waits for the end; returns the exit code as a shell tells it."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def run_time(command, environment, expected=0):
    """From the start of a program to its end, in milliseconds."""
    start = time.monotonic_ns()
    code = reap(spawn(command, environment))
    took = (time.monotonic_ns() - start) / 1e6
    if code != expected:
        raise BenchmarkError(f"{' '.join(command)} ended with {code}, not {expected}")
    return took


def await_data(stream, timeout=DEADLINE_SECONDS):
    """Waits until there is something to read; returns when that was, in nanoseconds of the monotonic clock."""
    ready, _, _ = select.select([stream], [], [], timeout)
    now = time.monotonic_ns()
    if not ready:
        raise BenchmarkError("a program that should have said something did not")
    return now


class Server:
    """A running program whose first line says that it is there, and whose streams are pipes of ours."""

    def __init__(self, command, environment, new_group=False):
        self.command = command
        stdin, self.stdin = os.pipe()
        self.stdout, stdout = os.pipe()
        try:
            self.pid = spawn(command, environment, stdin, stdout, new_group=new_group)
        finally:
            os.close(stdin)
            os.close(stdout)
        self.buffer = b""
        self.ended = None

    def line(self, timeout=DEADLINE_SECONDS):
        """The next line of its output."""
        deadline = time.monotonic() + timeout
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.stdout], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self.stdout, 4096) if ready else b""
            if not chunk:
                raise BenchmarkError(f"{' '.join(self.command)} said nothing")
            self.buffer += chunk
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode()

    def tell(self, text):
        """Writes to its standard input."""
        os.write(self.stdin, text.encode())

    def kill(self, number):
        """Sends a signal."""
        os.kill(self.pid, number)

    def reap(self):
        """Waits for its end; returns when that was noticed, in nanoseconds of the monotonic clock."""
        if self.ended is None:
            reap(self.pid)
            self.ended = time.monotonic_ns()
        return self.ended

    def close(self):
        """Ends it gracefully, then what it leaves behind, and lets go of its streams."""
        if self.ended is None:
            family = set(tree(self.pid))
            self.kill(signal.SIGTERM)
            self.reap()
            # flock, for one, dies of a TERM and leaves its child behind, with the lock. It is our child now.
            for pid in family.intersection(children_of({os.getpid()})):
                os.kill(pid, signal.SIGKILL)
                reap(pid)
        for stream in (self.stdin, self.stdout):
            if stream >= 0:
                os.close(stream)
        self.stdin = self.stdout = -1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def tree(pid):
    """A process and all that descends from it."""
    found, generation = [pid], [pid]
    while generation:
        generation = children_of(set(generation))
        found.extend(generation)
    return found


def threads(pid):
    """The threads of a process, by their numbers; itself when it is gone."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return [pid]


def state(pid):
    """The state letter of a process or a thread, as in proc_pid_stat(5); empty when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0].decode()
    except OSError:
        return ""
