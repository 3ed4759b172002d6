#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that fail: the card reader pulled, the camera stuck, the camera's and the sensor's helpers killed.
The clerk reads what happened, what was captured stays, the next attempt works; by keyboard.

test-devices.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import signal
import subprocess
import sys
import time

import driver
import quiet
import steps
from processes import find, tell

program, tamboctl, simulator, pictures = sys.argv[1:5]
ROOM = os.environ["ROOM"]


def shoot(window, name):
    window.shoot(os.path.join(pictures, f"{name}.png"))


def devices(window):
    window.key("ctrl+d")
    window.sees("Devices of this desk")
    window.sees("PTP/IP Camera: Ready")
    window.sees("Card reader: Ready")
    window.fits(1024, 600)
    shoot(window, "devices")


def stuck_camera(window):
    """It stands still in the middle of the live view: its helper is ended at once. When it is back, F5 goes on."""
    steps.begin(window, "Foreigner's identity card")
    window.key("ctrl+2")
    window.focus_on("Take now")
    helper = window.wait("the camera has a helper", lambda: find("tambo-capture-helper", "camera"))
    camera = find("tambo-simulator", "camera")
    tell(camera, signal.SIGSTOP)
    try:
        begin = time.monotonic()
        window.wait("its helper is ended", lambda: find("tambo-capture-helper", "camera") != helper)
        seconds = time.monotonic() - begin
        print(f"# {seconds:.1f} s after the camera stood still", flush=True)
        if quiet.crowd() < 1.1:
            window.holds("within five seconds", seconds < 5)
        window.sees("Switch the device off and on, then continue.", timeout=120)
        shoot(window, "camera-stuck")
    finally:
        tell(camera, signal.SIGCONT)
    take_portrait(window)


def take_portrait(window):
    window.key("F5")
    window.focus_on("Take now")
    window.key("space")
    window.sees("The portrait is good", timeout=90)


def killed_sensor_helper(window):
    """The portrait that was taken stays, and the next attempt works. Nobody presses meanwhile."""
    def is_told():
        tell(find("tambo-capture-helper", "fingerprint"), signal.SIGKILL)
        return window.find("The device has failed.")
    hand = find("tambo-simulator", "finger")
    steps.control(simulator, "finger", "seed", "11,12")
    tell(hand, signal.SIGSTOP)
    try:
        window.key("ctrl+3")
        window.wait("the sensor has a helper", lambda: find("tambo-capture-helper", "fingerprint"))
        window.wait("the page says that it was killed", is_told)
        shoot(window, "sensor-helper-killed")
        window.holds("the window lives", window.process.poll() is None)
        window.holds("the portrait is kept", "portrait" in slots())
    finally:
        tell(hand, signal.SIGCONT)
    window.sees("All fingers are done", timeout=90)
    window.holds("all is kept", {"portrait", "right-index", "left-index"} <= slots())


def slots():
    def told(*words):
        return json.loads(subprocess.check_output([tamboctl, "--json", "case", *words]))
    newest = max(told("list")["cases"], key=lambda row: row["created_at"])
    return {sample.get("finger", sample["kind"]) for sample in told("show", newest["id"])["samples"]}


def pulled_reader(window):
    window.key("ctrl+d")
    window.sees("Card reader: Ready")
    tell(find("pcscd"), signal.SIGKILL)
    window.sees("Card reader: The card service (pcscd) does not run")
    window.focus_on("Look again")
    window.holds("there is a button that helps", window.find("Card reader: Show what to install"))
    shoot(window, "devices-no-pcscd")


def test(window):
    steps.sign_in(window)
    devices(window)
    stuck_camera(window)
    killed_sensor_helper(window)
    pulled_reader(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
