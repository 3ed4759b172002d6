#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window in a language that has a beginning of a catalogue: what is there is shown, the rest in Spanish.

test-language.py WINDOW TAMBOCTL LANGUAGE PICTURES, inside headless.sh and the simulated desk. LANGUAGE is what the
clerk has, alone."""
import os
import sys

import driver
import spanish
from desk import SOURCE

program, tamboctl, language, pictures = sys.argv[1:5]
SIZE = (1024, 600)
# As the catalogue has them; there is no word for a signature yet.
STEPS = {
    "qu": ["Rikch'a", "Ruk'anakuna", "Firma", "Qillqakuna", "Qhawariy"],
    "ay": ["Retrato", "Luk'ananaka", "Firma", "Qillqatanaka", "Uñakipaña"],
}


def sees_enrolment(window):
    for number, step in enumerate(STEPS[language], 2):
        window.sees(f"{number}  {step}", "push button")


def test(window):
    window.focus_on("Operator")
    window.type("clerk")
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    window.focus_on("New enrolment")
    window.sees("Nobody is waiting")
    window.fits(*SIZE)
    window.shoot(os.path.join(pictures, f"home-{language}.png"))
    window.key("ctrl+n")
    window.wait("a procedure has the focus", lambda: window.focused().get_role_name() == "list item")
    window.key("Return")
    window.focus_on("Machine-readable zone")
    sees_enrolment(window)
    window.fits(*SIZE)
    window.shoot(os.path.join(pictures, f"identity-{language}.png"))
    window.key("ctrl+4")
    window.sees("Continue")
    window.fits(*SIZE)
    left = spanish.leftovers(window)
    window.holds(f"nothing is left in English {left}", not left)
    window.holds("the window ends when it is told to", window.end() == 0)


os.environ["TAMBO_LOCALEDIR"] = spanish.compile_catalogue(SOURCE, os.environ["ROOM"], language)
os.environ["LANGUAGE"] = language
driver.words = spanish.words
sys.exit(driver.run(test, [program], pictures))
