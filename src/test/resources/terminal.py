#!/usr/bin/env python3
"""Runs a command as the leader of a session with a terminal of its own: terminal.py COMMAND...

What comes on stdin are the keys, what the terminal shows goes to stdout, the end of stdin hangs the terminal up.
Says "<pid N>" at the start, and "<exit N>" or "<signal N>" at the end.
"""
import os
import pty
import select
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])


def say(text):
    os.write(1, text.encode())


say("<pid %d>\n" % pid)
keys = [0]
while True:
    readable, _, _ = select.select(keys + [terminal], [], [])
    if terminal in readable:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            shown = b""
        if not shown:
            break
        os.write(1, shown)
    elif 0 in readable:
        typed = os.read(0, 4096)
        if not typed:
            break
        os.write(terminal, typed)
os.close(terminal)
status = os.waitpid(pid, 0)[1]
say("<signal %d>\n" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "<exit %d>\n" % os.WEXITSTATUS(status))
