# The server of the container tests, driven by its arguments:
#   exit=N   exits with N when it is told to stop (default 0)    ignore   ignores TERM
#   orphan   leaves a dead grandchild behind, for others to reap  hog     takes memory until it is killed
import os, signal, sys, time

want = dict(a.partition("=")[::2] for a in sys.argv[1:])


def say(*words):
    print(*words, flush=True)


def stop(number, frame):
    name = signal.Signals(number).name[3:]
    say("got", name)
    if name != "USR1" and not (name == "TERM" and "ignore" in want):
        os._exit(int(want.get("exit", 0)))


for name in ("TERM", "INT", "HUP", "QUIT", "USR1"):
    signal.signal(getattr(signal, "SIG" + name), stop)
if "orphan" in want:
    child = os.fork()
    if not child:
        if not os.fork():
            time.sleep(0.2)
            say("orphan", os.getppid())
        os._exit(0)
    os.waitpid(child, 0)
say("ready", os.getpid())
if "hog" in want:
    hoard = []
    while True:
        hoard.append(bytearray(b"x" * (1 << 20)))
while True:
    signal.pause()
