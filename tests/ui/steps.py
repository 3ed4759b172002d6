# SPDX-License-Identifier: GPL-3.0-or-later
"""What every journey has in common: signing in, choosing a procedure, telling the simulated desk."""
import subprocess

MRZ = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
       "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]


def control(simulator, *words):
    subprocess.run([simulator, "control", *words], check=True, stdout=subprocess.DEVNULL)


def sign_in(window, operator="clerk"):
    window.focus_on("Operator")
    window.type(operator)
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-" + operator)
    window.key("Return")
    window.focus_on("New enrolment")


def begin(window, procedure):
    """From anywhere; PROCEDURE is the title of the list's row."""
    window.key("ctrl+n")
    window.sees("What does the applicant come for?")
    for _ in range(8):
        window.wait("a procedure has the focus", lambda: window.focused().get_name())
        if procedure in window.focused().get_name():
            break
        window.key("Down")
    window.focus_on(procedure)
    window.key("Return")
    window.focus_on("Machine-readable zone")
