"""Waits for a lock as most programs do: tries, and sleeps 50 ms. Then becomes the command that is given."""

import fcntl
import os
import sys
import time

lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
os.write(2, b"waiting\n")
while True:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        break
    except BlockingIOError:
        time.sleep(0.05)
os.execvp(sys.argv[2], sys.argv[2:])
