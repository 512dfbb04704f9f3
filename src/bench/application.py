"""The Holdfast that is measured, and the Java programs that it is compared with."""

import os
import shutil
import struct
import subprocess
import tempfile

import processes

HERE = os.path.dirname(os.path.abspath(__file__))


class Application:
    """An application folder made by ``mvn package``, with a lock folder of its own and one JVM for everything."""

    def __init__(self, folder, java_home, work):
        self.folder = folder
        self.executable = os.path.join(folder, "bin", "holdfast")
        self.java_home = java_home
        self.java = os.path.join(java_home, "bin", "java")
        self.work = work
        self.locks = work
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("HOLDFAST_") and name != "FORCE_TERMINATE"}
        self.environment["HOLDFAST_HOME"] = os.path.join(work, "home")
        self.environment["JAVA_HOME"] = java_home
        self._flags = None

    def use_new_locks(self):
        """From now on, a lock folder without the leftovers of what was measured before."""
        self.locks = tempfile.mkdtemp(dir=self.work)

    def lock(self, name):
        """A path in the lock folder."""
        return os.path.join(self.locks, name + ".lock")

    def run(self, name, *words):
        """``holdfast run``, for an instance of this name."""
        return [self.executable, "run", "--lock-dir", self.locks, "--name", name, *words]

    def command(self, verb, *words):
        """Any other command."""
        return [self.executable, verb, *words, "--lock-dir", self.locks]

    def hold(self, name, *options, command=("sleep", "100000")):
        """A supervised instance. Returns when its server runs."""
        server = processes.Server(
            self.run(name, *options, "--", "sh", "-c", 'echo up; exec "$@"', "sh", *command), self.environment)
        server.line()
        return server

    def flags(self):
        """The options that the launch script gives to the JVM, without its archive and class path: read from a real one."""
        if self._flags is None:
            with self.hold("flags") as server:
                with open(f"/proc/{server.pid}/cmdline", "rb") as line:
                    words = line.read().decode().split("\0")
            options = words[1:words.index("-cp")]
            own = ("-XX:SharedArchiveFile", "-XX:AOTCache", "-Djffi")
            self._flags = [word for word in options if not word.startswith(own)]
        return self._flags

    def java_major(self):
        """The JVM's version."""
        told = subprocess.run([self.java, "-version"], capture_output=True, text=True, check=True).stderr
        return int(told.partition('"')[2].split(".")[0].split('"')[0].split("-")[0])

    def archive(self):
        """The name of the class-data archive that is used with this JVM; empty when there is none."""
        with self.hold("archive") as server:
            with open(f"/proc/{server.pid}/maps", encoding="utf-8", errors="replace") as maps:
                lib = os.path.join(self.folder, "lib")
                mapped = {line.split()[-1] for line in maps if lib in line}
        return ", ".join(sorted(os.path.basename(path) for path in mapped if path.endswith((".jsa", ".aot"))))

    def empty_java(self, *flags):
        """A program that does nothing."""
        return [self.java, *flags, "-Xshare:auto", "-cp", self._classes(), "Empty"]

    def idle_java(self, *flags):
        """A program that only waits."""
        return [self.java, *flags, "-Xshare:auto", "-cp", self._classes(), "Idle"]

    def _classes(self):
        folder = os.path.join(self.work, "classes")
        if not os.path.isdir(folder):
            os.mkdir(folder)
            for name, code in (("Empty", EMPTY), ("Idle", IDLE)):
                with open(os.path.join(folder, name + ".class"), "wb") as file:
                    file.write(class_file(name, {"main": ("([Ljava/lang/String;)V", 0x9, code)}))
            with open(os.path.join(folder, "EmptyDaemon.class"), "wb") as file:
                nothing = {name: ("()V", 0x1, EMPTY) for name in ("start", "stop", "destroy")}
                nothing["init"] = ("([Ljava/lang/String;)V", 0x1, EMPTY)
                nothing["<init>"] = ("()V", 0x1, CONSTRUCTOR)
                file.write(class_file("EmptyDaemon", nothing))
        return folder


# Bytecode, so that no compiler is needed where a JRE is all there is. The constants are those of class_file.
EMPTY = b"\xb1"  # return
IDLE = b"\x14\x00\x06\xb8\x00\x08\xb1"  # Thread.sleep(Long.MAX_VALUE)
CONSTRUCTOR = b"\x2a\xb7\x00\x0e\xb1"  # super()


def class_file(name, methods):
    """A class for Java 17 without fields; the methods by name: descriptor, access flags and code."""

    def utf8(text):
        return b"\x01" + struct.pack(">H", len(text)) + text.encode()

    def pair(tag, first, second):
        return struct.pack(">BHH", tag, first, second)

    constants = [
        utf8(name), struct.pack(">BH", 7, 1), utf8("java/lang/Object"), struct.pack(">BH", 7, 3), utf8("Code"),
        struct.pack(">Bq", 5, 2**63 - 1), pair(10, 11, 9), pair(12, 12, 13), utf8("java/lang/Thread"),
        struct.pack(">BH", 7, 10), utf8("sleep"), utf8("(J)V"), pair(10, 4, 15), pair(12, 16, 17), utf8("<init>"),
        utf8("()V"),
    ]
    # A long takes two numbers: what follows the sixth constant counts from 8.
    count = len(constants) + 2
    body = b""
    for method, (descriptor, access, code) in methods.items():
        constants += [utf8(method), utf8(descriptor)]
        attribute = struct.pack(">HHI", 2, 2, len(code)) + code + b"\0\0\0\0"
        body += struct.pack(">HHHHHI", access, count, count + 1, 1, 5, len(attribute)) + attribute
        count += 2
    return (struct.pack(">IHHH", 0xCAFEBABE, 0, 61, count) + b"".join(constants)
            + struct.pack(">HHHHHH", 0x21, 2, 4, 0, 0, len(methods)) + body + b"\0\0")


def find_java():
    """The JVM that ``bin/holdfast`` would take."""
    home = os.environ.get("JAVA_HOME")
    if home:
        return home
    java = shutil.which("java")
    if java:
        return os.path.dirname(os.path.dirname(os.path.realpath(java)))
    return None
