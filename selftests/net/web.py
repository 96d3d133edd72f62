#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""web.py serve | web.py fetch ADDRESS COUNT PAUSE: short fetches one after
another, each a connection of its own; their times in ms as a list in JSON."""
import json
import socket
import sys
import threading
import time

PORT = 8080
SIZE = 100_000


def answer(conn):
    with conn:
        conn.recv(1000)
        conn.sendall(b"x" * SIZE)


def serve():
    sock = socket.create_server(("", PORT))
    while True:
        conn, _ = sock.accept()
        threading.Thread(target=answer, args=(conn,), daemon=True).start()


def fetch(address, count, pause):
    times = []
    for _ in range(count):
        start = time.monotonic()
        with socket.create_connection((address, PORT)) as conn:
            conn.sendall(b"GET / HTTP/1.0\r\n\r\n")
            while conn.recv(65536):
                pass
        times.append((time.monotonic() - start) * 1000)
        time.sleep(pause)
    json.dump(times, sys.stdout)


if sys.argv[1] == "serve":
    serve()
else:
    fetch(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
