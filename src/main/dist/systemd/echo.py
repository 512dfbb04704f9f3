"""The smallest server for a socket that is passed on: it sends each connection back what it has said."""
import os
import socket

assert os.environ["LISTEN_FDS"] == "1" and int(os.environ["LISTEN_PID"]) == os.getpid()
listening = socket.socket(fileno=3)
while True:
    connection, _ = listening.accept()
    with connection:
        connection.sendall(connection.recv(4096))
