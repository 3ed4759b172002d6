#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a line is used: what is sent of a record is not sent again, little is lost against `curl -T`, what is
urgent passes, a limit and an asking for patience hold. net-turns.py BUILD ROOM, as net-faults.py.

TAMBO_LONG_TESTS=1: 256 kbit/s, 600 ms there and back, 1 % loss, instead of a shorter and faster line.
"""

import concurrent.futures
import glob
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

from net_line import Line, Middle
from office import DESK, ENVIRONMENT, TAMBOCTL, Bad, Office

LONG = os.environ.get("TAMBO_LONG_TESTS") == "1"
LINK = {"rate": 32000, "delay": 0.3, "loss": 0.01} if LONG else {"rate": 400000, "delay": 0.01,
                                                                "loss": 0.01}
# A busy machine takes its share of the short line.
GOODPUT = 0.95 if LONG else 0.6


def fill(office, count, size, priority):
    subprocess.run([DESK, "fill", office.station, str(count), str(size), str(priority)],
                   env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)


def begin_sync(office, *words):
    return subprocess.Popen([TAMBOCTL, "--station", office.station, "sync", "--once", *words],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)


def end_sync(process, wanted=0):
    _, errors = process.communicate(timeout=600)
    if process.returncode != wanted:
        raise Bad("exit %d instead of %d: %s" % (process.returncode, wanted, errors.decode()))
    return errors.decode()


def ask(office, which, sql):
    path = office.hq + "/hq.db" if which == "hq" else office.station + "/store.db"
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=10) as database:
        return database.execute(sql).fetchone()[0]


# ---- resuming ----

def partial_size(office):
    return sum(os.path.getsize(path) for path in glob.glob(office.hq + "/partial/*"))


def resume(office):
    """A record of 1 MB in pieces: each try goes on where headquarters has told it to."""
    fill(office, 1, 1000000, 2)
    size = ask(office, "station", "SELECT size FROM outbox")
    line = Line(office.port, seed=3, reset_mean=150000, is_heard=True)
    office.reach_through(line.port)
    kept, tries = 0, 0
    while ask(office, "station", "SELECT count(*) FROM outbox WHERE state <> 'acknowledged'"):
        begin_sync(office).communicate(timeout=120)
        tries += 1
        now = partial_size(office)
        if now < kept and ask(office, "hq", "SELECT count(*) FROM records WHERE receipt IS NULL"):
            raise Bad("headquarters had %d bytes and has %d" % (kept, now))
        kept = now
        if tries > 200:
            raise Bad("it does not come to an end")
    line.close()
    # What a broken connection had carried of one more TLS record, and the talk around the bytes.
    spare = line.connections * (16384 + 9000)
    wasted = line.bytes_up - size
    if wasted > spare:
        raise Bad("%d bytes went for a record of %d in %d connections" % (
            line.bytes_up, size, line.connections))
    return "a record of %d bytes in %d tries: %d bytes went, %d a connection besides the record" % (
        size, tries, line.bytes_up, wasted // line.connections)


# ---- goodput ----

def sink(office):
    """A TLS server of the same certificate that takes one PUT after the other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(office.hq + "/server.pem", office.hq + "/private/server.pem")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                raw, _ = listener.accept()
                end = context.wrap_socket(raw, server_side=True)
                stream = end.makefile("rb")
                size = 0
                while True:
                    head = stream.readline().strip().lower()
                    if head.startswith(b"content-length:"):
                        size = int(head.split(b":")[1])
                    if not head:
                        break
                stream.read(size)
                end.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                end.close()
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    return listener


def used_for(line, run):
    """Seconds from the first to the last byte that the line carried while RUN ran."""
    line.first_at = line.last_at = None
    run()
    return line.last_at - line.first_at


