#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A child's passport: the guardian is asked for, and their consent; no fingers below the age.

test-minor.py WINDOW TAMBOCTL SCAN PICTURES, inside headless.sh and the simulated desk."""
import datetime
import json
import os
import subprocess
import sys

import driver
import steps

program, tamboctl, scan, pictures = sys.argv[1:5]


def type_fields(window, fields):
    for name, text in fields:
        window.focus_on(name)
        window.type(text)
        window.key("Return")


def test(window):
    steps.sign_in(window)
    steps.begin(window, "Passport")
    window.key("Tab")
    born = datetime.date.today().year - 9
    type_fields(window, [("Surnames", "ERIKSSON"), ("Given names", "ANNA"), ("Date of birth", f"0101{born}")])
    window.sees("The applicant is a minor")
    type_fields(window, [("Nationality", "UTO")])
    window.key("ctrl+Return")
    window.focus_on("Surnames")
    window.sees("Is missing. Type it here.")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "minor.png"))
    type_fields(window, [("Surnames", "ERIKSSON"), ("Given names", "MARIA"), ("Document number", "L898902C3")])
    window.sees("Look at the camera")
    window.focus_on("Take now")
    window.key("space")
    window.sees("Take again")
    steps.accept(window)
    window.sees("No fingerprints are needed")
    steps.accept(window)
    window.sees("The signature is saved")
    steps.accept(window)
    # The guardian's consent is the document that this procedure asks of a minor.
    window.sees("Guardian's consent")
    window.focus_on("File")
    window.type(scan)
    window.key("Return")
    window.sees("Guardian's consent, Added")
    window.sees("Nothing is missing")
    steps.accept(window)
    steps.seal(window)
    cases = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"]
    window.holds("the case is sealed", [c["state"] for c in cases] == ["queued"])
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
