#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a command when it has written steps into the chip journal: kill_at.py STORE STEPS CARD COMMAND…

CARD is the process of the played card. It runs in slices of two milliseconds meanwhile, so that the
command, which waits for its answers, cannot end before it is killed. Prints how many steps there are
then; exit 1 when the command ended before.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time

SLICE = 0.002


def main():
    database = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True, timeout=10)

    def count():
        return database.execute("SELECT count(*) FROM chip_journal").fetchone()[0]

    before, steps, card = count(), int(sys.argv[2]), int(sys.argv[3])
    os.kill(card, signal.SIGSTOP)
    process = subprocess.Popen(sys.argv[4:])
    while count() < before + steps and process.poll() is None:
        os.kill(card, signal.SIGCONT)
        time.sleep(SLICE)
        os.kill(card, signal.SIGSTOP)
    process.kill()
    os.kill(card, signal.SIGCONT)
    print(count() - before)
    return 0 if process.wait() == -signal.SIGKILL else 1


if __name__ == "__main__":
    sys.exit(main())
