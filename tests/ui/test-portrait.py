#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The camera guides and takes the picture by itself: never while something is wrong, soon when all is right.

test-portrait.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import subprocess
import sys
import time

import driver
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]
room = os.environ["ROOM"]
module = os.path.join(os.path.dirname(tamboctl), "..", "biometric", "tambo-face-dlib.so")


def show(name, *convert):
    path = os.path.join(room, name)
    subprocess.run(["convert", *convert, path], check=True)
    steps.control(simulator, "camera", "portrait", path)


def number_of_portraits():
    cases = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"]
    case = json.loads(subprocess.check_output([tamboctl, "--json", "case", "show", cases[0]["id"]]))
    return sum(s["kind"] == "portrait" for s in case.get("case", case)["samples"])


def test(window):
    steps.sign_in(window)
    steps.begin(window, "Foreigner's identity card")
    # Nobody is there: the camera says so and takes nothing.
    show("wall.png", "-size", "1200x1600", "xc:#d0d0d0")
    window.key("ctrl+2")
    window.sees("Look at the camera")
    window.focus_on("Take now")
    end = time.monotonic() + 4
    while time.monotonic() < end:
        if window.find("Take again") is not None:
            raise driver.Failure("a picture was taken of nobody")
        time.sleep(0.2)
    window.holds("no picture is taken of nobody", window.find("Take now") is not None)
    window.shoot(os.path.join(pictures, "portrait-nobody.png"))

    # Somebody sits down: nobody presses anything.
    steps.control(simulator, "camera", "portrait", "drawn")
    window.sees("Take again")
    window.focus_on("Continue")
    window.sees("Head's height")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "portrait-verdict.png"))
    # Again, up to three pictures, of which the best stays.
    window.key("F5")
    window.sees("Take now")
    window.sees("picture 2 of 3")
    window.holds("the window ends when it is told to", window.end() == 0)


if not os.path.exists(module):
    print("1..0 # SKIP no face detector")
    sys.exit(0)
os.environ["TAMBO_FACE_MODULE"] = os.path.realpath(module)
sys.exit(driver.run(test, [program], pictures))
