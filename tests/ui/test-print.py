#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paper by keyboard: a receipt and the closing of the day go through the print dialog into a file, and say what
they have to.

test-print.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import sys
import time

import desk
import driver
import papers
import steps

program, tamboctl, _, pictures = sys.argv[1:5]


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
    papers.print_to_file(window, "Print the receipt", os.path.join(pictures, "print-receipt.png"))
    words = papers.read(window, number)
    window.holds("the receipt has the case's number", number in words)
    window.holds("and names nobody", "ERIKSSON" not in words)
    window.holds("and is marked as practice", papers.is_marked(number))

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
    papers.print_to_file(window, "Print the day closing", os.path.join(pictures, "print-closing.png"))
    day = time.strftime("%Y-%m-%d")
    words = " ".join(papers.read(window, f"cierre-{day}").split())
    papers.draw(f"cierre-{day}", os.path.join(pictures, "closing-sheet"))
    for what in ["Cierre del día", "Oficina MIG-PRACTICE-01", "Cerrado por supervisor", "Trámites sellados 1",
                 "Registros sellados que la sede aún no tiene 1", "Counted by two", "Firma de quien cierra"]:
        window.holds(f"the closing says “{what}”", what in words)
    window.holds("the window ends when it is told to", window.end() == 0)


papers.make_room()
sys.exit(driver.run(test, [program], pictures))
