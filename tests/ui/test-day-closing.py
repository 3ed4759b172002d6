#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the day: what does not add up is named, and the closing is signed and stands in the log.

test-day-closing.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import glob
import json
import os
import sys

import desk
import driver

program, tamboctl, _, pictures = sys.argv[1:5]


def close(window, remark):
    window.focus_on("Remark")
    window.type(remark)
    window.key("Return")
    window.sees("The day is closed and signed")
    window.focus_on("Print the closing")


def read_statements():
    paths = sorted(glob.glob(os.path.join(os.environ["ROOM"], "station", "closings", "*.json")))
    return [json.load(open(path, encoding="utf-8"))["statement"] for path in paths]


def test(window):
    sealed = desk.enrol(tamboctl, "--finger", "right-index=sensor", "--finger-exception",
                        "left-index=bandaged")
    desk.sign_in(window, "supervisor")
    window.key("ctrl+shift+d")
    window.focus_on("Remark")
    window.sees("1 case waits for a second person")
    window.sees("Cases begun, 1")
    window.shoot(os.path.join(pictures, "day-closing.png"))
    close(window, "The case waits for the deputy")

    first = read_statements()
    window.holds("the statement says it", len(first) == 1 and first[0]["cases_begun"] == 1
                 and first[0]["approvals_open"] == 1 and first[0]["operator"] == "supervisor"
                 and [d["kind"] for d in first[0]["differences"]] == ["approval"])
    entries = desk.control(tamboctl, "audit", "list")["entries"]
    window.holds("the log has it", [e["actor"] for e in entries if e["action"] == "day.close"]
                 == ["supervisor"])

    # The clerk may not; nor does the clerk see the place.
    window.key("ctrl+l")
    desk.switch(window, "clerk", lambda: window.find("New enrolment"))
    window.focus_on("New enrolment")
    window.key("ctrl+k")
    window.focus_on("Where to, or what to do?")
    window.sees("Outbox")
    window.holds("no closing for a clerk", window.find("Day closing") is None)
    window.key("Escape")
    window.holds(f"{sealed} still waits", desk.state_of(tamboctl, sealed) == "waiting")
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
