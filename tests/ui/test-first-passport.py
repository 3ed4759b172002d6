#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A first passport: everything is typed, and the whole takes at most 60 keys, letters and digits included.

test-first-passport.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import driver
import steps

program, tamboctl, _, pictures = sys.argv[1:5]
MOST_KEYS = 60


def test(window):
    steps.sign_in(window)
    window.n_keys = window.n_typed = 0
    steps.begin(window, "Passport")
    window.key("Tab")
    for name, text, leave in [("Surnames", "ERIKSSON", "Return"), ("Given names", "ANNA", "Return"),
                              ("Date of birth", "12081974", "Tab")]:
        window.focus_on(name)
        window.type(text)
        window.key(leave)
    window.focus_on("Female")
    window.key("space", "Tab", "Tab", "Tab")
    window.focus_on("Nationality")
    window.type("UTO")
    window.fits(1024, 600)
    window.go_on()
    steps.capture_all(window, is_guided)
    window.sees("Nothing is missing")
    steps.accept(window)
    steps.seal(window)
    window.shoot(os.path.join(pictures, "first-passport.png"))
    n_keys = window.n_keys + window.n_typed
    window.holds(f"a first passport took {n_keys} keys", n_keys <= MOST_KEYS)
    window.holds("the window ends when it is told to", window.end() == 0)


is_guided = steps.with_guidance(tamboctl)
sys.exit(driver.run(test, [program], pictures))
