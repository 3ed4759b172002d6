#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A station seals, sends and purges while it, or headquarters, is struck at each call that writes.

exchange-sweep.py BUILD ROOM: ROOM has a station "station" that is registered with a headquarters "hq".

Struck means killed, told of EIO or ENOSPC, or half of a write done. After each blow both ends start again,
exchange once more, and have to agree: every record that was said to be sealed is at headquarters, once,
with one entry in its log, and both databases hold. TAMBO_SWEEP_SECONDS: for how long (30; 0 for all of it).
"""

import concurrent.futures
import os
import random
import re
import subprocess
import sys
import time

from office import BUILD, ENVIRONMENT, Bad, Office

SECONDS = int(os.environ.get("TAMBO_SWEEP_SECONDS", "30"))
N_WORKERS = min(4, os.cpu_count() or 1)
CALLS = ["pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "rename", "openat"]
FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC"]
SHORT_WRITE = BUILD + "/tests/fault/libshort-write.so"


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
    offices = [Office("sweep-%d" % number) for number in range(N_WORKERS)]
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
