#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor's plots say what was done: cases, records, blanks, and how long each step of an enrolment took, the
parked part with the other.

test-figures.py WINDOW TAMBOCTL orders PICTURES, inside headless.sh and the simulated desk, with headquarters at
work."""
import os
import re
import sys
import time

import desk
import driver
import orders
import steps

program, tamboctl, _, pictures = sys.argv[1:5]
STEPS = ["identity", "portrait", "fingerprints", "signature", "documents", "review"]
PARKED_SECONDS = 3


def durations():
    return {step["step"]: step for step in desk.control(tamboctl, "case", "durations")["steps"]}


def park_and_return(window):
    """What is between the two parts does not count; both parts do."""
    window.key("ctrl+t")
    window.focus_on("New enrolment")
    began = time.monotonic()
    time.sleep(PARKED_SECONDS)
    window.holds("nothing is told of an open case", all(d["week"]["count"] == 0 for d in durations().values()))
    desk.tab_to(window, "ERIKSSON")
    window.key("Return")
    window.focus_on("Take now")
    return time.monotonic() - began


def enrol(window):
    began = time.monotonic()
    steps.begin(window, "Passport")
    steps.swipe(steps.MRZ)
    window.focus_on("Place of birth")
    for text in ["ZENITH", "ARENALES 100", "999111222"]:
        window.type(text)
        window.key("Return")
    window.focus_on("E-mail")
    window.go_on()
    window.focus_on("Take now")
    away = park_and_return(window)
    steps.capture_all(window, False)
    window.sees("Nothing is missing")
    steps.accept(window)
    steps.seal(window)
    window.sees("Print", "push button")
    return time.monotonic() - began - away


def look(window, words):
    """The label of the one plot that says WORDS."""
    window.sees(words, "image")
    return window.find(words, "image").get_name()


def test(window):
    orders.receive("card", "C0000001", "C0000030")
    steps.sign_in(window)
    spent = enrol(window)
    window.wait("the durations are told", lambda: durations()["review"]["today"]["count"] == 1)
    told = durations()
    total = sum(told[step]["today"]["median_ms"] for step in STEPS) / 1000
    window.holds("each step that was taken has one", list(told) == STEPS
                 and all(told[step]["week"]["count"] == 1 for step in STEPS))
    window.holds(f"they add up to what was spent ({total:.1f} of {spent:.1f} s)", 0.3 * spent < total <= spent)

    window.key("ctrl+l")
    desk.switch(window, "supervisor", lambda: window.find("New enrolment"))
    window.focus_on("New enrolment")
    window.key("ctrl+shift+f")
    window.focus_on("Today")
    said = look(window, "How long the steps took today")
    window.holds("the plot has every step", all(f"{step.capitalize()}: half within" in said for step in STEPS))
    window.holds("and durations", len(re.findall(r"nine of ten within (\d+ s|\d+:\d\d)", said)) == len(STEPS))
    window.holds("cases", "1 in all" in look(window, "Cases sealed per hour today"))
    # It may be on its way already.
    said = look(window, "Records per day in a week")
    window.holds("records", any(f"{what}, 0 sent back" in said
                                for what in ["0 accepted, 1 waiting", "1 accepted, 0 waiting"]))
    window.holds("blanks", "30" in look(window, "Blanks in stock; "))
    window.holds("people", "Nobody waits" in look(window, "Appointments whose time has come"))
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "figures.png"))
    window.key("Right")
    window.sees("How long the steps took in seven days; Identity")
    orders.sync()
    window.key("F5")
    window.sees("1 accepted, 0 waiting, 0 sent back")
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
