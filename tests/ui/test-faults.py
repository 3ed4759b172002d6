#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that are pulled, talk nonsense or type where they should not: what was captured stays, and the page goes on
by itself when the cause is gone.

test-faults.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import subprocess
import sys

import driver
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]
BY_ITSELF = "This page goes on by itself."


def shoot(window, name):
    window.shoot(os.path.join(pictures, f"{name}.png"))


def says_so(window, heading, button):
    window.sees(heading)
    window.sees(BY_ITSELF)
    window.focus_on(button)
    window.holds("nothing stands in the way", window.find("", "dialog") is None)


def camera(window):
    """Its socket closes in the middle of the live view."""
    window.key("ctrl+2")
    window.focus_on("Take now")
    steps.control(simulator, "camera", "unplug")
    says_so(window, "There is no picture.", "Try again")
    shoot(window, "fault-camera-gone")
    steps.control(simulator, "camera", "plug")
    window.focus_on("Take now")
    window.sees("Look at the camera")
    window.key("space")
    window.sees("Take again", timeout=90)
    window.focus_on("Continue")


def finger(window):
    """The reader is pulled while a finger lies on it."""
    steps.control(simulator, "finger", "fault", "unplug@2")
    window.key("ctrl+3")
    says_so(window, "There is no print.", "Capture again")
    shoot(window, "fault-reader-pulled")
    steps.control(simulator, "finger", "plug")
    window.sees("All fingers are done", timeout=90)
    window.focus_on("Continue")


def pad(window):
    steps.control(simulator, "pad", "fault", "garbage")
    window.key("ctrl+4")
    says_so(window, "There is no signature.", "Sign again")
    shoot(window, "fault-pad-garbage")
    steps.control(simulator, "pad", "fault", "none")
    window.sees("The signature is saved", timeout=90)
    window.focus_on("Continue")


def wedge(window):
    """A document reader types into a field that the clerk is filling in."""
    taken = kept()
    window.key("ctrl+1")
    window.focus_on("Machine-readable zone")
    for _ in range(40):
        if "Address" in (window.focused().get_name() or ""):
            break
        window.key("Tab")
    window.focus_on("Address")
    window.type("PIACV 12")
    # One digit was read wrong.
    steps.swipe([steps.MRZ[0], steps.MRZ[1].replace("7408122", "7408123")])
    window.sees("A check digit of the machine-readable zone is wrong.")
    window.holds("the field has what was typed", window.text_of("Address") == "PIACV 12")
    window.holds("nothing of it is in the case", window.text_of("Surnames") == "")
    window.holds("what was captured stays", kept() == taken)
    shoot(window, "fault-wedge")
    # The clerk types on where the reader broke in, and swipes it again.
    window.type(" B")
    window.wait("typing goes on in the field", lambda: window.text_of("Address") == "PIACV 12 B")
    steps.swipe(steps.MRZ)
    window.sees("All check digits are right")
    window.wait("the case is filled in", lambda: window.text_of("Surnames") == "ERIKSSON")
    window.holds("and the field has what was typed", window.text_of("Address") == "PIACV 12 B")
    window.holds("what was captured stays", kept() == taken)


def kept():
    case = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"][0]
    shown = json.loads(subprocess.check_output([tamboctl, "--json", "case", "show", case["id"]]))
    return {sample.get("finger", sample["kind"]) for sample in shown["samples"]}


def test(window):
    steps.control(simulator, "finger", "seed", "11,12")
    steps.sign_in(window)
    steps.begin(window, "Foreigner's identity card")
    camera(window)
    wedge(window)
    finger(window)
    pad(window)
    window.holds("all is kept", kept() == {"portrait", "right-index", "left-index", "signature"})
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
