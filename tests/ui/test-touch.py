#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A finger finds what it wants: whatever can be pressed is at least 44 x 44 pixels large, in every place and step,
and every page still fits into 1024 x 600.

test-touch.py WINDOW TAMBOCTL places|enrolment PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

import driver  # noqa: E402
import journey as journeys  # noqa: E402
import places  # noqa: E402

program, tamboctl, word, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(root, "data/practice/travel-document.png")

LEAST = 44
# Pressed where they are; what lies in one of them is pressed with it.
TARGETS = {"push button", "toggle button", "check box", "radio button", "entry", "password text", "text",
           "combo box", "spin button", "list item", "switch"}
# Lists of what cannot be chosen.
FIGURES = ("Figures of the day", "The day in figures")
small = []


def box_of(node):
    return Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)


def within(node, *roles):
    while node is not None and node.get_role_name() != "frame":
        node = node.get_parent()
        if node is not None and node.get_role_name() in roles:
            return node
    return None


# Smaller, each with its reason.
EXCEPTIONS = [
    ("the frame's buttons are the desktop's, who has them elsewhere too",
     lambda node: node.get_name() in ("Minimize", "Maximize", "Restore", "Close")),
    ("a figure, which is only read",
     lambda node: node.get_role_name() == "list item" and node.get_parent().get_name() in FIGURES),
    ("a part of an entry, which is pressed anywhere",
     lambda node: within(node, "entry", "text", "combo box", "spin button") is not None),
    ("a part of a row, which is pressed anywhere",
     lambda node: within(node, "list item") is not None and node.get_role_name() not in ("push button",)),
]


def is_target(node):
    states = node.get_state_set()
    return node.get_role_name() in TARGETS and states.contains(Atspi.StateType.SENSITIVE)


def look_at(window, page):
    seen, wrong = 0, []
    for node in window.walk():
        try:
            if not is_target(node):
                continue
            box = box_of(node)
            seen += 1
            if box.width >= LEAST and box.height >= LEAST or any(spares(node) for _, spares in EXCEPTIONS):
                continue
            wrong.append(f"{page}: {node.get_role_name()} “{node.get_name()}” has {box.width} x {box.height}")
        except GLib.Error:
            continue  # it went away while we looked
    small.extend(wrong)
    for line in wrong:
        print("# " + line, flush=True)
    window.n_held += 1
    print(f"{'not ok' if wrong or not seen else 'ok'} {window.n_held} - {page}: {seen} targets are large enough",
          flush=True)


def check(window, page):
    window.fits(1024, 600)
    look_at(window, page)


def test_places(window):
    journey = journeys.Journey(window, simulator, scan)
    window.focus_on("Operator")
    check(window, "sign-in")
    journey.sign_in("supervisor")
    window.sees("New enrolment", "push button")
    check(window, "home")
    for name, keys, kind in places.read(root):
        window.key(keys)
        window.wait(f"{keys} leads to {name}", lambda: window.find(kind))
        journey.pause(0.5)
        check(window, name)
        window.key("Escape")
        window.sees("New enrolment", "push button")
    places.open_list(window)
    look_at(window, "go-to")
    places.close_list(window)
    journey.lock()
    check(window, "locked")


def test_enrolment(window):
    journey = journeys.Journey(window, simulator, scan)
    journey.sign_in()
    journey.nobody(os.environ["ROOM"])
    window.key("ctrl+n")
    journey.focus_on("Asylum seeker")
    check(window, "procedures")
    window.key("Escape")
    journey.focus_on("New enrolment")
    journey.begin()
    check(window, "identity")
    journey.identity(("Take now",))
    check(window, "portrait")
    journey.portrait()
    journey.fingers()
    check(window, "fingerprints")
    journey.signature()
    check(window, "signature")
    journey.documents()
    check(window, "documents")
    journey.review()
    check(window, "review")
    journey.go_on("Next applicant")
    check(window, "receipt")
    window.key("ctrl+t")
    window.sees("Sealed, waits to be sent")
    check(window, "home with a case")
    window.key("ctrl+o")
    window.sees("1 record waits")
    check(window, "outbox with a record")


def test(window):
    (test_places if word == "places" else test_enrolment)(window)
    window.holds("a finger finds everything", not small)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
