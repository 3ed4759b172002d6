# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a test's own desk: which there are, and signals to them."""
import os
import pathlib

ROOM = os.environ["ROOM"]


def processes():
    """Pids and words of those that belong to this test's desk, or to the window."""
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            mine = ROOM.encode() in (entry / "environ").read_bytes() or ROOM.encode() in b" ".join(words)
        except OSError:
            continue
        if mine and words and words[0]:
            yield int(entry.name), [word.decode(errors="replace") for word in words]


def find(*wanted):
    """Pids of the program whose name ends so, with that first word."""
    return [pid for pid, words in processes()
            if words[0].endswith(wanted[0]) and words[1:len(wanted)] == list(wanted[1:])]


def tell(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
