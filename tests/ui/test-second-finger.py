#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor comes to the clerk's desk and approves with a finger.

test-second-finger.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import signal
import subprocess
import sys

import desk
import driver
import orders
import steps
from processes import find, tell

program, tamboctl, simulator, pictures = sys.argv[1:5]
ROOM = os.environ["ROOM"]
SUPERVISORS = "21"


def enrol_supervisor():
    path = os.path.join(ROOM, "supervisor.png")
    subprocess.run([simulator, "finger", "--seed", SUPERVISORS, "--save", path], check=True,
                   stdout=subprocess.DEVNULL)
    orders.tamboctl("operator", "finger", "--finger", f"right-index={path}", who="supervisor")


def ask(window, number):
    window.key("ctrl+shift+a")
    window.focus_on(number)
    window.key("Return")
    window.focus_on("Your sentence about it")
    window.type("I saw the bandage.")
    window.key("Return")
    window.focus_on("Approve and seal")
    window.key("Return")
    window.sees("A second person is needed")


def test(window):
    number = desk.enrol_bandaged(tamboctl)
    enrol_supervisor()
    desk.sign_in(window, "clerk")
    hand = find("tambo-simulator", "finger")
    steps.control(simulator, "finger", "seed", SUPERVISORS)
    tell(hand, signal.SIGSTOP)
    try:
        ask(window, number)
        window.sees("Put a finger on the reader")
        window.focus_on("Name of the second person")
        window.shoot(os.path.join(pictures, "second-finger.png"))
    finally:
        tell(hand, signal.SIGCONT)
    window.sees("Nothing waits for a second person")
    window.holds("the case is sealed", desk.state_of(tamboctl, number) == "queued")
    actors = [e["actor"] for e in desk.control(tamboctl, "audit", "list")["entries"]
              if e["action"] == "case.approve"]
    window.holds("in both names", actors == ["clerk+supervisor"])
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
