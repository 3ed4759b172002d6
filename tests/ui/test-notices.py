#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An order that came is told by the desktop; the blank of a document that was not begun goes back into stock.

test-notices.py WINDOW TAMBOCTL orders PICTURES, inside headless.sh and the simulated desk."""
import os
import subprocess
import sys
import time

import desk
import driver
import orders

program, tamboctl, _, pictures = sys.argv[1:5]
ROOM = os.environ["ROOM"]
TOLD = os.path.join(ROOM, "notices")


def told():
    with open(TOLD, encoding="utf-8") as file:
        return file.read()


def enrol():
    mrz = orders.tamboctl("mrz", "make", str(orders.PRACTICE / "travel-document.json")).strip()
    orders.tamboctl("enrol", "--procedure", "foreigner-card", "--mrz", mrz, "--applicant",
                    str(orders.PRACTICE / "applicant.json"), *orders.DEVICES)


def fetch(window):
    """The clerk asks headquarters now and then; the answer comes in a while."""
    asked = 0.0

    def is_told():
        nonlocal asked
        if time.monotonic() > asked + 2:
            asked = time.monotonic()
            window.key("F5")
        return "1 document can be issued" in told()
    return is_told


def put_back(window):
    """The card was not there when its document was to be written."""
    order = orders.new_orders()[0]
    orders.card_remove()
    issuing = subprocess.Popen([tamboctl, "issue", order, "--blank", "C0001"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        window.wait("the blank is in work", lambda: orders.blank_state("C0001") == "in-work")
    finally:
        issuing.terminate()
        issuing.wait()
    window.key("ctrl+shift+b")
    window.focus_on("First number")
    desk.tab_to(window, "Number of the blank")
    window.type("c0001")
    window.key("Return")
    window.focus_on("What happened to it")
    window.type("the card was not there")
    desk.tab_to(window, "Put back")
    window.key("Return")
    desk.bring_second(window, "deputy")
    window.wait("the blank is in stock again", lambda: orders.blank_state("C0001") == "in-stock")


def test(window):
    listener = subprocess.Popen(["/usr/bin/python3", os.path.join(os.path.dirname(__file__), "notices.py"), TOLD])
    try:
        window.wait("somebody listens to notices", lambda: os.path.exists(TOLD))
        desk.sign_in(window, "supervisor")
        window.sees("Connected")
        orders.receive("card", "C0001", "C0003")
        enrol()
        window.wait("the order is told", fetch(window))
        put_back(window)
    finally:
        listener.kill()
        listener.wait()
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
