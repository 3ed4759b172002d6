#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a command when it has written steps into the chip journal: kill_at.py STORE STEPS COMMAND…

A shell that asks sqlite3 each time would be slower than the card. Prints how many steps there are
then; exit 1 when the command ended before.
"""

import signal
import sqlite3
import subprocess
import sys
import time


def main():
    database = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True, timeout=10)

    def count():
        return database.execute("SELECT count(*) FROM chip_journal").fetchone()[0]

    before, steps = count(), int(sys.argv[2])
    process = subprocess.Popen(sys.argv[3:])
    while count() < before + steps and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    print(count() - before)
    return 0 if process.wait() == -signal.SIGKILL else 1


if __name__ == "__main__":
    sys.exit(main())
