#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every control of every page has a name and a role, and a way to it by keys alone.

test-accessible.py WINDOW TAMBOCTL places|enrolment PICTURES, inside headless.sh and the simulated desk."""
import os
import re
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

import driver  # noqa: E402
import journey as journeys  # noqa: E402
import places  # noqa: E402

program, tamboctl, word, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
root = os.path.join(os.path.dirname(__file__), "../..")
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(root, "data/practice/travel-document.png")

# What a hand or a key can be put on.
CONTROLS = {"push button", "toggle button", "check box", "radio button", "entry", "password text", "text",
            "combo box", "spin button", "slider", "link", "menu item", "list item", "table row", "switch"}
# A class of GTK's is not a name.
CLASS = re.compile(r"^(Gtk|Adw|Tambo)[A-Z][A-Za-z]+$")
# Of GTK's own within a scrolled window: it never has the focus, and nothing is called by it.
NAMELESS = {"filler", "scroll bar"}
ROLELESS = {"", "unknown", "invalid", "redundant object"}
bad = []


def look_at(node):
    states = node.get_state_set()
    role, name = node.get_role_name(), node.get_name() or ""
    is_control = role in CONTROLS or states.contains(Atspi.StateType.FOCUSABLE)
    if not is_control or not states.contains(Atspi.StateType.VISIBLE):
        return None
    parent = node.get_parent()
    if not states.contains(Atspi.StateType.SENSITIVE) or not parent.get_state_set().contains(
            Atspi.StateType.SENSITIVE):
        return None
    return role, name, states.contains(Atspi.StateType.FOCUSABLE)


def controls(window):
    found = []
    for node in window.walk():
        try:
            seen = look_at(node)
        except GLib.Error:
            continue
        if seen is not None:
            found.append((node, *seen))
    return found


def called_by_class(window, page):
    """An icon within a field is spoken with it: what has a role has a name of its own, or none."""
    for node in window.walk():
        try:
            role, name = node.get_role_name(), node.get_name() or ""
            if role not in NAMELESS and CLASS.match(name) and not name.startswith("Tambo"):
                parent = node.get_parent()
                yield f"{page}: {role} “{name}” in {parent.get_role_name()} “{parent.get_name()}”"
        except GLib.Error:
            continue


def check_names(window, page):
    """A scrolled window and a list may take the focus: they need a name like a button does."""
    seen = controls(window)
    wrong = list(called_by_class(window, page))
    for node, role, name, focusable in seen:
        if role in ("scroll pane", "viewport", "frame", "window"):
            continue
        if role in ROLELESS or not name.strip() or CLASS.match(name):
            parent = node.get_parent()
            wrong.append(f"{page}: {role} “{name}” in {parent.get_role_name()} “{parent.get_name()}”")
    bad.extend(wrong)
    for line in wrong:
        print("# " + line, flush=True)
    if not seen:
        raise driver.Failure(f"{page}: there is nothing to look at")
    window.n_held += 1
    print(f"{'not ok' if wrong else 'ok'} {window.n_held} - {page}: {len(seen)} controls have names and roles",
          flush=True)


# ---- the keys ----

# The frame of the window has keys of the desktop's own; Escape leads back from everything.
FRAME = {"Minimize", "Maximize", "Restore", "Close"}
# Of GTK's, in a part that has a way of its own.
PARTS = {"GtkToggleButton"}


def tab_through(journey):
    """What Tab leads to, in this order, and what the arrows lead to in the lists."""
    visited, order, silent = set(), [], []

    def press(key):
        journey.key(key)
        try:
            journey.wait(key, lambda: journey.at is not None, 1.5)
        except driver.Failure:
            node = journey.window.focused()
            if node is None:
                silent.append("nothing that tells of itself")
            elif node != journey.focused:
                silent.append(f"{node.get_role_name()} “{node.get_name()}”, which does not tell of itself")
            return False
        return True

    def note():
        node = journey.focused
        seen = (node.get_role_name(), node.get_name() or "")
        new = seen not in visited
        visited.add(seen)
        if new:
            order.append(f"{seen[0]} {seen[1]}")
        return new

    first, stuck = None, 0
    for _ in range(150):
        if not press("Tab"):
            stuck += 1
            if stuck == 3:
                silent.append(f"nowhere from {order[-1] if order else 'the start'}")
                break
            continue
        stuck = 0
        here = (journey.focused.get_role_name(), journey.focused.get_name() or "")
        if here == first:
            break
        first = first or here
        # From row to row.
        if note() and here[0] in ("list item", "table row"):
            while press("Down") and note():
                pass
    return visited, order, silent


def check_keys(journey, page):
    window = journey.window
    visited, order, silent = tab_through(journey)
    lost = [f"Tab leads to {line}" for line in silent]
    for node, role, name, focusable in controls(window):
        if role not in ("push button", "toggle button", "check box", "radio button", "entry", "text",
                        "password text", "combo box", "switch", "link"):
            continue
        if (role, name) in visited or name in FRAME or name in PARTS or re.match(r"^[1-9]  ", name):
            continue
        # The inside of a control that was reached, or of a row that Enter opens.
        up, inside = node.get_parent(), False
        while up is not None and not inside:
            inside = (up.get_role_name(), up.get_name() or "") in visited
            up = up.get_parent()
        # Of a choice one is on Tab's way, the others on the arrows'.
        if role in ("check box", "radio button"):
            siblings = node.get_parent()
            while siblings.get_child_count() < 2:
                siblings = siblings.get_parent()
            inside = inside or any((other.get_role_name(), other.get_name() or "") in visited
                                   for other in window.walk(siblings))
        if not inside and not any(name and name in other for _, other in visited):
            lost.append(f"no key leads to {role} “{name}”")
    with open(os.path.join(pictures, "tab-order.txt"), "a") as file:
        file.write(f"{page}\n" + "".join(f"  {line}\n" for line in order))
    bad.extend(lost)
    for line in lost:
        print(f"# {page}: {line}", flush=True)
    window.n_held += 1
    print(f"{'not ok' if lost else 'ok'} {window.n_held} - {page}: Tab and the arrows lead to all of it",
          flush=True)


def check(journey, page):
    check_names(journey.window, page)
    check_keys(journey, page)


# ---- the pages ----

def test_places(window):
    journey = journeys.Journey(window, simulator, scan)
    window.focus_on("Operator")
    check(journey, "sign-in")
    journey.focus_first("Operator")
    journey.sign_in("supervisor")
    check(journey, "home")
    for name, keys, kind in places.read(root):
        window.key(keys)
        window.wait(f"{keys} leads to {name}", lambda: window.find(kind))
        journey.pause(1)
        check(journey, name)
        window.key("Escape")
        window.sees("New enrolment", "push button")
    window.key("ctrl+k")
    window.focus_on("Where to, or what to do?")
    check_names(window, "go to")
    window.key("Escape")
    window.focus_on("New enrolment")
    window.key("F1")
    number = window.wait("the help is there", lambda: window.dialog("Keys and help"))
    check_names(window, "help")
    window.leave_dialog(number)
    second_person(window)
    journey.lock()
    check(journey, "locked")


def second_person(window):
    """To receive blanks two are needed."""
    window.key("ctrl+shift+b")
    window.focus_on("First number")
    window.type("C0001")
    window.key("Return")
    window.focus_on("Last number")
    window.type("C0020")
    window.key("Return")
    window.sees("A second person is needed")
    check_names(window, "second person")
    window.key("Escape")
    window.wait("it is closed", lambda: window.find("A second person is needed") is None)
    window.key("Escape")


def test_enrolment(window):
    journey = journeys.Journey(window, simulator, scan)
    journey.sign_in()
    journey.nobody(os.environ["ROOM"])
    window.key("ctrl+n")
    journey.focus_on("Asylum seeker")
    check(journey, "procedures")
    window.key("Escape")
    journey.focus_on("New enrolment")
    journey.begin()
    check(journey, "identity")
    window.key("ctrl+1")
    journey.focus_first("Machine-readable zone")
    journey.identity(("Take now",))
    check(journey, "portrait")
    journey.portrait()
    journey.fingers()
    check(journey, "fingerprints")
    journey.signature()
    check(journey, "signature")
    journey.documents()
    check(journey, "documents")
    journey.review()
    check(journey, "review")
    journey.go_on("Next applicant")
    check(journey, "receipt")


def run(test):
    window = None
    try:
        window = driver.Window([program])
        test(window)
        if bad:
            raise driver.Failure(f"{len(bad)} controls are wrong")
        window.holds("the window ends when it is told to", window.end() == 0)
        print(f"1..{window.n_held}")
        return 0
    except driver.Failure as failure:
        print(f"not ok - {failure}")
        if window is not None and window.process.poll() is None:
            window.shoot(os.path.join(pictures, "accessible-failed.png"))
        return 1
    finally:
        if window is not None and window.process.poll() is None:
            window.process.kill()


sys.exit(run(test_places if word == "places" else test_enrolment))
