#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk that was left locks itself: nothing personal stays on the screen, and the case is there afterwards.

test-idle.py WINDOW TAMBOCTL LATER PICTURES, inside headless.sh and the simulated desk."""
import os
import sys
import time

import driver

program, tamboctl, later, pictures = sys.argv[1:5]
later_file = os.path.join(os.environ["ROOM"], "later")


def unlock(window):
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")


def sign_in(window):
    unlock(window)
    window.sees("New enrolment", "push button")


def shows_name(window):
    return any("ERIKSSON" in name for name in window.names()) or window.text_of("Surnames") == "ERIKSSON"


def test(window):
    window.focus_on("Operator")
    window.type("clerk")
    window.key("Return")
    sign_in(window)
    window.key("ctrl+n")
    window.sees("What does the applicant come for?")
    window.focus_on("Asylum seeker")
    window.key("Down")
    window.focus_on("Foreigner's identity card")
    window.key("Return")
    window.focus_on("Machine-readable zone")
    window.key("Tab")
    window.focus_on("Surnames")
    window.type("ERIKSSON")
    window.key("Tab")
    window.holds("the name is on the screen", shows_name(window))
    time.sleep(1)

    open(later_file, "w").close()
    window.sees("The station is locked. Your work is saved.", timeout=30)
    window.holds("nothing personal is left on the screen", not shows_name(window))
    os.remove(later_file)

    # Who comes back is in the case again.
    unlock(window)
    window.wait("the case is as it was left", lambda: shows_name(window))
    window.holds("the window ends when it is told to", window.end() == 0)


os.environ["TAMBO_LATER_FILE"] = later_file
os.environ["LD_PRELOAD"] = ":".join(filter(None, [os.environ.get("LD_PRELOAD"), later]))
sys.exit(driver.run(test, [program], pictures))
