#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network between a station and headquarters that loses answers: proxy.py TARGET MODE

Forwards TCP connections to 127.0.0.1:TARGET. As long as the file MODE holds "open" everything goes
through. When it holds a number, a connection that has carried more than so many bytes towards
headquarters gets no answer any more, nor does any after it until the file holds "open" again: headquarters
still has everything, and a second after its last byte both ends are closed. Prints "listening on PORT".
"""

import selectors
import socket
import sys
import threading
import time


def limit(mode):
    with open(mode, encoding="ascii") as stream:
        text = stream.read().strip()
    return None if text == "open" else int(text)


is_lost = threading.Event()


def forward(client, target, mode):
    try:
        server = socket.create_connection(("127.0.0.1", target))
    except OSError:
        client.close()
        return
    selector = selectors.DefaultSelector()
    selector.register(client, selectors.EVENT_READ, server)
    selector.register(server, selectors.EVENT_READ, client)
    sent, lost_at = 0, None
    while True:
        for key, _ in selector.select(0.1):
            try:
                data = key.fileobj.recv(65536)
            except OSError:
                data = b""
            if not data:
                server.close()
                client.close()
                return
            if key.fileobj is client:
                sent += len(data)
            most = limit(mode)
            if most is None:
                is_lost.clear()
            elif sent > most:
                is_lost.set()
            if is_lost.is_set():
                lost_at = time.monotonic()
                if key.fileobj is server:
                    continue
            try:
                key.data.sendall(data)
            except OSError:
                pass
        if lost_at is not None and time.monotonic() - lost_at > 1:
            server.close()
            client.close()
            return


def main():
    target, mode = int(sys.argv[1]), sys.argv[2]
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on %d" % listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=forward, args=(client, target, mode), daemon=True).start()


if __name__ == "__main__":
    main()
