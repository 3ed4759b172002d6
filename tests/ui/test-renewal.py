#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A renewal with the old passport: swiped wherever the focus is, at most 25 keys beside typed changes, and no mouse.
The same person's second document, read on a serial line, asks nothing twice.

test-renewal.py WINDOW TAMBOCTL SCAN PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import driver
import steps

program, tamboctl, scan, pictures = sys.argv[1:5]
MOST_KEYS = 25


def choose(window, procedure, key):
    window.sees("What does the applicant come for?")
    window.sees("The document of ERIKSSON, ANNA MARIA was read.")
    while procedure not in window.wait("a procedure has the focus", lambda: window.focused().get_name()):
        before = window.focused().get_name()
        window.key(key)
        window.wait("the focus moves on", lambda: window.focused().get_name() != before)
    window.key("Return")
    window.sees("All check digits are right")


def renewal(window, is_guided):
    window.n_keys = 0
    # Whatever has the focus gets nothing of it.
    window.key("ctrl+f")
    window.focus_on("Find a case")
    steps.swipe(steps.MRZ)
    choose(window, "Passport", "Down")
    window.wait("the surname comes from the document", lambda: window.text_of("Surnames") == "ERIKSSON")
    window.focus_on("Place of birth")
    for name, text in [("Place of birth", "ZENITH"), ("Address", "ARENALES 100"),
                       ("Telephone", "999111222"), ("E-mail", None)]:
        window.focus_on(name)
        if text is not None:
            window.type(text)
            window.key("Return")
    window.go_on()
    steps.capture_all(window, is_guided)
    window.sees("Nothing is missing")
    steps.accept(window)
    steps.seal(window)
    window.holds(f"a renewal took {window.n_keys} keys, and {window.n_typed} typed characters",
                 window.n_keys <= MOST_KEYS)


def second_document(window, is_guided):
    """From the receipt of the first."""
    window.n_keys = 0
    reader.read(steps.MRZ)
    choose(window, "Foreigner's identity card", "Up")
    window.sees("Taken over from case")
    window.holds("the address is not asked again", window.text_of("Address") == "ARENALES 100")
    window.holds("nor the telephone", window.text_of("Telephone") == "999111222")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "taken-over.png"))
    # The clerk may take it back, and again.
    window.key("ctrl+z")
    window.wait("it is taken back", lambda: window.text_of("Address") == "")
    window.holds("what the document says stays", window.text_of("Surnames") == "ERIKSSON")
    window.key("ctrl+shift+z")
    window.wait("and comes again", lambda: window.text_of("Address") == "ARENALES 100")
    window.go_on()
    steps.capture_all(window, is_guided)
    window.focus_on("File")
    window.type(scan)
    window.key("Return")
    window.sees("Nothing is missing")
    steps.accept(window)
    steps.seal(window)
    window.holds(f"the second document took {window.n_keys} keys", window.n_keys <= MOST_KEYS)


def test(window):
    steps.sign_in(window)
    renewal(window, is_guided)
    second_document(window, is_guided)
    window.holds("the window ends when it is told to", window.end() == 0)


reader = steps.SerialReader()
is_guided = steps.with_guidance(tamboctl)
sys.exit(driver.run(test, [program], pictures))
