#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A station seals, sends and purges while it, or headquarters, is struck at each call that writes.

exchange-sweep.py BUILD ROOM: ROOM has a station "station" that is registered with a headquarters "hq".

Struck means killed, told of EIO or ENOSPC, or half of a write done. After each blow both ends start again,
exchange once more, and have to agree: every record that was said to be sealed is at headquarters, once,
with one entry in its log, and both databases hold. TAMBO_SWEEP_SECONDS: for how long (30; 0 for all of it).
"""

import concurrent.futures
import hashlib
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

BUILD, ROOM = sys.argv[1:3]
SECONDS = int(os.environ.get("TAMBO_SWEEP_SECONDS", "30"))
PATIENCE = 60
N_WORKERS = min(4, os.cpu_count() or 1)
CALLS = ["pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "rename", "openat"]
FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC"]
TAMBOCTL = BUILD + "/src/cli/tamboctl"
HQ = BUILD + "/src/hq/tambo-hq"
DESK = BUILD + "/tests/fault/exchange-desk"
SHORT_WRITE = BUILD + "/tests/fault/libshort-write.so"
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0",
                   TAMBO_BALLAST="", G_MESSAGES_DEBUG="")


class Bad(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Office:
    """One station and its headquarters, for one worker."""

    def __init__(self, number):
        self.folder = "%s/sweep-%d" % (ROOM, number)
        self.station = self.folder + "/station"
        self.hq = self.folder + "/hq"
        for name in ("station", "hq"):
            shutil.copytree(ROOM + "/" + name, self.folder + "/" + name,
                            ignore=shutil.ignore_patterns("ballast"))
        # Aboard and empty: a real one for each worker would fill the memory.
        with open(self.station + "/ballast", "wb") as ballast:
            ballast.truncate(64 << 20)
        self.port = free_port()
        settings = json.load(open(self.station + "/station.json", encoding="utf-8"))
        settings["url"] = "https://127.0.0.1:%d" % self.port
        with open(self.station + "/station.json", "w", encoding="utf-8") as stream:
            json.dump(settings, stream)
        self.server = None
        self.sealed = set()
        self.serve()

    def serve(self, before=(), environment=None):
        self.server = subprocess.Popen(
            list(before) + [HQ, "serve", self.hq, "--listen", "127.0.0.1:%d" % self.port],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment or ENVIRONMENT,
            start_new_session=True)
        return self.is_up()

    def is_up(self):
        """Not by what it says: a blow may take the word from its mouth."""
        until = time.monotonic() + PATIENCE
        while self.server.poll() is None and time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def stop(self):
        if self.server is None:
            return
        try:
            os.killpg(self.server.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.server.wait()
        self.server = None

    def run(self, words, before=(), environment=None):
        return subprocess.run(list(before) + words, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=environment or ENVIRONMENT, check=False,
                              timeout=PATIENCE)

    def seal(self, before=(), environment=None):
        done = self.run([DESK, "seal", self.station], before, environment)
        self.sealed |= set(done.stdout.decode().split())
        return done

    def sync(self, before=(), environment=None):
        return self.run([TAMBOCTL, "--station", self.station, "sync", "--once"], before, environment)

    def verify_station(self):
        done = self.run([DESK, "verify", self.station])
        if done.returncode != 0:
            raise Bad("the station: " + done.stderr.decode())
        states = dict(line.split() for line in done.stdout.decode().splitlines())
        lost = self.sealed - set(states)
        if lost:
            raise Bad("%d records are lost" % len(lost))
        return states

    def verify_headquarters(self, states):
        with sqlite3.connect("file:%s/hq.db?mode=ro" % self.hq, uri=True, timeout=10) as database:
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            rows = database.execute(
                "SELECT r.id, r.sha256, r.state, r.quarantined, count(l.number) FROM records r"
                " LEFT JOIN intake_log l ON l.record = r.id GROUP BY r.id").fetchall()
            alarms = database.execute("SELECT kind, detail FROM alarms").fetchall()
        if verdict != "ok":
            raise Bad("headquarters' database: " + verdict)
        if alarms:
            raise Bad("headquarters raised: %s" % (alarms[0],))
        if {row[0] for row in rows} != set(states):
            raise Bad("headquarters has %d records, the station %d" % (len(rows), len(states)))
        for name, sha256, state, quarantined, times in rows:
            if state not in ("received", "done") or quarantined or times != 1:
                raise Bad("record %s is %s and was taken in %d times" % (name, state, times))
            with open("%s/records/%s/%s" % (self.hq, sha256[:2], sha256), "rb") as stream:
                if hashlib.sha256(stream.read()).hexdigest() != sha256:
                    raise Bad("record %s has other bytes" % name)

    def verify(self):
        for _ in range(3):
            done = self.sync()
            if done.returncode == 0:
                break
        else:
            raise Bad("no exchange afterwards: " + done.stderr.decode())
        states = self.verify_station()
        waiting = [name for name, state in states.items() if state != "purged"]
        if waiting:
            raise Bad("%d records are not purged" % len(waiting))
        self.verify_headquarters(states)


def strace(call, fault, number):
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
            "inject=%s:%s:when=%d" % (call, fault, number)]


def short_write(number):
    return dict(ENVIRONMENT, LD_PRELOAD=SHORT_WRITE, TAMBO_SHORT_WRITE=str(number))


def strike(office, victim, call, fault, number):
    """One blow. The victim is the sealing, the sending or headquarters. Whether it was felt: most halves
    of a write are mended by whoever writes, and the process knows nothing of them."""
    short = fault == "short"
    before = [] if short else strace(call, fault, number)
    environment = short_write(number) if short else None
    if victim != "seal":
        office.seal()
    if victim == "seal":
        is_felt = office.seal(before, environment).returncode != 0
    elif victim == "send":
        is_felt = office.sync(before, environment).returncode != 0
    else:
        office.stop()
        is_felt = not office.serve(before, environment) or office.sync().returncode != 0
        office.stop()
        office.serve()
    office.verify()
    return is_felt


def writes_of(log, call, folder):
    """Numbers, from 1 and for each thread, of the calls that change something in the folder."""
    counts, numbers = {}, set()
    for line in open(log, encoding="utf-8", errors="replace"):
        thread = line.split(None, 1)[0]
        if call + "(" not in line or "resumed" in line:
            continue
        counts[thread] = counts.get(thread, 0) + 1
        if call == "openat" and "O_CREAT" not in line:
            continue
        if call == "write" and not re.search(r"write\(\d+<[^>]*" + re.escape(folder), line):
            continue
        numbers.add(counts[thread])
    return sorted(numbers)


def list_blows(office):
    """All of them: the calls are counted in a run of each victim that goes well."""
    blows = []
    log = office.folder + "/calls"
    for victim in ("seal", "send", "headquarters"):
        most = 0
        for call in CALLS:
            before = ["strace", "-f", "-qq", "-y", "-o", log, "-e", "trace=" + call]
            if victim == "seal":
                office.seal(before)
            elif victim == "send":
                office.seal()
                office.sync(before)
            else:
                office.stop()
                office.serve(before)
                office.seal()
                office.sync()
                office.stop()
                office.serve()
            office.verify()
            numbers = writes_of(log, call, office.folder)
            blows += [(victim, call, fault, number) for number in numbers for fault in FAULTS]
            if call in ("pwrite64", "write"):
                most += len(numbers)
        blows += [(victim, "write", "short", number) for number in range(1, most + 1)]
    return blows


def work(office, blows, until):
    tried, felt, bad = 0, 0, []
    for blow in blows:
        if SECONDS and time.monotonic() > until:
            break
        try:
            felt += strike(office, *blow)
        except (Bad, subprocess.TimeoutExpired) as error:
            bad.append("%s: %s" % (blow, error))
            break  # the office is spoiled
        tried += 1
    return tried, felt, bad


def main():
    offices = [Office(number) for number in range(N_WORKERS)]
    try:
        blows = list_blows(offices[0])
        random.Random(3).shuffle(blows)
        until = time.monotonic() + SECONDS
        with concurrent.futures.ThreadPoolExecutor(N_WORKERS) as pool:
            results = list(pool.map(lambda i: work(offices[i], blows[i::N_WORKERS], until),
                                    range(N_WORKERS)))
    finally:
        for office in offices:
            office.stop()
    tried = sum(result[0] for result in results)
    felt = sum(result[1] for result in results)
    bad = [line for result in results for line in result[2]]
    for line in bad:
        print("# " + line)
    by_victim = {victim: sum(blow[0] == victim for blow in blows)
                 for victim in ("seal", "send", "headquarters")}
    print("%d of %d blows (%s), %d felt: %d bad" % (
        tried, len(blows), ", ".join("%s %d" % item for item in by_victim.items()), felt, len(bad)))
    return 1 if bad or tried == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
