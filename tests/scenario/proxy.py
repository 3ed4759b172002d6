#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network between a station and headquarters, or a camera, that loses answers: proxy.py TARGET MODE

Forwards TCP connections to 127.0.0.1:TARGET. As long as the file MODE holds "open" everything goes
through. When it holds a number, a connection that has carried more than so many bytes towards
headquarters gets no answer any more, nor does any after it until the file holds "open" again: headquarters
still has everything, and a second after its last byte both ends are closed. When it holds "slow N", answers
come with N bytes a second. Prints "listening on PORT".
"""

import selectors
import socket
import sys
import threading
import time


def read_mode(mode):
    """The most that a connection may carry, or None, and the bytes a second, or None."""
    with open(mode, encoding="ascii") as stream:
        words = stream.read().split()
    if words[0] == "slow":
        return None, int(words[1])
    return (None if words == ["open"] else int(words[0])), None


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
            most, rate = read_mode(mode)
            try:
                data = key.fileobj.recv(65536 if rate is None else max(1, rate // 20))
            except OSError:
                data = b""
            if not data:
                server.close()
                client.close()
                return
            if key.fileobj is client:
                sent += len(data)
            if most is None:
                is_lost.clear()
            elif sent > most:
                is_lost.set()
            if is_lost.is_set():
                lost_at = time.monotonic()
                if key.fileobj is server:
                    continue
            if rate is not None and key.fileobj is server:
                time.sleep(len(data) / rate)
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
