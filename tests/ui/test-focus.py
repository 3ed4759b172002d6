#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An answer that comes when its page was left takes the focus from nobody.

test-focus.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sqlite3
import sys
import time

import desk
import driver
import steps

program, tamboctl, _, pictures = sys.argv[1:5]


def test(window):
    steps.sign_in(window)
    store = sqlite3.connect(os.path.join(os.environ["ROOM"], "station", "store.db"), isolation_level=None)
    # Today waits for the store, and behind it the procedures, which come when today is on the screen again.
    store.execute("BEGIN EXCLUSIVE")
    for _ in range(2):
        window.key("ctrl+n")
        window.sees("What does the applicant come for?")
        window.key("Escape")
        window.focus_on("New enrolment")
    store.execute("ROLLBACK")
    store.close()
    time.sleep(2)
    # What comes now is seen by what it does: Enter would begin a case with the first of them.
    window.key("Return")
    window.sees("What does the applicant come for?")
    window.focus_on("Asylum seeker's card")
    window.key("Escape")
    window.focus_on("New enrolment")
    window.holds("nothing was begun", not desk.control(tamboctl, "case", "list")["cases"])
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
