"""A server of the Model Context Protocol that answers each call with its own arguments, and does as little else as it can."""

import os
import re

ID = re.compile(rb'"id":\s*(\d+)')
ARGUMENTS = b'"arguments":'
SERVER = (b'"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"echo","version":"1"}')


def answer(line):
    number = ID.search(line, 0, 200)
    if number is None:
        return b""
    if b'"initialize"' in line[:200]:
        return b'{"jsonrpc":"2.0","id":%s,"result":{%s}}\n' % (number[1], SERVER)
    at = line.find(ARGUMENTS)
    return b'{"jsonrpc":"2.0","id":%s,"result":{"content":[],"said":%s}\n' % (number[1], line[at + len(ARGUMENTS):-1])


pieces = []
while piece := os.read(0, 1 << 20):
    pieces.append(piece)
    if b"\n" not in piece:
        continue
    *lines, rest = b"".join(pieces).split(b"\n")
    pieces = [rest]
    for each in lines:
        left = memoryview(answer(each))
        while left:
            left = left[os.write(1, left):]
