#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records on their way over bad lines: each arrives once, none is lost, none doubled, none stuck.

net-faults.py BUILD ROOM [FAULT…]: ROOM has a station "station" that is registered with a headquarters "hq".
TAMBO_NET_RECORDS: how many for each fault (8), TAMBO_NET_SEEDS: how often (1), TAMBO_LONG_TESTS=1: 1,000
records, 5 seeds, and the times of real links instead of short ones.
"""

import concurrent.futures
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

from net_line import Line, Loris, Middle
from office import BUILD, DESK, TAMBOCTL, ENVIRONMENT, Bad, Office

LONG = os.environ.get("TAMBO_LONG_TESTS") == "1"
RECORDS = int(os.environ.get("TAMBO_NET_RECORDS", "1000" if LONG else "8"))
SEEDS = int(os.environ.get("TAMBO_NET_SEEDS", "5" if LONG else "1"))
WORKERS = int(os.environ.get("TAMBO_NET_WORKERS", "20" if LONG else "5"))
SIZE = 4000
PATIENCE = 7200 if LONG else 120
LORIS = 1500 if LONG else 60


def wait_for_receipts(office, n, until):
    """Until headquarters has receipted so many; it may be away."""
    while time.monotonic() < until:
        try:
            with sqlite3.connect("file:%s/hq.db?mode=ro" % office.hq, uri=True, timeout=10) as database:
                if database.execute("SELECT count(*) FROM records WHERE receipt IS NOT NULL"
                                    ).fetchone()[0] >= n:
                    return True
        except sqlite3.Error:
            pass
        time.sleep(0.02)
    return False


def count_waiting(office):
    with sqlite3.connect("file:%s/store.db?mode=ro" % office.station, uri=True, timeout=10) as store:
        return store.execute("SELECT count(*) FROM outbox WHERE state <> 'acknowledged'").fetchone()[0]


# ---- the faults: each sets the stage and gives what is to be closed afterwards ----

def line(office, seed, **how):
    made = Line(office.port, seed=seed, **how)
    office.reach_through(made.port)
    return [made]


def middle(office, seed, fault):
    made = Middle(office.port, office.hq, office.station, seed, fault)
    office.reach_through(made.port)
    return [made]


def slow(office, seed):
    """256 kbit/s, 600 ms there and back, 1 % loss."""
    return line(office, seed, rate=32000, delay=0.3 if LONG else 0.05, loss=0.01)


def windows(office, seed):
    """Up 20 s, down 25 s."""
    scale = 1 if LONG else 0.02
    return line(office, seed, rate=125000, delay=0.1 if LONG else 0.01, up=20 * scale, down=25 * scale)


def resets(office, seed):
    return line(office, seed, reset_mean=60000 if LONG else 20000)


def loris(office, seed):
    return [Loris(office.port, LORIS)]


class Strike(threading.Thread):
    """Does something to headquarters while the station sends."""

    def __init__(self, office, seed):
        super().__init__(daemon=True)
        self.office, self.random = office, random.Random(seed)
        self.over, self.struck, self.until = False, 0, time.monotonic() + PATIENCE
        self.start()

    def close(self):
        self.over = True
        self.join()
        if self.struck == 0:
            raise Bad("headquarters was never struck")


class Kill(Strike):
    def run(self):
        while not self.over:
            time.sleep(self.random.uniform(0.05, 1 if LONG else 0.3))
            if self.over and self.struck > 0:
                return
            self.office.stop()
            self.struck += 1
            self.office.serve()


class Restore(Strike):
    """Headquarters is brought back from a backup that is some records old: the database alone, or with the
    records of then."""

    def run(self):
        office = self.office
        first = self.random.uniform(0.2, 0.5) * RECORDS
        second = self.random.uniform(0.6, 1) * RECORDS
        if not wait_for_receipts(office, int(first), self.until):
            return
        office.stop()
        backup = office.folder + "/backup"
        shutil.copytree(office.hq, backup)
        office.serve()
        if not wait_for_receipts(office, int(second), self.until):
            return
        office.stop()
        if self.random.random() < 0.5:
            shutil.copytree(office.hq + "/records", backup + "/records", dirs_exist_ok=True)
        shutil.rmtree(office.hq)
        os.rename(backup, office.hq)
        self.struck += 1
        office.serve()


FAULTS = {
    "slow": slow,
    "windows": windows,
    "resets": resets,
    "lost-answers": lambda office, seed: middle(office, seed, "lost"),
    "answers-of-500": lambda office, seed: middle(office, seed, "500"),
    "answers-of-html": lambda office, seed: middle(office, seed, "html"),
    "delivered-twice": lambda office, seed: middle(office, seed, "twice"),
    "slow-loris": loris,
    "receiver-killed": lambda office, seed: [Kill(office, seed)],
    "receiver-restored": lambda office, seed: [Restore(office, seed)],
}


# ---- one run ----

def sync(office):
    try:
        return subprocess.run([TAMBOCTL, "--station", office.station, "sync", "--once"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
                              check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        raise Bad("an exchange does not end")


def send_all(office, stage):
    """Exchanges until nothing waits, however often they break. Gives their number."""
    until = time.monotonic() + PATIENCE
    tries = 0
    while time.monotonic() < until:
        tries += 1
        done = sync(office)
        strikes = [part for part in stage if isinstance(part, Strike)]
        is_struck = all(part.struck > 0 for part in strikes)
        if done.returncode == 0 and is_struck and count_waiting(office) == 0:
            return tries
        if done.returncode not in (0, 1):
            raise Bad("exit %d: %s" % (done.returncode, done.stderr.decode()))
        time.sleep(0.02)
    raise Bad("%d records are stuck" % count_waiting(office))


def compare_receipts(office):
    receipts = []
    for path, sql in ((office.station + "/store.db", "SELECT id, receipt FROM outbox"),
                      (office.hq + "/hq.db", "SELECT id, receipt FROM records")):
        with sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=10) as database:
            receipts.append(dict(database.execute(sql)))
    if receipts[0] != receipts[1] or None in receipts[0].values():
        raise Bad("the receipts of both differ")


def run(fault, seed):
    office = Office("%s-%d" % (fault, seed))
    stage = []
    begun = time.monotonic()
    try:
        if subprocess.run([DESK, "fill", office.station, str(RECORDS), str(SIZE)], env=ENVIRONMENT,
                          stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise Bad("nothing was sealed")
        stage = FAULTS[fault](office, seed)
        tries = send_all(office, stage)
        for part in stage:
            part.close()
        stage = []
        office.reach_through(office.port)
        # Whatever was undone last has to be noticed by an exchange of its own.
        if sync(office).returncode != 0 or sync(office).returncode != 0:
            raise Bad("no exchange over a good line")
        states = office.verify_station()
        if len(states) != RECORDS or set(states.values()) != {"acknowledged"}:
            raise Bad("the station has %d records, %s" % (len(states), set(states.values())))
        office.verify_headquarters(states)
        compare_receipts(office)
        return "%s, seed %d: %d records once, %d exchanges, %.0f s" % (
            fault, seed, RECORDS, tries, time.monotonic() - begun), True
    except (Bad, OSError, subprocess.TimeoutExpired) as error:
        return "%s, seed %d: %s" % (fault, seed, error), False
    finally:
        for part in stage:
            try:
                part.close()
            except Bad:
                pass
        office.stop()
        shutil.rmtree(office.folder)


def main():
    faults = sys.argv[3:] or list(FAULTS)
    jobs = [(fault, seed) for fault in faults for seed in range(1, SEEDS + 1)]
    is_good = True
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run, *job) for job in jobs]):
            text, held = future.result()
            is_good &= held
            print("%s %s" % ("held:" if held else "BROKEN:", text), flush=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
