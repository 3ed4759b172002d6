# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad lines between a station and headquarters, for tests.

Line carries bytes and knows nothing of them: delay, rate, loss (as the stall that a lost segment makes),
times without a link, resets after random bytes. Middle speaks TLS and HTTP at both ends, as a proxy that
is owned by the test may: it loses answers, gives answers of its own, and delivers twice. Both are seeded.
"""

import collections
import http.client
import http.server
import random
import socket
import ssl
import struct
import threading
import time

SEGMENT = 1400


def close_hard(*ends):
    """With a reset, as a line that breaks does."""
    for end in ends:
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RD)  # wakes a thread that reads it, which would hold it open
        except OSError:
            pass
        end.close()


class Clock:
    """When the link is up: UP seconds, then DOWN seconds without it."""

    def __init__(self, up, down):
        self.up, self.down, self.begun = up, down, time.monotonic()
        self.is_cut = False  # and it will not come back

    def wait(self):
        while self.is_cut:
            time.sleep(0.1)
        if self.down == 0:
            return
        at = (time.monotonic() - self.begun) % (self.up + self.down)
        if at > self.up:
            time.sleep(self.up + self.down - at)


class Way:
    """One direction of one connection."""

    def __init__(self, line, source, target, is_up, random_numbers):
        self.line, self.source, self.target, self.is_up = line, source, target, is_up
        self.random = random_numbers
        self.queue = collections.deque()
        self.waiting = 0
        self.changed = threading.Condition()
        self.free_at = self.due = 0.0

    def due_for(self, size):
        now = time.monotonic()
        line = self.line
        if line.rate:
            self.free_at = max(self.free_at, now) + size / line.rate
        else:
            self.free_at = now
        due = self.free_at + line.delay
        if line.loss and self.random.random() < 1 - (1 - line.loss) ** (1 + size // SEGMENT):
            due += 2 * line.delay + 0.05
        self.due = max(self.due, due)  # nothing overtakes what was sent before
        return self.due

    def read(self):
        limit = max(16384, int(self.line.rate * 2 * self.line.delay) if self.line.rate else 65536)
        try:
            while True:
                with self.changed:
                    while self.waiting > limit:
                        self.changed.wait()
                data = self.source.recv(SEGMENT if self.line.rate else 16384)
                with self.changed:
                    self.queue.append((self.due_for(len(data)), data))
                    self.waiting += len(data)
                    self.changed.notify_all()
                if not data:
                    return
        except OSError:
            with self.changed:
                self.queue.append((0, None))
                self.changed.notify_all()

    def end(self):
        if not self.line.is_heard:
            close_hard(self.source, self.target)
            return
        close_hard(self.source if self.is_up else self.target)
        try:
            (self.target if self.is_up else self.source).shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def write(self, connection):
        try:
            while True:
                with self.changed:
                    while not self.queue:
                        self.changed.wait()
                    due, data = self.queue.popleft()
                if data is None:
                    break
                left = due - time.monotonic()
                if left > 0:
                    time.sleep(left)
                self.line.clock.wait()
                if not data:
                    self.target.shutdown(socket.SHUT_WR)
                    return
                if connection.count(len(data)):
                    break
                self.target.sendall(data)
                self.line.note(self, len(data))
                with self.changed:
                    self.waiting -= len(data)
                    self.changed.notify_all()
        except OSError:
            pass
        self.end()
        with self.changed:
            self.waiting = -1 << 40
            self.changed.notify_all()


class Connection:
    def __init__(self, limit):
        self.limit, self.carried = limit, 0

    def count(self, size):
        """Whether the connection breaks here."""
        self.carried += size
        return self.limit is not None and self.carried > self.limit


class Line:
    """Listens on a port of its own. RESET_MEAN: bytes after which connections break, on the average;
    IS_HEARD: what was carried before that is read at the other end, where a reset would throw it away."""

    def __init__(self, target, seed=1, delay=0, rate=0, loss=0, up=0, down=0, reset_mean=0,
                 is_heard=False):
        self.target, self.delay, self.rate, self.loss = target, delay, rate, loss
        self.reset_mean, self.is_heard = reset_mean, is_heard
        self.clock = Clock(up, down)
        self.random = random.Random(seed)
        self.connections = self.bytes_up = 0
        self.first_at = self.last_at = None  # when it carried something
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if rate:  # what waits has to wait at the sender's
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(100)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def note(self, way, size):
        """SIZE bytes came out at the other end."""
        self.last_at = time.monotonic()
        if way.is_up:
            self.bytes_up += size

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.first_at = self.first_at or time.monotonic()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 10)
            server.settimeout(None)
        except OSError:
            close_hard(client)
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        limit = self.random.expovariate(1 / self.reset_mean) if self.reset_mean else None
        connection = Connection(limit)
        for source, target in ((client, server), (server, client)):
            way = Way(self, source, target, source is client, self.random)
            threading.Thread(target=way.read, daemon=True).start()
            threading.Thread(target=way.write, args=(connection,), daemon=True).start()

    def close(self):
        self.listener.close()


HTML = b"<!DOCTYPE html><html><title>Sign in to this network</title></html>"


class Middle:
    """FAULT: "500", "html", "lost" or "twice", for each request with the probability P. LOG has, for each
    PATCH, its record, its offset, the bytes that came, and what the answer said of the offset. DATE: what
    the answers say the time is."""

    def __init__(self, target, hq, station, seed=1, fault="", p=0.25, date=None):
        self.target, self.fault, self.p, self.date = target, fault, p, date
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.log, self.struck = [], 0
        self.context = ssl.create_default_context(cafile=hq + "/ca.pem")
        self.context.load_cert_chain(station + "/station.pem", station + "/station.key")
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_context.load_cert_chain(hq + "/server.pem", hq + "/private/server.pem")
        server_context.load_verify_locations(hq + "/ca.pem")
        server_context.verify_mode = ssl.CERT_OPTIONAL
        middle = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 120

            def setup(self):
                self.request = server_context.wrap_socket(self.request, server_side=True)
                super().setup()

            def log_message(self, *words):
                pass

            def date_time_string(self, timestamp=None):
                return middle.date or super().date_time_string(timestamp)

            def handle_one(self):
                middle.answer(self)

            do_GET = do_HEAD = do_PUT = do_PATCH = do_POST = handle_one

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 100

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def read_body(handler):
        if handler.headers.get("Transfer-Encoding") != "chunked":
            return handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        body = b""
        while True:
            size = int(handler.rfile.readline(), 16)
            body += handler.rfile.read(size)
            handler.rfile.readline()
            if size == 0:
                return body

    def forward(self, handler, body):
        line = http.client.HTTPSConnection("127.0.0.1", self.target, context=self.context, timeout=60)
        try:
            headers = {name: value for name, value in handler.headers.items()
                       if name in ("Upload-Offset", "Content-Type")}
            line.request(handler.command, handler.path, body or None, headers)
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            line.close()

    @staticmethod
    def give(handler, status, headers, body):
        handler.send_response(status)
        for name in ("Upload-Offset", "Content-Type", "Retry-After"):
            if name in headers:
                handler.send_header(name, headers[name])
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    def answer(self, handler):
        body = self.read_body(handler)
        with self.lock:
            is_struck, is_before = self.random.random() < self.p, self.random.random() < 0.5
            self.struck += is_struck
        false_answer = {
            "500": (self.random.choice([500, 502, 503]), {"Retry-After": "1"}, b"broken"),
            "html": (200, {"Content-Type": "text/html"}, HTML),
        }.get(self.fault)
        if is_struck and false_answer and is_before:
            self.give(handler, *false_answer)
            return
        try:
            true_answer = self.forward(handler, body)
            if is_struck and self.fault == "twice":
                second = self.forward(handler, body)
                true_answer = true_answer if is_before else second
        except (OSError, http.client.HTTPException):
            handler.close_connection = True
            return
        if handler.command == "PATCH":
            self.log.append((handler.path, int(handler.headers["Upload-Offset"]), len(body),
                             true_answer[1].get("Upload-Offset")))
        if is_struck and self.fault == "lost":
            handler.close_connection = True
            return
        self.give(handler, *(false_answer if is_struck and false_answer else true_answer))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Loris:
    """N connections that never come to an end with their request."""

    def __init__(self, target, n):
        self.over = False
        self.ends = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        for _ in range(n):
            try:
                end = context.wrap_socket(socket.create_connection(("127.0.0.1", target), 10))
                end.sendall(b"PUT /v1/records/00 HTTP/1.1\r\nHost: a\r\nX: ")
                self.ends.append(end)
            except OSError:
                pass
        threading.Thread(target=self.drip, daemon=True).start()

    def drip(self):
        while not self.over:
            for end in self.ends:
                try:
                    end.sendall(b"a")
                except OSError:
                    pass
            time.sleep(0.5)

    def close(self):
        self.over = True
        close_hard(*self.ends)
