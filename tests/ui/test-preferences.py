#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The station's preferences hold at once and stay; the operator's own finger unlocks the station; practice says
what it is.

test-preferences.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import desk
import driver

program, tamboctl, _, pictures = sys.argv[1:5]
kept = os.path.join(os.environ["ROOM"], "station", "preferences.ini")


def says(*lines):
    try:
        with open(kept, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return False
    return all(line in text for line in lines)


def choose(window):
    window.key("ctrl+comma")
    window.focus_on("100 %")
    window.key("Right")
    window.focus_on("115 %")
    window.key("space")
    window.wait("the size of the text is kept", lambda: says("text-size=115"))
    window.key("Tab")
    window.focus_on("As the system")
    window.key("Right")
    window.focus_on("Light")
    window.key("Right")
    window.focus_on("Dark")
    window.key("space")
    window.wait("the colours are kept", lambda: says("colors=dark"))
    window.key("Tab")
    window.focus_on("High contrast")
    window.key("Tab")
    window.focus_on("A sound when something needs you")
    window.key("space")
    window.wait("the sounds are kept", lambda: says("sounds=true", "text-size=115"))
    window.key("Tab")
    window.focus_on("No animations")
    window.key("space")
    window.wait("that nothing moves is kept", lambda: says("still=true"))
    window.shoot(os.path.join(pictures, "preferences.png"))


def speak_quechua(window):
    """All that the applicant's screen speaks can be its first language."""
    window.key("Right")
    window.focus_on("Runasimi")
    window.key("space")
    window.wait("the language is kept", lambda: says("applicant-language=qu"))
    window.key("Left")
    window.focus_on("Español")
    window.key("space")
    window.wait("and the other one", lambda: says("applicant-language=es"))


def give_finger(window):
    for name in ("Español", "Whichever is ready", "Whichever is ready", "Give my finger"):
        window.key("Tab")
        window.focus_on(name)
        if name == "Español":
            speak_quechua(window)
    window.key("Return")
    window.sees("From your next sign-in on this finger unlocks the station")


def unlock(window):
    """The next sign-in is by password, the one after it by finger; the simulated one is put down by itself."""
    window.key("ctrl+l")
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    window.sees("Preferences", "label")
    window.key("ctrl+l")
    window.wait("the finger opens the page that was left",
                lambda: window.find("Give my finger", "push button"))


def practice(window):
    window.key("ctrl+k")
    window.focus_on("Where to, or what to do?")
    window.type("pract")
    window.key("Return")
    window.focus_on("Back to Today")
    window.sees("This station practises.")
    window.shoot(os.path.join(pictures, "practice.png"))
    window.key("Return")
    window.focus_on("New enrolment")


def test(window):
    desk.sign_in(window, "clerk")
    choose(window)
    give_finger(window)
    unlock(window)
    practice(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
