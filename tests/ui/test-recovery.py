#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that fail and come back: the page says what happened, and goes on without a key.

test-recovery.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import signal
import sys

import driver
import steps
from processes import find, tell

program, tamboctl, simulator, pictures = sys.argv[1:5]
BY_ITSELF = "This page goes on by itself."


def shoot(window, name):
    window.shoot(os.path.join(pictures, f"{name}.png"))


def kill_helper(window, kind):
    """As soon as it is there."""
    def is_killed():
        helpers = find("tambo-capture-helper", kind)
        tell(helpers, signal.SIGKILL)
        return helpers
    window.wait(f"the {kind} has a helper, which is killed", is_killed)


def kill_helpers(window, kind, button):
    """One after another, until the page has been read."""
    kill_helper(window, kind)

    def is_told():
        tell(find("tambo-capture-helper", kind), signal.SIGKILL)
        focused = window.focused()
        return window.find(BY_ITSELF) and window.find("The device has failed.") and button in focused.get_name()
    window.wait(f"the page says so, and the focus is on “{button}”", is_told)


def camera(window):
    window.key("ctrl+2")
    window.focus_on("Take now")
    window.wait("the camera has a helper", lambda: find("tambo-capture-helper", "camera"))
    played = find("tambo-simulator", "camera")
    tell(played, signal.SIGSTOP)
    try:
        window.sees(BY_ITSELF, timeout=120)
        window.focus_on("Try again")
        shoot(window, "recovery-camera")
    finally:
        tell(played, signal.SIGCONT)
    window.focus_on("Take now")
    window.sees("Look at the camera")
    # The live view outlives its helper.
    kill_helper(window, "camera")
    window.wait("it has another helper", lambda: find("tambo-capture-helper", "camera"))
    window.key("space")
    window.sees("Take again", timeout=90)
    window.focus_on("Continue")


def finger(window):
    """Nobody presses as long as the hand is held still."""
    hand = find("tambo-simulator", "finger")
    tell(hand, signal.SIGSTOP)
    try:
        window.key("ctrl+3")
        window.sees("put it flat")
        kill_helpers(window, "fingerprint", "Capture again")
        shoot(window, "recovery-finger")
        window.sees("put it flat")
    finally:
        tell(hand, signal.SIGCONT)
    window.sees("All fingers are done", timeout=90)
    window.focus_on("Continue")


def pad(window):
    window.key("ctrl+4")
    kill_helpers(window, "pad", "Sign again")
    shoot(window, "recovery-pad")
    window.sees("The signature is saved", timeout=90)
    window.focus_on("Continue")


def test(window):
    steps.control(simulator, "finger", "seed", "11,12")
    steps.sign_in(window)
    steps.begin(window, "Foreigner's identity card")
    camera(window)
    finger(window)
    pad(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
