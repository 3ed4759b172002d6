#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor's desk by keyboard: an operator shut out, let in again and given another password, a blank put
back, the audit log proven and written out.

test-supervision.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import desk
import driver
import orders
from desk import tab_to

program, tamboctl, _, pictures = sys.argv[1:5]
ROOM = os.environ["ROOM"]


def operator(name):
    rows = desk.control(tamboctl, "operator", "list")["operators"]
    return next(row for row in rows if row["id"] == name)


def choose_clerk(window):
    tab_to(window, "clerk, May sign in")
    window.key("Return")


def shut_out(window):
    window.key("ctrl+shift+o")
    window.focus_on("Name of a new operator")
    window.sees("3 operators")
    choose_clerk(window)
    window.focus_on("Shut out")
    window.shoot(os.path.join(pictures, "operators.png"))
    window.key("Return")
    window.sees("clerk: done")
    window.wait("the clerk may not sign in", lambda: operator("clerk")["disabled"])


def let_in(window):
    """Rights are given by two."""
    tab_to(window, "Let in again")
    window.key("Return")
    desk.bring_second(window, "deputy")
    window.wait("the clerk may sign in", lambda: not operator("clerk")["disabled"])
    tab_to(window, "Shut out")


def give_password(window):
    tab_to(window, "New first password")
    # One that is too short is refused, and told why.
    window.type("short")
    tab_to(window, "Give it")
    window.key("Return")
    window.sees("a password has at least 8")
    tab_to(window, "New first password")
    window.type("another-password")
    tab_to(window, "Give it")
    window.key("Return")
    window.wait("it has to be changed first", lambda: operator("clerk")["first_password"])


def put_back(window):
    """A blank of another institution was counted by mistake."""
    window.key("ctrl+shift+b")
    window.focus_on("First number")
    window.sees("3 blanks in stock")
    tab_to(window, "Number of the blank")
    window.type("C0002")
    window.key("Return")
    window.focus_on("What happened to it")
    window.type("it was only taken out")
    tab_to(window, "Put back")
    window.key("Return")
    desk.bring_second(window, "deputy")
    # It lies there already: the window says so, and nothing changes.
    window.sees("It is in a state that does not allow this.")
    window.focus_on("Number of the blank")


def write_log(window):
    path = os.path.join(ROOM, "log.audit")
    window.key("ctrl+j")
    window.sees("entries", "label")
    tab_to(window, "Verify")
    window.key("Return")
    window.sees("Nothing was changed")
    tab_to(window, "File to export to")
    window.key("ctrl+a")
    window.type(path)
    tab_to(window, "Export")
    window.key("Return")
    window.sees(f"entries written to {path}")
    window.shoot(os.path.join(pictures, "audit-export.png"))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    window.holds("the file has the log", text.startswith("tambo-audit-export 1") and "operator.disable" in text)


def test(window):
    orders.receive("card", "C0001", "C0003")
    desk.sign_in(window, "supervisor")
    shut_out(window)
    let_in(window)
    give_password(window)
    put_back(window)
    write_log(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
