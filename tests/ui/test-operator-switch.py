#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another operator takes the desk: lock, name, password, and the page is there that was left. What the
role may not do is absent.

test-operator-switch.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import sys
import time

import desk
import driver

program, tamboctl, _, pictures = sys.argv[1:5]


def places(window):
    """What the list of places offers."""
    window.key("ctrl+k")
    window.focus_on("Where to, or what to do?")
    window.sees("Devices")
    seen = {name for name in ("Operators", "Audit log", "Day closing", "New enrolment", "Outbox")
            if window.find(name, "list item") is not None}
    window.key("Escape")
    return seen


def test(window):
    desk.sign_in(window, "clerk")
    window.holds("a clerk is offered a clerk's places", places(window) == {"New enrolment", "Outbox"})
    window.key("ctrl+o")
    window.focus_on("Send now")
    window.key("ctrl+j")
    window.focus_on("Send now")

    window.key("ctrl+l")
    window.sees("The station is locked. Your work is saved.")
    begin = time.monotonic()
    desk.switch(window, "supervisor", lambda: window.find("Send now", "push button"))
    print(f"# the switch took {time.monotonic() - begin:.1f} s, typing and looking included", flush=True)
    window.focus_on("Send now")
    window.sees("supervisor, Supervisor")
    window.holds("a supervisor is offered more", places(window) == {"Operators", "Audit log", "Day closing",
                                                                    "New enrolment", "Outbox"})

    # Found by typing a part of its name.
    window.key("ctrl+k")
    window.focus_on("Where to, or what to do?")
    window.type("audit")
    window.key("Return")
    window.focus_on("Filter: who, what, or when")
    window.sees("operator.sign-in · supervisor")

    # A clerk may not come back to the page of a supervisor.
    window.key("ctrl+l")
    desk.switch(window, "clerk", lambda: window.find("New enrolment", "push button"))
    window.focus_on("New enrolment")
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
