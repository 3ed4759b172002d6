# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to issue: orders as headquarters sends them, and the card on the reader."""
import json
import os
import pathlib
import socket
import subprocess
import time

import driver

ROOM = os.environ["ROOM"]
PRACTICE = pathlib.Path(__file__).resolve().parents[2] / "data" / "practice"
DEVICES = ["--portrait", "camera", "--finger", "right-index=sensor", "--finger", "left-index=sensor",
           "--signature", "pad", "--document", f"travel-document={PRACTICE / 'travel-document.png'}"]


def tamboctl(*words, who="clerk", second=None):
    environment = dict(os.environ, TAMBO_OPERATOR=who, TAMBO_PASSWORD_FILE=f"{ROOM}/{who}.password")
    if second is not None:
        environment.update(TAMBO_SECOND=second, TAMBO_SECOND_PASSWORD_FILE=f"{ROOM}/{second}.password")
    done = subprocess.run([os.environ["TAMBO_TAMBOCTL"], *words], env=environment, text=True,
                          capture_output=True)
    if done.returncode != 0:
        raise driver.Failure(f"tamboctl {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def told(*words, **more):
    return json.loads(tamboctl("--json", *words, **more))


def control(*words):
    simulator = os.environ["TAMBO_TAMBOCTL"].replace("cli/tamboctl", "simulator/tambo-simulator")
    subprocess.run([simulator, "control", *words], check=True, stdout=subprocess.DEVNULL)


# ---- headquarters ----

def new_orders():
    return [m["id"] for m in told("inbox", "list")["messages"]
            if m["kind"] == "order" and m["state"] == "new"]


def make_orders(number):
    """Applicants enrolled from the devices, sent and decided: the ids of their orders."""
    mrz = tamboctl("mrz", "make", str(PRACTICE / "travel-document.json")).strip()
    for _ in range(number):
        tamboctl("enrol", "--procedure", "foreigner-card", "--mrz", mrz, "--applicant",
                 str(PRACTICE / "applicant.json"), *DEVICES)
    return wait_for(lambda: sync() or (new_orders() if len(new_orders()) >= number else None),
                    "the orders came")


def sync():
    tamboctl("sync", "--once")


def receive(kind, first, last, institution=None):
    words = ["stock", "receive", "--kind", kind, "--from", first, "--to", last]
    if institution is not None:
        words += ["--institution", institution]
    tamboctl(*words, who="supervisor", second="deputy")


def blank_state(number):
    return next(b["state"] for b in told("stock", "list")["blanks"] if b["number"] == number)


def wait_for(look, what, timeout=60):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(0.2)
    raise driver.Failure(f"{what}: not in time")


# ---- the card ----

def card_status():
    """Such as {"ready": "yes", "locked": "no", "commands": "12"}."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(f"{ROOM}/desk/card.control")
        line.sendall(b"status\n")
        words = line.makefile().readline().split()
    return dict(word.split("=", 1) for word in words if "=" in word)


def card_insert():
    """The same card lies there again, and the reader has seen it."""
    control("card", "insert")
    wait_for(lambda: card_status().get("ready") == "yes", "the card is ready")


def card_new():
    control("card", "new")
    card_insert()


def card_remove():
    """Nothing lies on the reader, and pcscd has noticed."""
    control("card", "remove")
    wait_for(lambda: "card present" not in tamboctl("chip", "readers"), "the card is away")


# ---- the window ----

def second_person(window, name):
    window.focus_on("Name of the second person")
    window.type(name)
    window.key("Return")
    window.focus_on("Password of the second person")
    window.type(f"practice-{name}")
    window.key("Return")


def choose(window):
    """The order that waits longest; the number of its blank is there."""
    window.focus_on("Waits to be issued")
    window.key("Return")
    window.focus_on("Number on the blank")


def begin_delivery(window, number):
    window.focus_on("Number on the receipt or the document")
    window.type(number)
    window.key("Return")


def compare_without_reading(window):
    """The document is nowhere, and the finger is somebody else's."""
    window.focus_on("Read the document")
    window.key("shift+Tab")
    window.focus_on("Go on without reading it")
    window.key("Return")
    window.focus_on("Take the finger")
    window.key("Return")
    window.sees("No finger can show who this is")
