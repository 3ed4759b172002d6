#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is no legal act can be taken back by Ctrl+Z: a document, a portrait, a finger and a signature that were
removed, a reason, a case that was discarded. What was removed lies in the store until then.

test-undo.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import signal
import subprocess
import sys

import desk
import driver
import steps
from processes import find, tell

program, tamboctl, simulator, pictures = sys.argv[1:5]
SCAN = os.path.join(desk.SOURCE, "data", "practice", "travel-document.png")


def told(*words):
    return json.loads(subprocess.check_output([tamboctl, "--json", "case", *words]))


def newest():
    return max(told("list")["cases"], key=lambda row: row["created_at"])


def slots():
    return {sample.get("finger", sample["kind"]) for sample in told("show", newest()["id"])["samples"]}


def remove(window, button, text):
    desk.tab_to(window, button, "shift+Tab")
    window.key("Return")
    window.sees(text)


def document(window):
    window.key("ctrl+5")
    window.focus_on("File")
    window.type(SCAN)
    window.key("Return")
    window.sees("Added:")
    window.focus_on("Continue")
    remove(window, "Remove: ", "was removed.")
    window.sees("Travel document, Still missing")
    window.shoot(os.path.join(pictures, "undo.png"))
    window.key("ctrl+z")
    window.sees("Added:")


def portrait(window):
    window.key("ctrl+2")
    window.focus_on("Take now")
    window.key("space")
    window.sees("Take again")
    window.focus_on("Continue")
    remove(window, "Remove", "The portrait was removed.")
    window.focus_on("Take now")
    window.key("ctrl+z")
    window.sees("Take again")
    window.focus_on("Continue")


def fingers(window):
    """Nobody presses once both are there: what comes back is what was removed."""
    window.key("ctrl+3")
    window.sees("All fingers are done")
    window.focus_on("Continue")
    hand = find("tambo-simulator", "finger")
    tell(hand, signal.SIGSTOP)
    try:
        desk.tab_to(window, "Right index finger, Quality", "shift+Tab")
        window.key("Delete")
        window.sees("Right index finger was removed.")
        window.sees("Right index finger: put it flat")
        window.key("ctrl+z")
        window.sees("All fingers are done")
        window.focus_on("Continue")
        # A reason goes the same way.
        desk.tab_to(window, "Left index finger, Quality", "shift+Tab")
        window.key("Delete")
        window.sees("Left index finger was removed.")
        window.sees("Left index finger: put it flat")
        window.key("ctrl+m")
        window.focus_on("Amputated")
        window.key("Return")
        window.sees("Left index finger is noted as missing.")
        window.sees("Exception: Amputated")
        window.key("ctrl+z")
        window.sees("Left index finger: put it flat")
    finally:
        tell(hand, signal.SIGCONT)
    window.sees("All fingers are done")


def signature(window):
    window.key("ctrl+4")
    window.sees("The signature is saved")
    window.focus_on("Continue")
    remove(window, "Remove", "The signature was removed.")
    window.key("ctrl+z")
    window.sees("The signature is saved")


def discard(window):
    window.key("ctrl+shift+Delete")
    window.sees("is discarded.")
    window.focus_on("New enrolment")
    window.key("ctrl+z")
    window.sees("4  Signature")
    window.holds("nothing was lost", {"document", "portrait", "right-index", "signature"} <= slots())
    window.key("ctrl+shift+Delete")
    window.focus_on("New enrolment")
    # It is gone as soon as something else is begun.
    window.key("ctrl+n")
    window.wait("now it is discarded", lambda: newest()["state"] == "discarded")


def test(window):
    steps.control(simulator, "finger", "seed", "11,12")
    steps.sign_in(window)
    steps.begin(window, "Foreigner's identity card")
    document(window)
    portrait(window)
    fingers(window)
    signature(window)
    discard(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
