#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where nothing shall move, nothing asks for every frame: not for a toast, a page, a question, nor for an error that
is pointed out.

test-still.py WINDOW TAMBOCTL TICKS PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import driver
import places
import steps

program, tamboctl, ticks, pictures = sys.argv[1:5]
noted = os.path.join(os.environ["ROOM"], "ticks")
preferences = os.path.join(os.environ["ROOM"], "station", "preferences.ini")


def asked():
    try:
        with open(noted, encoding="utf-8") as file:
            return file.read().split()
    except FileNotFoundError:
        return []


def discard(window):
    """A case with a wrong field goes: the field is pointed out, and a toast offers the case."""
    steps.begin(window, "Passport")
    window.key("ctrl+Return")
    window.wait("a field is pointed out", lambda: window.focused().get_role_name() == "text")
    window.key("ctrl+shift+Delete")
    window.sees("is discarded")


def turn_pages(window):
    places.open_list(window)
    places.close_list(window)
    for key, then in (("ctrl+comma", "100 %"), ("ctrl+d", "Look again"), ("ctrl+t", "New enrolment")):
        window.key(key)
        window.focus_on(then)


def is_kept():
    with open(preferences, encoding="utf-8") as file:
        return "still=true" in file.read()


def test(window):
    steps.sign_in(window)
    discard(window)
    window.wait("a toast that moves asks for frames", asked)
    window.key("ctrl+comma")
    window.focus_on("100 %")
    for name in ("As the system", "High contrast",
                 "A sound when something needs you", "No animations"):
        window.key("Tab")
        window.focus_on(name)
    window.key("space")
    window.wait("the choice is kept", is_kept)
    window.key("ctrl+t")
    window.focus_on("New enrolment")
    # What moved already may end.
    window.wait("the toast is gone", lambda: window.find("is discarded") is None)
    open(noted, "w", encoding="utf-8").close()
    discard(window)
    turn_pages(window)
    window.holds(f"nothing asked for frames: {asked()}", not asked())
    window.holds("the window ends when it is told to", window.end() == 0)


os.environ["TAMBO_TICKS"] = noted
os.environ["LD_PRELOAD"] = ":".join(filter(None, [os.environ.get("LD_PRELOAD"), ticks]))
sys.exit(driver.run(test, [program], pictures))
