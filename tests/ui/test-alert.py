#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headquarters warns of a document and of a person: the clerk reads it as soon as either is known and before the case
is sealed, goes on, and the applicant's screen says nothing of it. Where one cannot be read, the clerk is told.

test-alert.py WINDOW TAMBOCTL orders PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import desk
import driver
import orders
import steps

program, tamboctl, _, pictures = sys.argv[1:5]
HQ = os.path.join(os.environ["ROOM"], "hq")
tambo_hq = tamboctl.replace("cli/tamboctl", "hq/tambo-hq")
WARNED_DOCUMENT = "Headquarters warns of this document: reported stolen"
WARNED_PERSON = "Headquarters warns of this person: sought by a court"


def add_alert(*words):
    done = subprocess.run([tambo_hq, "--json", "alert", "add", HQ, *words], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["id"]


def applicant_words(window):
    for i in range(window.root.get_child_count()):
        child = window.root.get_child_at_index(i)
        if child is not None and child.get_name() == "Applicant":
            return [node.get_name() for node in window.walk(child) if node.get_name()]
    return []


def noted(action, subject):
    entries = orders.told("audit", "list", who="auditor")["entries"]
    return len([e for e in entries if e["action"] == action and e["subject"] == subject])


def rot(alert):
    store = sqlite3.connect(os.path.join(os.environ["TAMBO_STATION"], "store.db"), timeout=60)
    with store:
        store.execute("UPDATE feed SET version = version + 1 WHERE id = ?", (alert,))
    store.close()


def test(window):
    # Told its key, headquarters has whom to tell.
    orders.sync()
    stolen = add_alert("--document", "UTO/P/D23145890", "--reason", "reported stolen", "--action",
                       "keep the document and call the supervisor")
    sought = add_alert("--person", "NILSSON/ANNA MARIA/1974-08-12", "--reason", "sought by a court", "--action",
                       "call the supervisor")
    orders.sync()
    desk.sign_in(window, "clerk")
    window.key("ctrl+shift+w")
    window.wait("the applicant's screen is open", lambda: applicant_words(window))
    steps.begin(window, "Passport")
    steps.swipe(steps.MRZ)
    window.sees("All check digits are right")
    window.focus_on("Place of birth")
    window.holds("nobody is warned of", window.find("Headquarters warns") is None)

    desk.tab_to(window, "Document number")
    window.key("ctrl+a")
    window.type("D23145890")
    window.sees(WARNED_DOCUMENT)
    window.sees("What to do: keep the document and call the supervisor")
    window.focus_on("Document number")
    window.holds("the applicant reads nothing of it", not any("stolen" in word for word in applicant_words(window)))
    desk.tab_to(window, "Surnames", "shift+Tab")
    window.key("ctrl+a")
    window.type("NILSSON")
    window.sees(WARNED_PERSON)
    window.sees(WARNED_DOCUMENT)
    window.shoot(os.path.join(pictures, "alert.png"))
    window.fits(1024, 600)

    case = orders.told("case", "list")["cases"][-1]["id"]
    window.holds("the log tells of the document", noted("alert.hit", stolen) > 0)
    window.holds("and of the person", noted("alert.hit", sought) > 0)
    before = noted("case.alert", case)
    window.holds("and in which case", before > 1)

    # It stays while it is true, and is not noted again for looking at it.
    window.key("ctrl+2")
    window.sees("Look at the camera")
    window.key("ctrl+1")
    window.sees(WARNED_DOCUMENT)
    window.holds("once is enough", noted("case.alert", case) == before)
    desk.tab_to(window, "Document number")
    window.key("ctrl+a")
    window.type("L898902C3")
    window.wait("the right number is nobody's concern", lambda: window.find(WARNED_DOCUMENT) is None)
    window.sees(WARNED_PERSON)

    # Whoever goes on with a case, or seals it, reads it too.
    window.key("ctrl+6")
    window.sees("Something is still missing")
    window.sees(WARNED_PERSON)
    window.shoot(os.path.join(pictures, "alert-review.png"))
    window.fits(1024, 600)

    # One that has rotted is told, and the other all the same.
    asleep = window.wait("its synchronisation sleeps", lambda: desk.stop_sync(window))
    try:
        rot(stolen)
        window.key("ctrl+1")
        window.focus_on("Place of birth")
        desk.tab_to(window, "Document number", "shift+Tab")
        window.key("ctrl+a")
        window.type("L898902C4")
        window.sees("The applicant cannot be compared with all alerts of headquarters.")
        window.sees(WARNED_PERSON)
        window.shoot(os.path.join(pictures, "alert-rotten.png"))
        window.fits(1024, 600)
        window.holds("the log of the case says so", noted("case.alert-gap", case) == 1)
        window.holds("and that of the alerts", noted("feed.spoiled", f"alert/{stolen}") == 1)
    finally:
        for child in asleep:
            os.kill(child, signal.SIGCONT)

    # The exchange brings it anew: then there is nothing more to say of it.
    orders.sync()
    window.key("ctrl+2")
    window.sees("Look at the camera")
    window.key("ctrl+1")
    window.wait("all are compared again",
                lambda: window.find("The applicant cannot be compared with all alerts") is None)
    window.sees(WARNED_PERSON)

    # One that comes when everything is there: nothing is sealed before the clerk has read it.
    window.key("ctrl+2")
    steps.capture_all(window, False)
    window.key("ctrl+6")
    window.sees("Everything is there")
    add_alert("--document", "UTO/P/L898902C4", "--reason", "reported lost", "--action", "keep the document")
    orders.sync()
    window.focus_on("Seal")
    time.sleep(0.5)  # Continue is inert so long
    window.key("Return")
    window.sees("Headquarters warns of this applicant")
    window.sees("Headquarters warns of this document: reported lost")
    window.shoot(os.path.join(pictures, "alert-seal.png"))
    window.fits(1024, 600)
    steps.seal(window)
    window.holds("the window ends when it is told to", window.end() == 0)


sys.exit(driver.run(test, [program], pictures))
