#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scanner that takes whole hands: six fingers in two presses, which nobody has to begin.

test-slaps.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import shutil
import subprocess
import sys

import desk
import driver
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]
ROOM = os.environ["ROOM"]
FINGERS = ["left-thumb"] + [f"right-{finger}" for finger in ("thumb", "index", "middle", "ring", "little")]


def office_of_hands():
    """Its procedures ask for both thumbs and a hand."""
    made = os.path.join(ROOM, "data")
    shutil.copytree(os.path.join(os.environ.get("TAMBO_DATADIR") or os.path.join(desk.SOURCE, "data"), "procedures"),
                    os.path.join(made, "procedures"))
    path = os.path.join(made, "procedures", "foreigner-card.json")
    with open(path, encoding="utf-8") as file:
        procedure = json.load(file)
    procedure["fingers"] = FINGERS
    with open(path, "w", encoding="utf-8") as file:
        json.dump(procedure, file)
    return made


def start_scanner():
    scanner = subprocess.Popen([simulator, "sbi", "--port", "0", "--seed", "700", "--trust",
                                os.path.join(ROOM, "trust.pem")], stdout=subprocess.PIPE, text=True)
    os.environ["TAMBO_SBI_PORTS"] = scanner.stdout.readline().split()[1]
    os.environ["TAMBO_SBI_TRUST"] = os.path.join(ROOM, "trust.pem")
    # Its fingers are grown when they are laid for the first time.
    os.environ["TAMBO_SBI_TIMEOUT"] = "100"
    return scanner


def prints():
    cases = json.loads(subprocess.check_output([tamboctl, "--json", "case", "list"]))["cases"]
    case = json.loads(subprocess.check_output([tamboctl, "--json", "case", "show", cases[0]["id"]]))
    return [sample for sample in case["samples"] if "finger" in sample]


def frame(window):
    """The applicant's window."""
    for i in range(window.root.get_child_count()):
        child = window.root.get_child_at_index(i)
        if child is not None and child.get_name() == "Applicant":
            return child
    return None


def tells_hand(window):
    """In the office's own language, which an applicant reads until another one is chosen. The first press takes its
    time; nobody reads the one after it as fast as it comes."""
    def look():
        told = {node.get_name() for node in window.walk(frame(window))}
        return "Ponga estos dedos sobre el vidrio" in told and told & {"Mano derecha", "Ambos pulgares"}
    window.wait("the applicant is told which fingers", look, 150)


def test(window):
    steps.sign_in(window)
    window.key("ctrl+shift+w")
    window.wait("the applicant's screen is open", lambda: frame(window) is not None)
    window.key("ctrl+d")
    window.sees("Tambo Practice Slap: Ready")
    steps.begin(window, "Foreigner's identity card")
    window.key("ctrl+3")
    tells_hand(window)
    window.sees("All fingers are done", timeout=150)
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "slaps.png"))
    window.holds("all are in the case", {p["finger"] for p in prints()} == set(FINGERS))
    window.holds("from the scanner", all("Slap" in p["device"] for p in prints()))
    window.holds("the window ends when it is told to", window.end() == 0)


os.environ["TAMBO_DATADIR"] = office_of_hands()
SCANNER = start_scanner()
try:
    status = driver.run(test, [program], pictures)
finally:
    SCANNER.kill()
    SCANNER.wait()
sys.exit(status)
