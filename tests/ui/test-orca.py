#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orca says what a clerk has to know through a whole enrolment: each step, field, value, hint and error.

test-orca.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import re
import shutil
import sys

import driver
import journey as journeys
import screenreader

program, tamboctl, _, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(root, "data/practice/travel-document.png")

# A class of a toolkit's is no word.
CLASS = re.compile(r"\b(?:Gtk|Adw|Tambo)[A-Z]\w+")

# Orca asks for places on the screen, which GTK 4 does not know and warns of: no other warning is left out.
EXPECTED = "Screen coordinates not supported"
WARNING = re.compile(r"-(?:WARNING|CRITICAL) \*\*: ")

# What a field says of itself: its value, or how it wants to be filled.
FIELDS = [
    ("Surnames", "ERIKSSON"), ("Given names", "ANNA MARIA"), ("Date of birth", "1974"),
    ("Female", "selected radio button"), ("Male", "not selected radio button"),
    ("Unspecified", "not selected radio button"), ("Nationality", "UTO"), ("Place of birth", ""),
    ("Document type", "P"), ("Document number", "L898902C3"), ("Issuing state", "three letters, such as PER"),
    ("Date of expiry", "DD/MM/YYYY"), ("Personal number", "ZE184226B"), ("Address", ""), ("Telephone", ""),
    ("E-mail", ""),
]

# One wrong entry of each kind, from the last field back: what is typed, what is said, what is right.
FAULTS = [
    ("E-mail", "nobody", "is no e-mail address", ""),
    ("Telephone", "abc", "is no telephone number", ""),
    ("Document number", "???", "This has characters other than letters", "L898902C3"),
    ("Nationality", "QQQ", "is no code of Doc 9303-3", "UTO"),
    ("Date of birth", "31/02/1990", "February 1990 has 28 days. Type the day again.", "12081974"),
    ("Surnames", "", "Is missing. Type it here.", "ERIKSSON"),
]


