"""A server that tells when things happened to it, in nanoseconds of the monotonic clock, one line each.

USR1: tells when its handler ran. TERM: the same, then ends. A line on standard input: tells the time and ends.
"""

import os
import signal
import time


def stamp(*_):
    os.write(1, b"%d\n" % time.monotonic_ns())


def stamp_and_end(*_):
    stamp()
    os._exit(0)


signal.signal(signal.SIGUSR1, stamp)
signal.signal(signal.SIGTERM, stamp_and_end)
os.write(1, b"ready\n")
if os.read(0, 1):
    stamp_and_end()
while True:
    signal.pause()