def goodput(office):
    """A whole exchange of one record against `curl -T` of as many bytes, over lines of the same kind."""
    listener = sink(office)
    path = office.folder + "/bytes"
    fill(office, 1, 3000000 if LONG else 1500000, 2)
    size = ask(office, "station", "SELECT size FROM outbox ORDER BY sequence DESC LIMIT 1")
    with open(path, "wb") as stream:
        stream.write(os.urandom(size))
    ours = Line(office.port, **LINK)
    theirs = Line(listener.getsockname()[1], **LINK)
    office.reach_through(ours.port)
    own = used_for(ours, lambda: end_sync(begin_sync(office)))
    other = used_for(theirs, lambda: subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--cacert", office.hq + "/ca.pem", "-T", path,
         "-H", "Expect:", "https://127.0.0.1:%d/x" % theirs.port], check=True,
        stdout=subprocess.DEVNULL))
    ours.close()
    theirs.close()
    listener.close()
    ratio = other / own
    if ratio < GOODPUT:
        raise Bad("goodput is %.3f of that of curl -T (%.1f s, %.1f s)" % (ratio, own, other))
    return "a whole exchange of %d bytes has %.3f of the goodput of curl -T (%.1f s, %.1f s)" % (
        size, ratio, own, other)


# ---- turns ----

def wait_until(condition, what, seconds=60, tell=lambda: ""):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise Bad(what + tell())
        time.sleep(0.05)


def standing(office, line):
    """How far it came, for somebody who asks why it came no further."""
    return ": of %s bytes by record are there %s, %d went over %d connections, the outbox has %s" % (
        ask(office, "station", "SELECT group_concat(size) FROM outbox"),
        [os.path.getsize(path) for path in glob.glob(office.hq + "/partial/*")],
        line.bytes_up, line.connections,
        ask(office, "station", "SELECT group_concat(state || ' after ' || attempts, ', ') FROM outbox"))


def turns(office):
    """An urgent record that is sealed while a large one is on its way arrives before it."""
    line = Line(office.port, rate=150000, delay=0.02)
    office.reach_through(line.port)
    fill(office, 1, 1200000, 2)
    process = begin_sync(office)
    wait_until(lambda: partial_size(office) > 100000, "the large record was not begun")
    fill(office, 1, 1000, 1)
    end_sync(process)
    line.close()
    order = ask(office, "hq", "SELECT group_concat(size > 1000000, ' ') FROM"
                              " (SELECT size FROM records ORDER BY log_index)")
    if order != "0 1":
        raise Bad("the records came in the order %s" % order)
    if line.connections != 1 or line.bytes_up > 1200000 * 1.25 + 60000:
        raise Bad("%d bytes went in %d connections" % (line.bytes_up, line.connections))
    return "an urgent record passes a large one; %d connection, nothing sent twice" % line.connections


def classes(office):
    """What waited goes by its urgency and not by its age."""
    for size, priority in ((300000, 2), (2000, 2), (2000, 1), (1000, 0)):
        fill(office, 1, size, priority)
    end_sync(begin_sync(office))
    order = ask(office, "hq", "SELECT group_concat(sequence, ' ') FROM"
                              " (SELECT sequence FROM records ORDER BY log_index DESC LIMIT 4)")
    if order != "2 1 3 4":
        raise Bad("the newest four came in the order %s, the last first" % order)
    return "control goes before urgent, urgent before normal, whatever waited longer"


def alternate(office):
    """Two large records of one urgency take turns, and so neither waits for the other's end."""
    if not LONG:
        return "two large records taking turns is looked at with TAMBO_LONG_TESTS=1"
    line = Line(office.port, rate=30000, delay=0.02)
    office.reach_through(line.port)
    # One by one: several at once have sizes by chance, of which a small one needs no second turn.
    for _ in range(2):
        fill(office, 1, 1500000, 2)
    process = begin_sync(office)
    are_begun = lambda: len([path for path in glob.glob(office.hq + "/partial/*")
                             if os.path.getsize(path) > 50000]) == 2
    begun = time.monotonic()
    wait_until(lambda: process.poll() is not None or are_begun(), "the second was not begun", 300,
               lambda: standing(office, line))
    took = time.monotonic() - begun
    was_early = process.poll() is not None
    words = end_sync(process)
    if was_early:
        raise Bad("the exchange ended before both were begun: " + words)
    line.close()
    return "two large records of one urgency take turns, the second after %.0f s" % took


