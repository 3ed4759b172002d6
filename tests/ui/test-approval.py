#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A case with an exception: approved by a supervisor who comes to the clerk's desk, another one sent back with
a sentence that the clerk reads.

test-approval.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import desk
import driver

program, tamboctl, _, pictures = sys.argv[1:5]


def approve_here(window, number):
    """The clerk stays signed in."""
    window.key("ctrl+shift+a")
    window.focus_on(number)
    window.sees("Portrait, taken here", "image")
    window.sees("Left index finger, Bandaged or injured")
    window.key("Return")
    window.focus_on("Your sentence about it")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "approval.png"))
    # Without a sentence nothing is decided.
    window.key("Return")
    window.focus_on("Approve and seal")
    window.key("Return")
    window.sees("Write a sentence: it goes with the case.")
    window.focus_on("Your sentence about it")
    window.type("I saw the bandage.")
    window.key("Return")
    window.focus_on("Approve and seal")
    window.key("Return")
    desk.bring_second(window, "supervisor")
    window.sees("Nothing waits for a second person")
    window.holds("the case is sealed", desk.state_of(tamboctl, number) == "queued")


def send_back(window, number):
    """The supervisor at the desk needs nobody else."""
    window.key("ctrl+l")
    desk.switch(window, "supervisor", lambda: window.find(number))
    window.focus_on(number)
    window.sees("Portrait, taken here", "image")
    window.key("Return")
    window.focus_on("Your sentence about it")
    window.type("The finger is not bandaged.")
    window.key("Return")
    window.focus_on("Approve and seal")
    window.key("Tab")
    window.focus_on("Send back")
    window.key("Return")
    window.sees("Nothing waits for a second person")
    window.holds("the case is rejected", desk.state_of(tamboctl, number) == "rejected")


def read_it(window, number):
    window.key("ctrl+l")
    desk.switch(window, "clerk", lambda: window.find("Approvals"))
    window.key("ctrl+t")
    window.focus_on("New enrolment")
    window.sees("Sent back", "label")
    window.sees("The finger is not bandaged.")
    window.key("Tab")
    window.focus_on(number)
    window.shoot(os.path.join(pictures, "sent-back.png"))
    window.key("Return")
    window.sees("Identity")
    window.wait("it is a draft again", lambda: desk.state_of(tamboctl, number) == "draft")


def test(window):
    first = desk.enrol_bandaged(tamboctl)
    desk.sign_in(window, "clerk")
    approve_here(window, first)
    second = desk.enrol_bandaged(tamboctl)
    window.key("F5")
    send_back(window, second)
    read_it(window, second)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
