#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One applicant is enrolled in the window by keyboard alone, and the sealed record is in the outbox.

test-enrol.py WINDOW TAMBOCTL SCAN PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import re
import subprocess
import sys
import time

import driver

program, tamboctl, scan, pictures = sys.argv[1:5]

MRZ = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
       "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]


def sign_in(window):
    window.focus_on("Operator")
    window.type("clerk")
    window.key("Return")
    window.focus_on("Password")
    window.type("not the password")
    window.key("Return")
    window.sees("The name or the password is wrong")
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    window.sees("New enrolment", "push button")
    window.sees("PRÁCTICA")
    window.sees("records wait")
    window.focus_on("New enrolment")


def begin(window):
    window.key("ctrl+n")
    window.sees("What does the applicant come for?")
    window.focus_on("Asylum seeker")
    window.key("Down")
    window.focus_on("Foreigner's identity card")
    window.key("Return")
    window.focus_on("Machine-readable zone")


def identity(window):
    # One wrong sign: it is told and fills nothing.
    window.type(MRZ[0] + MRZ[1].replace("7408122", "7408123"))
    window.sees("A check digit of the machine-readable zone is wrong")
    window.holds("a wrong MRZ fills nothing", not window.text_of("Surnames"))
    window.key("ctrl+a", "Delete")
    window.type(MRZ[0] + "\n" + MRZ[1])
    window.sees("All check digits are right")
    window.holds("the surname comes from the MRZ", window.text_of("Surnames") == "ERIKSSON")
    window.holds("the given names too", window.text_of("Given names") == "ANNA MARIA")
    window.holds("the date of birth too", window.text_of("Date of birth") == "1974-08-12")
    window.focus_on("Place of birth")
    window.type("ZENITH")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "identity.png"))


def portrait(window):
    window.sees("Look at the camera")
    window.focus_on("Take now")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "portrait-live.png"))
    window.key("space")
    window.sees("The portrait is good")
    window.focus_on("Continue")
    window.shoot(os.path.join(pictures, "portrait.png"))
    press_twice(window)


def press_twice(window):
    """The second press is meant for the page before and does nothing, unless the machine is too busy to see it in
    time: then once more."""
    for _ in range(5):
        time.sleep(0.5)
        subprocess.run(["xdotool", "key", "--clearmodifiers", "ctrl+Return", "ctrl+Return"], check=True)
        window.wait("another page comes", lambda: window.find("TamboPortraitPage") is None)
        time.sleep(0.6)
        if window.find("TamboFingerprintsPage") is not None:
            break
        window.key("ctrl+2")
        window.sees("TamboPortraitPage")
        window.focus_on("Continue")
    window.holds("two presses lead one page on", window.find("TamboFingerprintsPage") is not None)


def fingers(window):
    window.sees("All fingers are done")
    window.sees("Right index finger, Quality")
    window.sees("Left index finger, Quality")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "fingerprints.png"))
    window.focus_on("Continue")
    window.go_on()


def signature(window):
    window.sees("The signature is saved")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "signature.png"))
    window.focus_on("Continue")
    window.go_on()


def documents(window):
    window.focus_on("File")
    window.type("/nowhere/scan.png")
    window.key("Return")
    window.sees("There is no such file")
    window.key("ctrl+a")
    window.type(scan)
    window.key("Return")
    window.sees("Nothing is missing")
    window.sees("Travel document, Added")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "documents.png"))
    window.focus_on("Continue")
    window.go_on()


def park_and_resume(window):
    window.sees("Everything is there")
    window.key("ctrl+l")
    window.sees("The station is locked. Your work is saved.")
    window.holds("no name stays on the screen", window.find("ERIKSSON") is None)
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    # Who comes back is in the case again; it is parked by going to the other ones.
    window.sees("Everything is there")
    window.key("ctrl+t")
    window.focus_on("New enrolment")
    window.sees("Being captured")
    window.key("Tab")
    window.focus_on("Foreigner's identity card")
    window.key("Return")


def review(window):
    window.sees("Everything is there")
    window.sees("ERIKSSON")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "review.png"))
    window.focus_on("Seal")
    window.go_on()


def receipt(window):
    window.sees("Sealed and saved")
    number = None
    for node in window.walk():
        found = re.fullmatch(r"[0-9A-Z][0-9A-Z-]{6,}", node.get_name() or "")
        if found and node.get_role_name() == "label":
            number = found.group(0)
    window.holds(f"the tracking number is on the screen: {number}", number)
    window.focus_on("Next applicant")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "receipt.png"))
    return number


def look_into_the_outbox(window, number):
    cases = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"]
    case = [c for c in cases if c["tracking_number"] == number]
    window.holds("the case has that number", len(case) == 1)
    records = json.loads(subprocess.check_output([tamboctl, "--json", "outbox", "list"]))["records"]
    mine = [r for r in records if r.get("case_id", r["id"]) == case[0]["id"] or r["id"] == case[0]["id"]]
    window.holds(f"its record is in the outbox, {mine[0]['state'] if mine else None}", len(mine) == 1)
    window.holds("one case, one record", len(cases) == 1 and len(records) == 1)


def test(window):
    sign_in(window)
    begin(window)
    identity(window)
    window.go_on()
    portrait(window)
    fingers(window)
    signature(window)
    documents(window)
    park_and_resume(window)
    review(window)
    number = receipt(window)
    look_into_the_outbox(window, number)
    window.key("Return")
    window.sees("What does the applicant come for?")
    window.key("Escape")
    window.sees("Sealed, waits to be sent")
    window.shoot(os.path.join(pictures, "cases.png"))
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
