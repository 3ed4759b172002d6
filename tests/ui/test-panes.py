#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""F6 goes from one part of the window to the next, Shift+F6 back, and the focus is where it was in each.

test-panes.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import sys

import desk
import driver
import steps

program, tamboctl, _, pictures = sys.argv[1:5]


def test(window):
    steps.sign_in(window)
    # Here are two: what the place shows, and the bar above it.
    window.key("F6")
    window.focus_on("Go to")
    window.key("F6")
    window.focus_on("New enrolment")

    steps.begin(window, "Passport")
    desk.tab_to(window, "Surnames")
    window.key("F6")
    window.focus_on("Discard this case")
    window.key("F6")
    window.focus_on("Go to")
    window.key("F6")
    window.focus_on("1  Identity")
    window.key("F6")
    window.focus_on("Surnames")
    window.key("shift+F6")
    window.focus_on("1  Identity")
    window.key("shift+F6", "shift+F6")
    window.focus_on("Discard this case")
    window.key("shift+F6")
    window.focus_on("Surnames")
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
