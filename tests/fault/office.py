# SPDX-License-Identifier: GPL-3.0-or-later
"""An office of its own for one worker of a test: a copy of ROOM/station and ROOM/hq. PROGRAM BUILD ROOM."""

import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

BUILD, ROOM = sys.argv[1:3]
PATIENCE = 60
TAMBOCTL = BUILD + "/src/cli/tamboctl"
HQ = BUILD + "/src/hq/tambo-hq"
DESK = BUILD + "/tests/fault/exchange-desk"
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0",
                   TAMBO_BALLAST="", G_MESSAGES_DEBUG="")
# That headquarters was restored, or has no order of that number, is no fault of the exchange.
BAD_ALARMS = {"chain", "conflict", "fork", "hash", "inbox", "lost", "record"}


class Bad(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Office:
    """One station and its headquarters, for one worker."""

    def __init__(self, name):
        self.folder = "%s/%s" % (ROOM, name)
        self.station = self.folder + "/station"
        self.hq = self.folder + "/hq"
        for name in ("station", "hq"):
            shutil.copytree(ROOM + "/" + name, self.folder + "/" + name,
                            ignore=shutil.ignore_patterns("ballast"))
        # Aboard and empty: a real one for each worker would fill the memory.
        with open(self.station + "/ballast", "wb") as ballast:
            ballast.truncate(64 << 20)
        self.port = free_port()
        self.reach_through(self.port)
        self.server = None
        self.sealed = set()
        self.serve()

    def reach_through(self, port):
        """The station finds headquarters there."""
        with open(self.station + "/station.json", encoding="utf-8") as stream:
            settings = json.load(stream)
        settings["url"] = "https://127.0.0.1:%d" % port
        with open(self.station + "/station.json", "w", encoding="utf-8") as stream:
            json.dump(settings, stream)

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
            alarms = [row for row in database.execute("SELECT kind, detail FROM alarms")
                      if row[0] in BAD_ALARMS]
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
