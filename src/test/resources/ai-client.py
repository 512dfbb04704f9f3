#!/usr/bin/env python3
"""An AI client that starts servers and talks to them by their stdin: ai-client.py pipes|sockets own|shared

Node's clients connect a server by socket pairs, Rust's and Python's by pipes; some start each in a process group of its own.
Is told what to do by lines of JSON, and ends at the end of its stdin, without a word to its servers:
  {"start": "ID", "command": [...], "environment": {...}, "folder": "..."}   {"send": "ID", "text": "..."}   {"end": "ID"}
Says "ID launcher PID", "ID> LINE" for a line of a server's stdout, "ID! LINE" for one of its stderr, and "ID exit CODE".
"""
import json
import os
import selectors
import socket
import subprocess
import sys

sockets = sys.argv[1] == "sockets"
own_group = sys.argv[2] == "own"
events = selectors.DefaultSelector()
inputs = {}


def say(text):
    os.write(1, (text + "\n").encode())


def connection(to_server):
    """Our end and theirs."""
    if sockets:
        return [end.detach() for end in socket.socketpair()]
    reader, writer = os.pipe()
    return (writer, reader) if to_server else (reader, writer)


def lines(descriptor, prefix):
    rest = b""

    def read():
        nonlocal rest
        data = os.read(descriptor, 65536)
        if not data:
            events.unregister(descriptor)
            os.close(descriptor)
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            say(prefix + line.decode())

    return read


def start(name, command, environment, folder):
    inputs[name], theirs_in = connection(True)
    ours_out, theirs_out = connection(False)
    ours_err, theirs_err = connection(False)
    server = subprocess.Popen(
        command,
        stdin=theirs_in,
        stdout=theirs_out,
        stderr=theirs_err,
        env=environment,
        cwd=folder,
        preexec_fn=os.setpgrp if own_group else None,
    )
    for theirs in (theirs_in, theirs_out, theirs_err):
        os.close(theirs)
    events.register(ours_out, selectors.EVENT_READ, lines(ours_out, name + "> "))
    events.register(ours_err, selectors.EVENT_READ, lines(ours_err, name + "! "))
    handle = os.pidfd_open(server.pid)

    def reap():
        events.unregister(handle)
        os.close(handle)
        say("%s exit %d" % (name, server.wait()))

    events.register(handle, selectors.EVENT_READ, reap)
    say("%s launcher %d" % (name, server.pid))


def send(name, text):
    try:
        os.write(inputs[name], (text + "\n").encode())
    except BrokenPipeError:
        say("%s is gone" % name)


def end(name):
    # Node ends a child's input by closing one direction only, which is no hang-up for poll(2).
    if sockets:
        socket.socket(fileno=os.dup(inputs[name])).shutdown(socket.SHUT_WR)
    else:
        os.close(inputs[name])


def obey():
    global orders
    data = os.read(0, 65536)
    if not data:
        sys.exit(0)
    *whole, orders = (orders + data).split(b"\n")
    for line in whole:
        order = json.loads(line)
        if "start" in order:
            start(order["start"], order["command"], order["environment"], order["folder"])
        elif "send" in order:
            send(order["send"], order["text"])
        else:
            end(order["end"])


orders = b""
events.register(0, selectors.EVENT_READ, obey)
while True:
    for key, _ in events.select():
        key.data()
