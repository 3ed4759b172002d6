#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minor who misses a finger: typed by hand, with a guardian, a reason and a second person.

test-exception.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import datetime
import json
import os
import subprocess
import sys

import driver

program, tamboctl, simulator, pictures = sys.argv[1:5]


def control(*words):
    subprocess.run([simulator, "control", *words], check=True, stdout=subprocess.DEVNULL)


def blank_picture():
    path = os.path.join(os.environ["ROOM"], "nothing.png")
    subprocess.run(["convert", "-size", "320x400", "xc:white", path], check=True)
    return path


def type_fields(window, fields):
    for name, text in fields:
        window.focus_on(name)
        window.type(text)
        window.key("Return")


def identity(window):
    window.focus_on("Machine-readable zone")
    window.key("Tab")
    future = datetime.date.today().year + 1
    type_fields(window, [("Surnames", "ERIKSSON"), ("Given names", "ANNA MARIA"),
                         ("Date of birth", f"0101{future}"), ("Nationality", "UTO")])
    # What is impossible is told under its field, and the clerk stays there.
    window.go_on()
    window.sees("This is in the future. Type it again.")
    window.focus_on("Date of birth")
    window.holds("a minor's guardian is not asked for yet", window.find("Relation") is None)
    window.key("ctrl+a")
    window.type(f"0101{future - 17}")
    window.sees("The applicant is a minor")
    window.go_on()
    window.sees("Is missing. Type it here.")
    window.focus_on("Surnames")
    type_fields(window, [("Surnames", "ERIKSSON"), ("Given names", "MARIA"),
                         ("Document number", "L898902C3")])
    # Enter in the last field is Continue.
    window.sees("Look at the camera")


def missing_finger(window):
    window.sees("The finger was not seen well")
    window.shoot(os.path.join(pictures, "finger-refused.png"))
    window.focus_on("Capture again")
    window.key("ctrl+m")
    window.focus_on("Amputated")
    control("finger", "seed", "7")
    window.key("Return")
    window.sees("Exception: Amputated")
    window.sees("All fingers are done")
    window.sees("Left index finger, Quality")


def second_person(window):
    window.sees("Complete; a second person has to approve it")
    window.focus_on("Seal")
    window.go_on()
    window.sees("A second person is needed")
    window.sees("Waits for a second person")
    window.shoot(os.path.join(pictures, "second-person.png"))
    cases = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"]
    window.holds("the case waits", [c["state"] for c in cases] == ["waiting"])
    records = json.loads(subprocess.check_output([tamboctl, "--json", "outbox", "list"]))["records"]
    window.holds("nothing was queued", records == [])


def test(window):
    control("finger", "image", blank_picture())
    window.focus_on("Operator")
    window.type("clerk")
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    window.focus_on("New enrolment")
    window.key("ctrl+n")
    window.focus_on("Asylum seeker")
    window.key("Return")
    identity(window)
    window.focus_on("Take now")
    window.key("space")
    window.sees("The portrait is good")
    window.focus_on("Continue")
    window.go_on()
    missing_finger(window)
    window.focus_on("Continue")
    window.go_on()
    window.sees("The signature is saved")
    # Steps are a list, not a cage.
    window.key("ctrl+6")
    second_person(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
