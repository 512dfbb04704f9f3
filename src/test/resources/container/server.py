# The server of the container tests, driven by its arguments:
#   exit=N   exits with N when it is told to stop (default 0)    ignore   ignores TERM
#   orphan   leaves a dead grandchild behind, for others to reap  hog     takes memory until it is killed
#   referee=FILE  says "overlap" there and on stdout, when another server that was given this file is alive
#   slow=S   takes so many seconds to stop                        data    says whether it has the lock for its data
import fcntl, os, signal, sys, time

want = dict(a.partition("=")[::2] for a in sys.argv[1:])


def say(*words):
    # In one write(2): print() fails in a handler that comes while it is at work, as when two signals come together.
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def stop(number, frame):
    name = signal.Signals(number).name[3:]
    say("got", name)
    if name != "USR1" and not (name == "TERM" and "ignore" in want):
        time.sleep(float(want.get("slow", 0)))
        os._exit(int(want.get("exit", 0)))


def locked(path):
    global kept
    kept = open(path, "a+")
    try:
        fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


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
if "referee" in want and not locked(want["referee"]):
    os.write(kept.fileno(), b"overlap\n")
    say("overlap")
if "data" in want:
    say("data", "mine" if locked(os.environ["HOLDFAST_DATA_LOCK"]) else "busy")
say("ready", os.getpid())
if "hog" in want:
    hoard = []
    while True:
        hoard.append(bytearray(b"x" * (1 << 20)))
while True:
    signal.pause()