def limit(office):
    """--limit-rate holds."""
    fill(office, 1, 300000, 2)
    begun = time.monotonic()
    end_sync(begin_sync(office, "--limit-rate", "100000"))
    took = time.monotonic() - begun
    if took < 2.4:
        raise Bad("300 KB at 100 KB a second took %.1f s" % took)
    return "300 KB at 100 KB a second take %.1f s" % took


def patience(office):
    """A line that carries nothing any more is given up, and what went is kept."""
    line = Line(office.port, rate=100000, delay=0.01)
    office.reach_through(line.port)
    fill(office, 1, 1500000, 2)
    process = begin_sync(office, "--patience", "2")
    wait_until(lambda: partial_size(office) > 0, "the record was not begun")
    line.clock.is_cut = True
    begun = time.monotonic()
    words = end_sync(process, 1)
    took = time.monotonic() - begun
    line.close()
    if "go on working" not in words or took > 40 or partial_size(office) == 0:
        raise Bad("after %.1f s: %s" % (took, words))
    line.clock.is_cut = False
    office.reach_through(office.port)
    end_sync(begin_sync(office))
    return "a dead line is given up after %.1f s: %s" % (took, words.strip())


def progress(office):
    """Bytes, and the time left, which goes down."""
    line = Line(office.port, rate=150000, delay=0.02)
    office.reach_through(line.port)
    fill(office, 1, 800000, 2)
    words = end_sync(begin_sync(office, "--progress"))
    line.close()
    rows = [text.split() for text in words.splitlines() if text.startswith("progress ")]
    done = [int(row[1]) for row in rows]
    left = [int(row[3]) for row in rows if row[3] != "-1"]
    if len(rows) < 4 or done != sorted(done) or not left or left[-1] > left[0] or left[-1] > 4:
        raise Bad("told %s" % rows)
    return "%d lines of progress, %s seconds left at first, %s at last" % (len(rows), left[0], left[-1])


def clock(office):
    """A clock that differs from headquarters' is told, and nothing stops for it."""
    middle = Middle(office.port, office.hq, office.station, date="Thu, 01 Jan 1998 00:00:00 GMT")
    office.reach_through(middle.port)
    fill(office, 1, 1000, 1)
    words = end_sync(begin_sync(office)).strip()
    middle.close()
    if not words.startswith("tamboctl: clock: this computer's clock is ") or "ahead of headquarters'; set" \
            not in words or ask(office, "station", "SELECT count(*) FROM outbox WHERE state <> 'acknowledged'"):
        raise Bad("told: " + words)
    return "a wrong clock stops nothing: " + words


def wake(office):
    """Somebody at the desk ends the wait after a failure."""
    fill(office, 1, 1000, 1)
    office.stop()
    process = subprocess.Popen([TAMBOCTL, "--station", office.station, "sync", "--watch"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)
    try:
        words = process.stderr.readline().decode()
        office.serve()
        begun = time.monotonic()
        # The signal may come before the wait has begun: then the next one is heard.
        def is_sent():
            process.send_signal(signal.SIGUSR1)
            time.sleep(0.2)
            return ask(office, "station", "SELECT count(*) FROM outbox WHERE state = 'acknowledged'") == 1
        wait_until(is_sent, "nobody woke: " + words)
        took = time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    if process.returncode != 0:
        raise Bad("the watch ended with %d" % process.returncode)
    return "a watch that waits after a failure is woken, and sends within %.1f s" % took


def run(part):
    office = Office(part.__name__)
    try:
        return "held: " + part(office)
    except (Bad, OSError, subprocess.SubprocessError) as error:
        return "BROKEN: %s: %s" % (part.__name__, error)
    finally:
        office.stop()


def main():
    parts = [part for part in (goodput, patience, turns, classes, alternate, resume, progress, limit, wake, clock)
             if part.__name__ in sys.argv[3:] or not sys.argv[3:]]
    # They wait for their lines and not for the machine.
    with concurrent.futures.ThreadPoolExecutor(1 if LONG else len(parts)) as pool:
        texts = list(pool.map(run, parts))
    print("\n".join(texts))
    return 0 if all(text.startswith("held: ") for text in texts) else 1


if __name__ == "__main__":
    sys.exit(main())
