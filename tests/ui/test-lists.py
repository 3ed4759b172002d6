#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists remember: who comes back to a place finds its words, row and scrolling as they were left; after a lock
the words are gone, and for another operator everything is.

test-lists.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

import desk  # noqa: E402
import driver  # noqa: E402

program, tamboctl, _, pictures = sys.argv[1:5]
FILTER = "Filter: who, what, or when"
SEARCH = "Find a case by name"


def at_row(window):
    """Name and height on the screen of the row that has the focus; None without one."""
    node = window.focused()
    if node is None or node.get_role_name() != "list item":
        return None
    return node.get_name(), Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW).y


def width_of_row(window):
    return Atspi.Component.get_extents(window.focused(), Atspi.CoordType.WINDOW).width


def stands(window, what):
    return window.wait(what, lambda: at_row(window))


def stands_on(window, what, wanted):
    window.wait(what, lambda: at_row(window) == wanted)


def come_back(window, keys):
    window.key("ctrl+d")
    window.focus_on("Look again")
    window.key(keys)


def approvals(window):
    window.key("ctrl+shift+a")
    first = stands(window, "the first case has the focus")
    window.holds("its row is wide enough to be read", width_of_row(window) >= 250)
    window.key("Down")
    window.wait("the second has it", lambda: (at_row(window) or first) != first)
    second = at_row(window)
    window.key("Return")
    window.focus_on("Your sentence about it")
    come_back(window, "ctrl+shift+a")
    stands_on(window, "the chosen case has the focus again", second)
    return first


def audit(window):
    """At the end of what a filter finds, which is longer than the page."""
    window.key("ctrl+j")
    window.focus_on(FILTER)
    window.type("operator")
    window.sees("of the newest")
    desk.tab_to(window, "operator")
    window.key("End")
    top = None

    def rests():
        nonlocal top
        before, top = top, at_row(window)
        return top is not None and before == top
    window.wait("the last entry has the focus", rests)
    come_back(window, "ctrl+j")
    stands_on(window, "the entry has it again, at the same height", top)
    window.holds("the filter is as it was", window.text_of(FILTER) == "operator")


def operators(window):
    window.key("ctrl+shift+o")
    window.focus_on("Name of a new operator")
    desk.tab_to(window, "clerk, May sign in")
    window.key("Return")
    window.focus_on("Shut out")
    come_back(window, "ctrl+shift+o")
    window.focus_on("Name of a new operator")
    window.sees("Shut out", "push button")


def home(window, number):
    window.key("Escape")
    window.focus_on("New enrolment")
    window.key("ctrl+f")
    window.focus_on(SEARCH)
    window.type(number)
    window.sees("1 case")
    window.key("Return")
    found = stands(window, "what was found has the focus")
    # Enter opens the place where the case waits.
    window.key("Return")
    window.wait("the approvals are there", lambda: window.find("Your sentence about it"))
    window.key("Escape")
    stands_on(window, "what was found has it again", found)
    window.holds("the search is as it was", window.text_of(SEARCH) == number)


def lock_and_unlock(window):
    """Words may be a name: they do not outlast the lock."""
    window.key("ctrl+j")
    window.wait("the filter is there", lambda: window.text_of(FILTER) is not None)
    window.key("ctrl+l")
    window.focus_on("Password")
    window.type("practice-supervisor")
    window.key("Return")
    window.wait("the words are gone", lambda: window.text_of(FILTER) == "")
    window.key("ctrl+shift+a")
    window.focus_on(number)


def another(window, first):
    window.key("ctrl+l")
    desk.switch(window, "deputy", lambda: at_row(window))
    stands_on(window, "to another one the first case is shown", first)
    window.key("ctrl+shift+o")
    window.focus_on("Name of a new operator")
    window.sees("3 operators")
    window.holds("nobody is chosen", window.find("Shut out", "push button") is None)
    window.key("Escape")
    window.focus_on("New enrolment")
    window.holds("nothing is searched", window.text_of(SEARCH) == "")


def test(window):
    desk.sign_in(window, "supervisor")
    first = approvals(window)
    audit(window)
    operators(window)
    home(window, number)
    lock_and_unlock(window)
    another(window, first)
    window.holds("the window ends when it is told to", window.end() == 0)


BANDAGED = [word for finger in ("right", "left") for word in ("--finger-exception", f"{finger}-index=bandaged")]
desk.enrol(tamboctl, *BANDAGED)
number = desk.enrol(tamboctl, *BANDAGED)
sys.exit(driver.run(test, [program], pictures))
