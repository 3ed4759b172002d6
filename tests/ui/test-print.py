#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paper by keyboard: a receipt and the closing of the day go through the print dialog into a file, and say what
they have to.

test-print.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import pathlib
import subprocess
import sys
import time

import desk
import driver
import steps

program, tamboctl, _, pictures = sys.argv[1:5]
PAPERS = pathlib.Path(os.environ["ROOM"]) / "papers"


def focus_dialog(window, title):
    """There is no window manager that would do it."""
    def look():
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(window.process.pid), "--name", title],
                               capture_output=True, text=True).stdout.split()
        if found:
            subprocess.run(["xdotool", "windowfocus", found[0]], check=True)
        return found
    window.wait(f"the dialog “{title}” has the keyboard", look)


def is_ready(window):
    button = window.find("_Print", "push button")
    return button is not None and button.get_state_set().contains(driver.Atspi.StateType.SENSITIVE)


def print_to_file(window, title, picture):
    window.key("ctrl+p")
    focus_dialog(window, title)
    window.sees("Print to File")
    window.wait("the dialog can print", lambda: is_ready(window))
    window.shoot(os.path.join(pictures, picture))
    window.key("alt+p")
    window.wait("the dialog is gone", lambda: window.find("_Print", "push button") is None)
    subprocess.run(["xdotool", "windowfocus", window.number], check=True)


def read(window, name):
    path = PAPERS / f"{name}.pdf"
    window.wait(f"{name}.pdf is there", lambda: path.exists() and path.stat().st_size > 1000
                and path.read_bytes().rstrip().endswith(b"%%EOF"))
    return subprocess.check_output(["pdftotext", "-layout", str(path), "-"], text=True)


def enrol(window):
    steps.begin(window, "Passport")
    steps.swipe(steps.MRZ)
    window.focus_on("Place of birth")
    for text in ["ZENITH", "ARENALES 100", "999111222"]:
        window.type(text)
        window.key("Return")
    window.focus_on("E-mail")
    window.go_on()
    steps.capture_all(window, False)
    window.sees("Nothing is missing")
    steps.accept(window)
    steps.seal(window)
    return desk.control(tamboctl, "case", "list")["cases"][0]["tracking_number"]


def test(window):
    steps.sign_in(window)
    number = enrol(window)
    print_to_file(window, "Print the receipt", "print-receipt.png")
    words = read(window, number)
    window.holds("the receipt has the case's number", number in words)
    window.holds("and names nobody", "ERIKSSON" not in words)

    window.key("ctrl+l")
    desk.switch(window, "supervisor", lambda: window.find("New enrolment"))
    window.focus_on("New enrolment")
    window.key("ctrl+shift+d")
    window.focus_on("Remark")
    window.type("Counted by two")
    window.key("Return")
    window.sees("The day is closed and signed")
    window.focus_on("Print the closing")
    window.fits(1024, 600)
    print_to_file(window, "Print the day closing", "print-closing.png")
    day = time.strftime("%Y-%m-%d")
    words = " ".join(read(window, f"cierre-{day}").split())
    subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", str(PAPERS / f"cierre-{day}.pdf"),
                    os.path.join(pictures, "closing-sheet")], check=True)
    for what in ["Cierre del día", "Oficina MIG-PRACTICE-01", "Cerrado por supervisor", "Trámites sellados 1",
                 "Registros sellados que la sede aún no tiene 1", "Counted by two", "Firma de quien cierra"]:
        window.holds(f"the closing says “{what}”", what in words)
    window.holds("the window ends when it is told to", window.end() == 0)


PAPERS.mkdir()
os.chdir(PAPERS)
os.environ["XDG_CONFIG_HOME"] = str(PAPERS)
sys.exit(driver.run(test, [program], pictures))