class Talk:
    """A journey that is listened to."""

    def __init__(self, window, reader):
        self.window = window
        self.reader = reader
        self.journey = journeys.Journey(window, simulator, scan)

    def press(self, *keys):
        self.reader.forget()
        self.journey.key(*keys)

    def type(self, text):
        self.reader.forget()
        if text:
            self.journey.type(text)

    def hears(self, *words):
        """All of them, in any order, since the last press."""
        def has_said():
            text = " | ".join(self.reader.said())
            return all(word in text for word in words)
        try:
            self.journey.wait("Orca", has_said, driver.TIMEOUT)
        except driver.Failure as failure:
            raise driver.Failure(f"Orca does not say {words} but {self.reader.said()[-9:]}; {failure}") from None
        self.window.holds("Orca says “" + "”, “".join(words) + "”", True)

    def go_on(self, *words):
        # A Continue right after a page has changed is ignored.
        self.journey.pause(0.5)
        self.press("ctrl+Return")
        self.hears(*words)

    def awake(self):
        """Some time after its first words it begins to hear."""
        def hears_keys():
            self.press("Tab", "shift+Tab")
            for _ in range(10):
                self.journey.pause(0.2)
                if any("Operator" in line for line in self.reader.said()):
                    return True
            return False
        self.journey.wait("Orca listens", hears_keys, 2 * driver.TIMEOUT)
        self.window.holds("Orca listens and speaks", True)

    # ---- the steps ----

    def sign_in(self):
        self.press("Tab")
        self.hears("Password")
        self.press("shift+Tab")
        self.hears("Operator")
        self.journey.type("clerk")
        self.press("Return")
        self.hears("Password")
        self.type("not-the-password")
        # The focus stays where it is.
        self.press("Return")
        self.hears("The name or the password is wrong")
        self.type("practice-clerk")
        self.press("Return")
        self.hears("Today", "New enrolment")

    def begin(self):
        self.press("ctrl+n")
        self.hears("What does the applicant come for?", "Asylum seeker")
        for _ in range(8):
            if "Passport" in self.journey.focused.get_name():
                break
            self.press("Down")
            self.journey.wait("another row", lambda: self.journey.at is not None)
        self.hears("Passport")
        self.press("Return")
        self.hears("Identity", "Machine-readable zone")

    def machine_readable_zone(self):
        self.type(journeys.MRZ[0] + journeys.MRZ[1].replace("7408122", "7408123"))
        self.hears("A check digit of the machine-readable zone is wrong")
        self.journey.key("ctrl+a")
        self.type(journeys.MRZ[0] + "\n" + journeys.MRZ[1])
        self.hears("All check digits are right", "Place of birth")
        # A Tab right behind what a reader typed is the reader's.
        self.journey.pause(1)

    def fields(self):
        self.journey.focus_first("Machine-readable zone", "shift+Tab")
        self.journey.focus_on("Machine-readable zone")
        for name, value in FIELDS:
            self.press("Tab")
            self.journey.focus_on(name)
            self.hears(name, value)

    def fault(self, name, wrong, said, right):
        self.journey.focus_first(name, "shift+Tab")
        self.journey.key("ctrl+a", "Delete")
        self.type(wrong)
        self.press("ctrl+Return")
        self.hears(said)
        # The same once more.
        self.press("ctrl+Return")
        self.hears(said)
        # And again to who comes back to it.
        self.press("shift+Tab")
        self.journey.wait("the field before", lambda: self.journey.at and name not in self.journey.at)
        self.hears(self.journey.at)
        self.press("Tab")
        self.hears(name, said)
        self.journey.key("ctrl+a", "Delete")
        self.type(right)

    def identity(self):
        self.machine_readable_zone()
        self.fields()
        for fault in FAULTS:
            self.fault(*fault)
        self.window.holds("what is wrong in one field keeps no other from being saved",
                          not any("read back" in name for name in self.window.names()))

    def captures(self):
        self.go_on("Portrait", "Look at the camera.", "Take now")
        self.press("space")
        self.hears("The portrait is good.", "Continue")
        self.go_on("Fingerprints", "put it flat on the glass", "All fingers are done.")
        self.go_on("Signature", "Sign on the pad.", "The signature is saved.")

    def documents(self):
        self.go_on("Documents", "Nothing is missing. More may be added.")
        self.journey.focus_first("File")
        self.hears("File", "Path of a scan (JPEG, PNG or PDF), then Enter")
        self.journey.type("/nowhere/scan.png")
        self.press("Return")
        self.hears("There is no such file")
        self.journey.key("ctrl+a")
        self.journey.type(scan)
        self.press("Return")
        self.hears("Done", "Continue")

    def end(self):
        self.go_on("Review", "Everything is there.", "Seal")
        self.go_on("Receipt", "TB-", "Next applicant")


def test(window, reader):
    talk = Talk(window, reader)
    window.focus_on("Operator")
    talk.awake()
    talk.sign_in()
    talk.begin()
    talk.identity()
    talk.captures()
    talk.documents()
    talk.end()
    classes = [line for line in reader.said_ever() if CLASS.search(line)]
    window.holds(f"no class of a toolkit's is spoken: {classes}", not classes)
    window.holds("the window ends when it is told to", window.end() == 0)


def check_warnings(window, path):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line for line in file if line.strip() and EXPECTED not in line]
    sys.stderr.writelines(lines)
    found = [line for line in lines if WARNING.search(line)]
    window.holds(f"the window warned of nothing: {found}", not found)


def run():
    reader = screenreader.ScreenReader(os.path.join(os.environ["ROOM"], "orca"))
    window = None
    errors = os.path.join(os.environ["ROOM"], "window.err")
    os.environ["TAMBO_G_DEBUG"] = ""
    try:
        window = driver.Window(["sh", "-c", 'exec "$0" 2>"$1"', program, errors])
        test(window, reader)
        check_warnings(window, errors)
        print(f"1..{window.n_held}")
        return 0
    except driver.Failure as failure:
        print(f"not ok - {failure}")
        if window is not None and window.process.poll() is None:
            window.shoot(os.path.join(pictures, "orca-failed.png"))
        return 1
    finally:
        with open(os.path.join(pictures, "orca-said.txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(reader.said_ever()) + "\n")
        shutil.copy(reader.path, os.path.join(pictures, "orca-transcript.txt"))
        reader.end()
        if window is not None and window.process.poll() is None:
            window.process.kill()


if not screenreader.is_here():
    print("1..0 # SKIP Orca is not installed")
    sys.exit(0)
sys.exit(run())
