#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who was given a password has to choose another one before anything else is shown.

test-first-password.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import json
import os
import subprocess
import sys

import driver

program, tamboctl, _, pictures = sys.argv[1:5]
room = os.environ["ROOM"]


def add_operator():
    first = os.path.join(room, "first.password")
    with open(first, "w") as file:
        file.write("given-by-another")
    subprocess.run([tamboctl, "operator", "add", "newcomer", "--role", "clerk",
                    "--new-password-file", first], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, TAMBO_OPERATOR="supervisor",
                            TAMBO_PASSWORD_FILE=os.path.join(room, "supervisor.password")))


def state():
    rows = json.loads(subprocess.check_output([tamboctl, "--json", "operator", "list"]))["operators"]
    return next(row["state"] for row in rows if row["id"] == "newcomer")


def choose(window, first, second):
    window.focus_on("Your own new password")
    window.type(first)
    window.key("Return")
    window.focus_on("The new password again")
    window.type(second)
    window.key("Return")


def test(window):
    window.focus_on("Operator")
    window.type("newcomer")
    window.key("Return")
    window.focus_on("Password")
    window.type("given-by-another")
    window.key("Return")
    window.sees("This password was given to you. Choose your own.")
    window.holds("the given password opens nothing", state() == "first-password")

    choose(window, "my-own-password", "my-other-password")
    window.sees("The two are not the same. Type the new password twice.")
    for refused in "short", "given-by-another":
        choose(window, refused, refused)
        window.sees("A password has at least 8 characters and is not the old one.")
    window.holds("neither two different ones, a short one, nor the given one is taken",
                 state() == "first-password")

    choose(window, "my-own-password", "my-own-password")
    window.sees("New enrolment", "push button")
    window.holds("with one's own the queue opens", state() == "active")
    window.holds("the window ends when it is told to", window.end() == 0)


add_operator()
sys.exit(driver.run(test, [program], pictures))
