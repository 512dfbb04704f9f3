"""What it costs that several clients share a server of the Model Context Protocol, beside one server for each."""

import fcntl
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time

import memory
import processes
from application import HERE
from measure import Table, compare

SERVER = [sys.executable, "-S", "-E", os.path.join(HERE, "programs", "echo_mcp.py")]
DIRECT = "no launcher"
UNSHARED = "holdfast run"
SHARED = "holdfast run --share"
OVER_HTTP = SHARED + ", 1 client over HTTP"
COMPANY = (1, 3, 10)
LARGE_BYTES = 5_000_000
PIPE_BYTES = 1 << 20
F_SETPIPE_SZ = 1031


def _start(application, name, *options):
    """A start of a shared server."""
    return application.run(name, "--share", "--linger", "0", *options, "--", *SERVER)


class Client(processes.Server):
    """A client that has a server of its own, as far as it can tell."""

    def __init__(self, command, environment):
        super().__init__(command, environment)
        self.number = 0
        os.set_blocking(self.stdin, False)
        for stream in (self.stdin, self.stdout):
            fcntl.fcntl(stream, F_SETPIPE_SZ, PIPE_BYTES)  # else a large message measures this program's turns

    def ask(self, method, parameters):
        """Sends a request and returns its answer's bytes."""
        self.number += 1
        request = b'{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}\n' % (self.number, method, parameters)
        left = memoryview(request)
        pieces = []
        while not pieces or not pieces[-1].endswith(b"\n"):
            ready, writable, _ = select.select([self.stdout], [self.stdin] if left else [], [], processes.DEADLINE_SECONDS)
            if writable:
                left = left[os.write(self.stdin, left):]
            if ready:
                pieces.append(os.read(self.stdout, PIPE_BYTES))
            if (ready and not pieces[-1]) or not (ready or writable):
                raise processes.BenchmarkError("a client got no answer")
        return b"".join(pieces)

    def initialize(self):
        """The handshake."""
        answer = self.ask(b"initialize", b'{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}')
        if b'"echo"' not in answer:
            raise processes.BenchmarkError(f"no handshake: {answer[:300]!r}")
        os.write(self.stdin, b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        return self

    def call(self, argument):
        """A call; its time in milliseconds."""
        parameters = b'{"name":"echo","arguments":{"text":"%s"}}' % argument
        start = time.monotonic_ns()
        answer = self.ask(b"tools/call", parameters)
        took = (time.monotonic_ns() - start) / 1e6
        if len(answer) < len(argument):
            raise processes.BenchmarkError(f"a wrong answer: {answer[:300]!r}")
        return took

    def end(self):
        """Closes its server's input; how long the server, or what stands for it, lives on, in milliseconds."""
        start = time.monotonic_ns()
        os.close(self.stdin)
        self.stdin = -1
        return (self.reap() - start) / 1e6


class HttpClient:
    """A client of a shared server over HTTP, by a connection that stays: it sends and reads as little as it can."""

    def __init__(self, application):
        """Of a host that stays until it is stopped."""
        self.stop = application.command("stop", "http")
        self.environment = application.environment
        start = [application.executable, "start", "--share", "--http", "0", "--http-no-token", "--lock-dir", application.locks,
                 "--name", "http", "--", *SERVER]
        subprocess.run(start, env=self.environment, stdout=subprocess.DEVNULL, check=True)
        status = application.command("status", "--json", "http")
        told = json.loads(subprocess.run(status, env=self.environment, stdout=subprocess.PIPE, check=True).stdout)
        self.port = int(told["share"]["url"].split(":")[2].split("/")[0])
        self.stream = socket.create_connection(("127.0.0.1", self.port))
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.session = b""
        self.number = 0
        head, _ = self.ask(b"initialize", b'{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}')
        self.session = b"Mcp-Session-Id: " + head.lower().split(b"mcp-session-id: ")[1].split(b"\r\n")[0] + b"\r\n"

    def ask(self, method, parameters):
        """Sends a request; the answer's head and its body."""
        self.number += 1
        body = b'{"jsonrpc":"2.0","id":%d,"method":"%s","params":%s}' % (self.number, method, parameters)
        self.stream.sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
                            % (self.port, self.session, len(body), body))
        found = b""
        while b"\r\n\r\n" not in found:
            found += self._read()
        head, _, rest = found.partition(b"\r\n\r\n")
        pieces = [rest]
        left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) - len(rest)
        while left > 0:
            pieces.append(self._read())
            left -= len(pieces[-1])
        return head, b"".join(pieces)

    def _read(self):
        piece = self.stream.recv(PIPE_BYTES)
        if not piece:
            raise processes.BenchmarkError("a client over HTTP got no answer")
        return piece

    def call(self, argument):
        """A call; its time in milliseconds."""
        parameters = b'{"name":"echo","arguments":{"text":"%s"}}' % argument
        start = time.monotonic_ns()
        _, answer = self.ask(b"tools/call", parameters)
        took = (time.monotonic_ns() - start) / 1e6
        if len(answer) < len(argument):
            raise processes.BenchmarkError(f"a wrong answer: {answer[:300]!r}")
        return took

    def close(self):
        """Leaves, and has the host stopped."""
        self.stream.close()
        subprocess.run(self.stop, env=self.environment, stdout=subprocess.DEVNULL, check=True)


