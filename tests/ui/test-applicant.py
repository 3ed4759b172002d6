#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The applicant's screen: in another language, step by step, and blank of everybody when the clerk locks or leaves.

test-applicant.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import subprocess
import sys

import driver
import steps
from driver import Atspi

program, tamboctl, simulator, pictures = sys.argv[1:5]


def frame(window):
    """The applicant's window; what it says is not what the clerk's says."""
    for i in range(window.root.get_child_count()):
        child = window.root.get_child_at_index(i)
        if child is not None and child.get_name() == "Applicant":
            return child
    return None


def words(window):
    return [node.get_name() for node in window.walk(frame(window)) if node.get_name()]


def tells(window, text):
    window.wait(f"the applicant is told “{text}”", lambda: any(text in word for word in words(window)))


def touch(window, name):
    for node in window.walk(frame(window)):
        if node.get_name() == name and node.get_role_name() == "push button":
            Atspi.Action.do_action(node, 0)
            return
    raise driver.Failure(f"there is no {name} to touch")


def shoot(window, name):
    # Without a window manager both lie at the same place.
    subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(window.process.pid), "--name", "Applicant",
                    "windowraise"], check=True)
    window.shoot(os.path.join(pictures, name))
    subprocess.run(["xdotool", "windowraise", window.number], check=True)


def test(window):
    steps.sign_in(window)
    window.key("ctrl+shift+w")
    window.wait("the applicant's screen is open", lambda: frame(window) is not None)
    tells(window, "Espere, por favor")
    steps.begin(window, "Passport")
    window.holds("the clerk keeps the keyboard", "Machine-readable" in window.focused().get_name())
    steps.swipe(steps.MRZ)
    window.sees("All check digits are right")
    tells(window, "Espere, por favor")
    window.go_on()
    tells(window, "Mire a la cámara")
    shoot(window, "applicant-camera.png")
    window.focus_on("Take now")
    window.key("space")
    tells(window, "Espere, por favor")
    # The fingers are slow to come, so that there is time to look.
    steps.control(simulator, "finger", "image", os.path.join(os.environ["ROOM"], "nothing.png"))
    steps.accept(window)
    tells(window, "Índice derecho")
    shoot(window, "applicant-finger.png")
    steps.control(simulator, "finger", "seed", "2,3")
    window.focus_on("Capture again")
    window.key("F5")
    window.sees("All fingers are done")
    steps.accept(window)
    window.sees("The signature is saved")
    window.key("ctrl+6")
    window.sees("Everything is there")

    tells(window, "¿Son correctos sus datos?")
    tells(window, "ERIKSSON")
    shoot(window, "applicant-data.png")
    touch(window, "No, hay un error")
    tells(window, "Diga qué dato está mal")
    window.sees("something is wrong. Ask what.")
    touch(window, "Sí, son correctos")
    window.sees("The applicant says that the data are right.")
    for question in ["¿Chiqanchu kay willakuykuna?", "¿Aka yatiyawinakax chiqati?", "Are these your details?"]:
        window.key("ctrl+shift+l")
        tells(window, question)
        shoot(window, f"applicant-{question.split()[-1].strip('?')}.png")
    window.key("ctrl+shift+r", "ctrl+shift+r")
    window.wait("it is drawn the other way round", lambda: frame(window) is not None)
    shoot(window, "applicant-turned.png")

    window.key("ctrl+l")
    window.sees("The station is locked")
    tells(window, "Please wait")
    window.holds("nobody's name is left", not any("ERIKSSON" in word for word in words(window)))
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    window.sees("Everything is there")
    tells(window, "ERIKSSON")
    steps.seal(window)
    tells(window, "Keep this number")
    tells(window, "TB-")
    shoot(window, "applicant-number.png")
    window.key("ctrl+t")
    tells(window, "Please wait")
    window.holds("nor the number", not any("TB-" in word for word in words(window)))
    window.holds("the window ends when it is told to", window.end() == 0)


subprocess.run(["convert", "-size", "320x400", "xc:white", os.path.join(os.environ["ROOM"], "nothing.png")],
               check=True)
sys.exit(driver.run(test, [program], pictures))
