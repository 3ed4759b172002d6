#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""At every place, and after a live view was left, a window that nobody touches does nothing at all.

test-quiet.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import sys
import time

import desk
import driver
import quiet
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]

PLACES = [
    ("ctrl+shift+i", "issue"), ("ctrl+shift+h", "deliver"), ("ctrl+shift+v", "verify"),
    ("ctrl+shift+a", "approvals"), ("ctrl+o", "outbox"), ("ctrl+shift+b", "blanks"),
    ("ctrl+shift+o", "operators"), ("ctrl+shift+d", "closing"), ("ctrl+j", "audit"),
    ("ctrl+d", "devices"), ("ctrl+comma", "preferences"), ("ctrl+t", "today"),
]
SECONDS = 10 if os.environ.get("TAMBO_LONG_TESTS") == "1" else 0.5
# One look in ten seconds whether the desk was left.
WAKEUPS = 2


def falls_quiet(window, what):
    """What has to be loaded is, and then nothing happens. Nobody asks the window for anything meanwhile."""
    seen, end = [], time.monotonic() + driver.TIMEOUT
    while time.monotonic() < end:
        seen.append(quiet.rest(window.process.pid, SECONDS))
        if seen[-1][0] <= WAKEUPS and seen[-1][1] == 0:
            window.holds(f"{what}: {seen[-1][0]} wake-ups in {SECONDS} s, nothing worked", True)
            return
    raise driver.Failure(f"{what}: it does not rest: wake-ups and seconds {seen[-5:]}")


def test(window):
    desk.sign_in(window, "supervisor")
    for key, name in PLACES:
        window.key(key)
        falls_quiet(window, name)
    steps.begin(window, "Foreigner's identity card")
    falls_quiet(window, "identity")
    window.key("ctrl+2")
    window.focus_on("Take now")
    window.wait("the live view runs", lambda: quiet.rest(window.process.pid, 1)[0] > 20)
    window.key("ctrl+5")
    window.focus_on("File")
    falls_quiet(window, "documents, the camera left")
    window.key("ctrl+l")
    window.focus_on("Password")
    falls_quiet(window, "the lock")
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