def _contestants(application):
    """Clients by what they start. Those that share have one server."""
    environment = application.environment
    found = {
        DIRECT: [Client(SERVER, environment)],
        UNSHARED: [Client(application.run("unshared", "--transport", "stdio", "--", *SERVER), environment)],
    }
    for count in COMPANY:
        name = f"{SHARED}, {count} client" + ("s" if count > 1 else "")
        found[name] = [Client(_start(application, f"shared{count}"), environment).initialize() for _ in range(count)]
    for name in (DIRECT, UNSHARED):
        found[name][0].initialize()
    found[OVER_HTTP] = [HttpClient(application)]
    return found


def _host(application, count):
    """The process that has the lock."""
    lock = application.lock(f"shared{count}")
    candidates = [lock] + [os.path.join(application.locks, each) for each in os.listdir(application.locks)
                           if each.startswith(f"shared{count}-") and each.endswith(".lock")]
    for path in candidates:
        if os.path.exists(path):
            with open(path, encoding="utf-8") as record:
                return int(record.read().split('"pid":')[1].split(",")[0])
    raise processes.BenchmarkError(f"there is no lock of shared{count}")


def _memory(application, clients):
    """Of the attachments and of the host, once all have been used."""
    table = Table("share", "Memory of a shared server's processes: private dirty", "MiB")
    for count in COMPANY:
        attached = next(found for name, found in clients.items() if f", {count} client" in name and name != OVER_HTTP)
        host = _host(application, count)
        memory.settle([host] + [client.pid for client in attached])
        for client in attached:
            table.add("attachment", memory.rollup(client.pid)["Private_Dirty"])
        table.add(f"host of {count}", memory.rollup(host)["Private_Dirty"])
    table.add(UNSHARED, memory.rollup(clients[UNSHARED][0].pid)["Private_Dirty"])
    return table


def measure(application, options):
    """Latency, large messages, memory, connecting and ending."""
    calls = Table("share", "A call: from the request to its answer", "ms", [DIRECT])
    large = Table("share", f"A call with {LARGE_BYTES // 1_000_000} MB each way", "ms", [DIRECT])
    rounds = options.rounds or 500
    clients = _contestants(application)
    try:
        used = {name: found[0] for name, found in clients.items()}
        compare(calls, rounds, {name: (lambda client=client: client.call(b"hello")) for name, client in used.items()}, warm_up=300)
        first = f"{SHARED}, {COMPANY[0]} client"
        calls.goal("added latency of a call", round(calls.median(first) - calls.median(DIRECT), 3), 0.25, "ms")
        calls.goal("latency of a call", round(calls.ratio(first, DIRECT)["median"], 2), 2, "×")
        argument = b"x" * LARGE_BYTES
        compare(large, max(5, rounds // 25), {name: (lambda client=client: client.call(argument)) for name, client in used.items()}, warm_up=5)
        large.goal("a large message", round(large.ratio(first, DIRECT)["median"], 2), 1.2, "×")
        sizes = _memory(application, clients)
    finally:
        for found in clients.values():
            for client in found:
                client.close()
    return [calls, large, sizes, *_connecting(application, max(5, rounds // 25))]


def _connecting(application, rounds):
    """From a client's start of its server to the answer of the handshake; and from its end of input, or signal, to that one's end."""
    connect = Table("share", "Connecting: from the start to the handshake's answer", "ms", [DIRECT])
    ends = Table("share", "Ending: from the end of input, or TERM, to the process's end", "ms")
    late = []

    def connected(command, then):
        start = time.monotonic_ns()
        client = Client(command, application.environment).initialize()
        took = (time.monotonic_ns() - start) / 1e6
        then(client)
        return took

    def end(name, client):
        took = client.end()
        ends.add(name + ", end of input", took)
        client.close()
        return took

    numbers = itertools.count()

    def first_and_second():
        command = _start(application, f"connect{next(numbers)}")  # the host of the round before may still be ending

        def second(first):
            values = []
            connect.add(SHARED + ", the second", connected(command, lambda client: values.append(end(SHARED, client))))
            start = time.monotonic_ns()
            first.kill(signal.SIGTERM)
            took = (first.reap() - start) / 1e6
            ends.add(SHARED + ", TERM", took)
            late.append(max(took, *values))
            first.close()

        return connected(command, second)

    compare(connect, rounds, {
        DIRECT: lambda: connected(SERVER, lambda client: end(DIRECT, client)),
        UNSHARED: lambda: connected(application.run("connect", "--transport", "stdio", "--", *SERVER), lambda client: end(UNSHARED, client)),
        SHARED + ", the first": first_and_second,
    }, warm_up=0)
    ends.goal("the latest end of an attachment", round(max(late), 1), 50, "ms")
    return [connect, ends]
