#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document of several pages from a scanner, which SANE itself plays: page after page, one taken back, one stopped,
a feeder that is empty; each page is saved as it comes.

test-scan.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import subprocess
import sys

import desk
import driver
import steps

program, tamboctl, _, pictures = sys.argv[1:5]
SANE = os.path.join(os.environ["ROOM"], "sane")


def scanner(*lines):
    """As the next page will find it."""
    os.makedirs(SANE, exist_ok=True)
    for name, text in [("dll.conf", ["test"]),
                       ("test.conf", ["number_of_devices 1", "mode Gray", 'test-picture "Grid"', "br_x 80", "br_y 100",
                                      *lines])]:
        with open(os.path.join(SANE, name), "w", encoding="utf-8") as file:
            file.write("\n".join(text) + "\n")


def size():
    """Of the document in the case; 0 before there is one."""
    cases = desk.control(tamboctl, "case", "list")["cases"]
    newest = max(cases, key=lambda row: row["created_at"])
    told = json.loads(subprocess.check_output([tamboctl, "--json", "case", "show", newest["id"]]))
    return sum(s["size"] for s in told["samples"] if s["kind"] == "document")


def test(window):
    steps.sign_in(window)
    steps.begin(window, "Foreigner's identity card")
    steps.swipe(steps.MRZ)
    window.sees("All check digits are right")
    window.key("ctrl+5")
    window.focus_on("File")
    window.fits(1024, 600)
    window.key("F7")
    window.sees("1 page is saved")
    window.focus_on("Scan the next page")
    one = size()
    window.key("F7")
    window.sees("2 pages are saved")
    window.sees("A page was added to: ")
    two = size()
    window.holds(f"two pages in one document: {one} bytes, then {two}", two > one > 0)
    window.shoot(os.path.join(pictures, "scan.png"))

    window.key("ctrl+z")
    window.sees("1 page is saved")
    window.focus_on("Scan the next page")
    window.wait("the second is taken back", lambda: size() == one)
    window.key("Return")
    window.sees("2 pages are saved")
    window.holds("and comes again", size() == two)

    scanner("read-delay true", "read-delay-duration 200000")
    window.focus_on("Scan the next page")
    window.key("F7")
    window.sees("Page 3 is being scanned")
    window.shoot(os.path.join(pictures, "scanning.png"))
    window.key("Escape")
    window.sees("The scan was stopped")
    window.focus_on("Scan the next page")
    window.holds("what was saved stays", size() == two)

    scanner("enable-test-options true", 'read-status-code "SANE_STATUS_NO_DOCS"')
    window.key("F7")
    window.sees("No sheet lies in the feeder")
    window.focus_on("Scan the next page")
    window.holds("the document stays", size() == two)
    scanner()
    window.key("F7")
    window.sees("3 pages are saved")
    window.wait("the third page", lambda: size() > two)
    window.go_on()
    window.sees("6  Review")
    window.holds("the window ends when it is told to", window.end() == 0)


scanner()
os.environ["SANE_CONFIG_DIR"] = SANE
sys.exit(driver.run(test, [program], pictures))
