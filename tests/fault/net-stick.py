#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stick that is pulled, or full, at any call that writes to it: net-stick.py BUILD STATION STICK HQ

Each blow has to leave the outbox as it was, no bundle that is not whole, and nothing in the way of the next
export. HQ is a copy. TAMBO_LONG_TESTS=1: all blows, otherwise some of each kind.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys

BUILD, STATION, STICK, HQ = sys.argv[1:5]
LONG = os.environ.get("TAMBO_LONG_TESTS") == "1"
CALLS = ["openat", "write", "fsync", "rename", "mkdir"]
FAULTS = ["signal=KILL", "error=ENOSPC", "error=EIO"]
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")
TAMBOCTL = [BUILD + "/src/cli/tamboctl", "--station", STATION]


def run(words, before=()):
    return subprocess.run(list(before) + words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=ENVIRONMENT, check=False, timeout=120)


def clear():
    for name in os.listdir(STICK):
        shutil.rmtree(STICK + "/" + name)


def count_waiting():
    with sqlite3.connect("file:%s/store.db?mode=ro" % STATION, uri=True, timeout=10) as store:
        return store.execute("SELECT count(*) FROM outbox WHERE state <> 'acknowledged'").fetchone()[0]


def list_calls(call):
    """Numbers, within their thread, of the calls that concern the stick in an export that goes well."""
    clear()
    log = STICK + ".trace"
    if run(TAMBOCTL + ["outbox", "export", STICK],
           ["strace", "-f", "-qq", "-y", "-o", log, "-e", "trace=" + call]).returncode != 0:
        sys.exit("no export under strace")
    counts, numbers = {}, []
    for line in open(log, encoding="utf-8", errors="replace"):
        thread = line.split(None, 1)[0]
        if not re.search(r"\b%s\(" % call, line):
            continue
        counts[thread] = counts.get(thread, 0) + 1
        if STICK in line:
            numbers.append(counts[thread])
    return numbers


def strike(call, fault, number, waiting):
    """Whether it was felt."""
    clear()
    blow = "%s %s %d" % (call, fault, number)
    done = run(TAMBOCTL + ["outbox", "export", STICK],
               ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                "inject=%s:%s:when=%d" % (call, fault, number)])
    if run(TAMBOCTL + ["outbox", "verify"]).returncode != 0 or count_waiting() != waiting:
        sys.exit("the outbox has changed after " + blow)
    for name in os.listdir(STICK):
        if not name.endswith(".partial"):
            taken = run([BUILD + "/src/hq/tambo-hq", "import", HQ, STICK + "/" + name])
            if taken.returncode != 0:
                sys.exit("a bundle is not whole after %s: %s" % (blow, taken.stderr.decode()))
    again = run(TAMBOCTL + ["outbox", "export", STICK])
    if again.returncode != 0 or any(name.endswith(".partial") for name in os.listdir(STICK)):
        sys.exit("no export after %s: %s" % (blow, again.stderr.decode()))
    return done.returncode != 0


def main():
    waiting, tried, felt = count_waiting(), 0, 0
    for call in CALLS:
        numbers = list_calls(call)
        if not numbers:
            sys.exit("no %s on the stick" % call)
        for i, fault in enumerate(FAULTS):
            chosen = numbers if LONG else [numbers[i * (len(numbers) - 1) // (len(FAULTS) - 1)]]
            for number in chosen:
                felt += strike(call, fault, number, waiting)
                tried += 1
    print("%d blows at calls on the stick, %d felt: nothing harmed" % (tried, felt))


if __name__ == "__main__":
    main()
