#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One bad record shows as itself: headquarters can make nothing of one, refuses the case of another and takes the
rest. The way of each shows where it broke; a supervisor puts the one back, a clerk captures anew what the other
lacks, all by keyboard.

test-stuck.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import shutil
import sys

import desk
import driver
import orders

program, tamboctl, _, pictures = sys.argv[1:5]
headquarters = desk.Headquarters(tamboctl)
HQ = os.path.join(headquarters.room, "hq")


def other_data():
    """A folder of data in which one procedure is newer than the desk's."""
    folder = os.path.join(headquarters.room, "data")
    shutil.copytree(os.path.join(desk.SOURCE, "data"), folder)
    path = os.path.join(folder, "procedures", "foreigner-card.json")
    with open(path, encoding="utf-8") as file:
        procedure = json.load(file)
    procedure["version"] += 1
    with open(path, "w", encoding="utf-8") as file:
        json.dump(procedure, file)
    return folder


def states():
    return {r["id"]: r["state"] for r in desk.control(tamboctl, "outbox", "list")["records"]}


def make_records():
    """The ids of a case that nobody minds, of one that will be refused, of one that is of no use; and their numbers."""
    good = desk.enrol(tamboctl, "--finger", "right-index=sensor", "--finger", "left-index=sensor")
    refused = desk.enrol(tamboctl, "--finger", "right-index=sensor", "--finger", "left-index=sensor")
    mrz = orders.tamboctl("mrz", "make", str(orders.PRACTICE / "travel-document.json")).strip()
    orders.tamboctl("enrol", "--procedure", "foreigner-card", "--mrz", mrz, "--applicant",
                    str(orders.PRACTICE / "applicant.json"), *orders.DEVICES)
    cases = {c["tracking_number"]: c["id"] for c in desk.control(tamboctl, "case", "list")["cases"]}
    useless = next(number for number in cases if number not in (good, refused))
    return [(cases[number], number) for number in (good, refused, useless)]


def refuse(window, case):
    """Nobody answers headquarters about the identity: a person decides, whose eyes are better than the desk's."""
    window.wait("headquarters has the case", lambda: json.loads(
        headquarters.run("--json", "case", "show", HQ, case))["state"] == "pending")
    headquarters.run("case", "decide", HQ, case, "--refuse", "portrait too small", "--recapture", "portrait",
                     "--person", "ana")


def choose(window, number):
    """The row of the case, from the top of the list, by keyboard."""
    window.wait("the record is listed", lambda: window.find(f"Enrolment {number}", "list item"))
    desk.tab_to(window, "Enrolment")
    window.key("Home")
    for _ in range(8):
        if number in (window.focused().get_name() or ""):
            break
        window.key("Down")
    window.focus_on(number)
    window.key("Return")


def put_back(window, useless):
    """What was put right at headquarters is sent once more; the supervisor says when."""
    headquarters.stop()
    window.key("ctrl+l")
    desk.switch(window, "supervisor", lambda: window.find("Outbox", "label"))
    choose(window, useless[1])
    window.focus_on("Put back into the queue")
    headquarters.start()
    window.key("Return")
    window.focus_on("Send now")
    window.key("Return")
    window.wait("it is taken", lambda: states()[useless[0]] == "acknowledged")
    window.sees("0 records wait")


def test(window):
    try:
        good, refused, useless = make_records()
        headquarters.run("connector", "set", HQ, "identity", "--url", "http://127.0.0.1:9/", "--timeout", "200")
        headquarters.start(TAMBO_DATADIR=other_data())
        desk.sign_in(window, "clerk")
        window.sees("Connected")
        refuse(window, refused[0])
        window.key("ctrl+o")
        window.focus_on("Send now")
        window.key("Return")
        window.wait("headquarters' word is here", lambda: desk.state_of(tamboctl, refused[1]) == "refused")
        window.sees("2 need somebody")
        window.holds("the good one is there", states()[good[0]] == "acknowledged")
        window.holds("and the bad one is set aside", states()[useless[0]] == "refused")

        choose(window, useless[1])
        window.sees("The way of the record: broken at “Received”", "image")
        window.sees(f"Headquarters cannot use the record of {useless[1]}")
        window.shoot(os.path.join(pictures, "outbox-stuck.png"))
        choose(window, good[1])
        window.sees("The way of the record: 5 of 5 places are behind it", "image")

        choose(window, refused[1])
        window.sees("The way of the record: broken at “Decision”", "image")
        window.sees(f"Headquarters refused case {refused[1]}: portrait too small. The rest was sent.")
        window.shoot(os.path.join(pictures, "outbox-refused.png"))
        window.focus_on("Recapture portrait")
        window.fits(1024, 600)
        window.key("Return")
        window.focus_on("Take now")
        window.key("ctrl+o")
        window.sees("1 need somebody")
        put_back(window, useless)
        window.holds("the window ends when it is told to", window.end() == 0)
    finally:
        headquarters.stop()


sys.exit(driver.run(test, [program], pictures))
