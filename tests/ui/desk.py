# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the places beside the enrolment share: who signs in, and cases that are there already."""
import json
import os
import signal
import subprocess
import time

import driver

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def sign_in(window, who, then="New enrolment"):
    window.focus_on("Operator")
    window.type(who)
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-" + who)
    window.key("Return")
    window.focus_on(then)


def switch(window, who, then):
    """From the lock page, where the last one's name stands."""
    window.focus_on("Password")
    window.key("shift+Tab")
    window.focus_on("Operator")
    window.key("ctrl+a")
    window.type(who)
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-" + who)
    window.key("Return")
    window.wait(f"the desk is {who}'s", then)


def bring_second(window, who):
    window.sees("A second person is needed")
    window.focus_on("Name of the second person")
    window.type(who)
    window.key("Return")
    window.focus_on("Password of the second person")
    window.type("practice-" + who)
    window.key("Return")


def tab_to(window, name, key="Tab"):
    """Tab after Tab, each after the focus of the one before has come."""
    def name_of_focus():
        node = window.focused()
        return (node.get_name() or "") if node is not None else None

    last = None

    def is_there():
        nonlocal last
        at = name_of_focus()
        if at is not None and any(word in at for word in driver.words(name)):
            return True
        if at != last or last is None:
            last = at
            window.key(key)
        else:
            last = None
        return False
    window.wait(f"{key} leads to “{name}”", is_there)


def control(tamboctl, *words):
    """tamboctl as the clerk; its document. What waits for a second person ends with 3."""
    done = subprocess.run([tamboctl, "--json", *words], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{words}: {done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else {}


def stop_sync(window):
    """The synchronisation that the window has started."""
    children = subprocess.run(["pgrep", "-P", str(window.process.pid), "-f", "sync --watch"], capture_output=True,
                              text=True).stdout.split()
    for child in children:
        os.kill(int(child), signal.SIGSTOP)
    return [int(child) for child in children]


def enrol(tamboctl, *fingers):
    """A case by the practice devices, without the window; its tracking number."""
    before = {c["id"] for c in control(tamboctl, "case", "list")["cases"]}
    applicant = os.path.join(SOURCE, "data", "practice", "travel-document.json")
    control(tamboctl, "enrol", "--procedure", "asylum-card", "--applicant", applicant, "--portrait", "camera",
            *fingers, "--signature", "pad")
    new = [c for c in control(tamboctl, "case", "list")["cases"] if c["id"] not in before]
    return new[0]["tracking_number"]


def enrol_bandaged(tamboctl):
    return enrol(tamboctl, "--finger", "right-index=sensor", "--finger-exception", "left-index=bandaged")


def state_of(tamboctl, number):
    for case in control(tamboctl, "case", "list")["cases"]:
        if case["tracking_number"] == number:
            return case["state"]
    return None


class Headquarters:
    """It is away when a test begins."""

    def __init__(self, tamboctl):
        self.program = os.path.join(os.path.dirname(tamboctl), "..", "hq", "tambo-hq")
        self.room = os.environ["ROOM"]
        with open(os.path.join(self.room, "station", "station.json"), encoding="utf-8") as file:
            self.port = json.load(file)["url"].rsplit(":", 1)[1].strip("/")
        self.process = None

    def run(self, *words):
        done = subprocess.run([self.program, *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"tambo-hq {words}: {done.stderr}")
        return done.stdout

    def start(self, **environment):
        path = os.path.join(self.room, "hq-again.out")
        with open(path, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen(
                [self.program, "serve", os.path.join(self.room, "hq"), "--listen", "127.0.0.1:" + self.port],
                stdout=out, stderr=subprocess.DEVNULL, env=dict(os.environ, **environment))
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with open(path, encoding="utf-8") as told:
                if "listening on" in told.read():
                    return
            time.sleep(0.1)
        raise RuntimeError("headquarters does not come up")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None
