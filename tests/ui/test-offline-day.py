#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A day without headquarters: the desk says since when, work goes on, and the receipts come when it is back.

test-offline-day.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import desk
import driver

program, tamboctl, _, pictures = sys.argv[1:5]
headquarters = desk.Headquarters(tamboctl)


def offline(window):
    desk.sign_in(window, "clerk")
    window.sees("Offline since")
    desk.enrol(tamboctl, "--finger", "right-index=sensor", "--finger", "left-index=sensor")
    window.key("F5")
    window.sees("1 record waits", "push button")
    window.key("ctrl+o")
    window.focus_on("Send now")
    window.sees("The way of the record", "image")
    window.shoot(os.path.join(pictures, "outbox-offline.png"))
    window.holds("nothing got lost and nothing got through",
                 [r["state"] for r in desk.control(tamboctl, "outbox", "list")["records"]] == ["queued"])


def online(window):
    headquarters.start()
    window.key("Return")
    window.sees("Connected")
    window.sees("0 records wait", "push button")
    window.sees("Received by headquarters")
    window.sees("The way of the record: 5 of 5 places are behind it", "image")
    window.shoot(os.path.join(pictures, "outbox.png"))
    window.holds("the receipt is there", desk.control(tamboctl, "outbox", "list")["records"][0]["state"]
                 == "acknowledged")
    window.key("ctrl+t")
    window.focus_on("New enrolment")
    window.sees("Cases sealed per hour today: 1 in all", "image")


def test(window):
    try:
        offline(window)
        online(window)
    finally:
        headquarters.stop()
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
