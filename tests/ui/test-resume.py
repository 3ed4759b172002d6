#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes while the clerk types: the window comes back to the same case, step and field, and what was typed is
there; then while a picture is looked for.

test-resume.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import signal
import sys

import driver
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]
place_file = os.path.join(os.environ["TAMBO_STATION"], "window.place")


def is_noted(*words):
    """What is to be found again is on the disk."""
    try:
        with open(place_file, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return False
    return all(word in text for word in words)


def cut_power(window):
    window.process.send_signal(signal.SIGKILL)
    window.process.wait()
    window.__init__([program])
    window.focus_on("Operator")
    window.type("clerk")
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")


def test(window):
    steps.sign_in(window)
    steps.begin(window, "Passport")
    window.key("Tab")
    for name, text in [("Surnames", "ERIKSSON"), ("Given names", "ANNA MARIA")]:
        window.focus_on(name)
        window.type(text)
        window.key("Return")
    window.focus_on("Date of birth")
    window.sees("Saved on this computer at")
    window.wait("the field is noted", lambda: is_noted("birth_date"))
    window.holds("nothing personal is in the note", not is_noted("ERIKSSON"))

    cut_power(window)
    window.focus_on("Date of birth")
    window.holds("the same case", window.text_of("Surnames") == "ERIKSSON"
                 and window.text_of("Given names") == "ANNA MARIA")
    window.type("12081974")
    window.key("Tab")
    window.sees("Female")

    # At another step, where no capture was made yet.
    window.key("ctrl+4")
    window.sees("The signature is saved")
    window.wait("the step is noted", lambda: is_noted("step=3"))
    cut_power(window)
    window.sees("The signature is saved")
    window.focus_on("Continue")
    window.key("ctrl+1")
    window.wait("what was typed last is there", lambda: window.text_of("Date of birth") == "1974-08-12")

    # Undo goes word by word, and comes again.
    window.wait("a field has the focus", lambda: window.focused().get_role_name() == "text")
    window.focus_on("Nationality")
    window.type("UTO")
    window.wait("it is typed", lambda: window.text_of("Nationality") == "UTO")
    window.key("ctrl+z")
    window.wait("it is taken back", lambda: window.text_of("Nationality") == "")
    window.key("ctrl+shift+z")
    window.wait("and comes again", lambda: window.text_of("Nationality") == "UTO")

    # Who parks a case is not led back to it.
    window.key("ctrl+t")
    window.sees("Being captured")
    window.wait("nothing is noted any more", lambda: not os.path.exists(place_file))
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
