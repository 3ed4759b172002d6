#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who asks for asylum: no document, and a date of birth of which only the year is known.

test-asylum.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import subprocess
import sys

import driver
import steps

program, tamboctl, _, pictures = sys.argv[1:5]


def test(window):
    steps.sign_in(window)
    steps.begin(window, "Asylum seeker's card")
    window.key("Tab")
    for name, text, leave in [("Surnames", "ERIKSSON", "Return"), ("Given names", "ANNA MARIA", "Return"),
                              ("Date of birth", "1990", "Tab")]:
        window.focus_on(name)
        window.type(text)
        window.key(leave)
    window.focus_on("Female")
    window.key("space", "Tab", "Tab", "Tab")
    window.focus_on("Nationality")
    window.type("UTO")
    window.go_on()
    window.sees("Look at the camera")
    window.focus_on("Take now")
    window.key("space")
    window.sees("Take again")
    steps.accept(window)
    window.sees("All fingers are done")
    steps.accept(window)
    window.sees("The signature is saved")
    window.key("ctrl+1")
    window.wait("what is unknown stays unknown", lambda: window.text_of("Date of birth") == "1990-XX-XX")
    window.key("ctrl+6")
    window.wait("the year alone is said", lambda: "label: 1990" in window.names())
    window.shoot(os.path.join(pictures, "asylum.png"))
    steps.seal(window)
    cases = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"]
    window.holds("the case is sealed", [c["state"] for c in cases] == ["queued"])
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
