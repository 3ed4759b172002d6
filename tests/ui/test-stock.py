#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blanks by keyboard: received, spoiled and seen again, each before a second person.

test-stock.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import desk
import driver

program, tamboctl, _, pictures = sys.argv[1:5]


def receive(window):
    window.key("ctrl+shift+b")
    window.focus_on("First number")
    window.type("C0001")
    window.key("Return")
    window.focus_on("Last number")
    window.type("C0020")
    window.key("Return")
    # Nobody is a second person for oneself.
    desk.bring_second(window, "supervisor")
    window.sees("A second person is needed")
    window.key("Escape")
    window.focus_on("Last number")
    window.holds("nothing was received", desk.control(tamboctl, "stock", "list")["blanks"] == [])
    window.key("Return")
    desk.bring_second(window, "deputy")
    window.sees("20 blanks received")
    window.sees("20 blanks in stock")
    window.focus_on("First number")


def spoil(window):
    for _ in range(3):
        window.key("Tab")
    window.focus_on("Number of the blank")
    window.type("C0007")
    window.key("Return")
    window.focus_on("What happened to it")
    window.type("bent")
    window.key("Tab")
    window.focus_on("Spoil")
    window.key("Return")
    desk.bring_second(window, "deputy")
    window.sees("19 blanks in stock")
    window.sees("Passports used per day in two weeks: 1 in all, 1 today")
    window.shoot(os.path.join(pictures, "blanks.png"))
    blanks = desk.control(tamboctl, "stock", "list")["blanks"]
    states = {b["number"]: b["state"] for b in blanks}
    window.holds("one is spoiled", states["C0007"] == "spoiled" and states["C0008"] == "in-stock")


def test(window):
    desk.sign_in(window, "supervisor")
    receive(window)
    spoil(window)
    window.fits(1024, 600)
    window.key("Escape")
    window.focus_on("New enrolment")
    window.sees("Blanks: Passports")
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
