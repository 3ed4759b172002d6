# SPDX-License-Identifier: GPL-3.0-or-later
"""What every journey has in common: signing in, choosing a procedure, telling the simulated desk."""
import ctypes
import json
import os
import shutil
import subprocess
import time
import tty

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


# ---- poor fingers ----

def strict_office():
    """The data of an office whose procedures ask for more than a fair print."""
    source = os.environ.get("TAMBO_DATADIR") or os.path.join(os.path.dirname(__file__), "..", "..", "data")
    strict = os.path.join(os.environ["ROOM"], "data")
    shutil.copytree(os.path.join(source, "procedures"), os.path.join(strict, "procedures"))
    path = os.path.join(strict, "procedures", "foreigner-card.json")
    with open(path, encoding="utf-8") as file:
        procedure = json.load(file)
    procedure["minimum_finger_quality"] = 80
    with open(path, "w", encoding="utf-8") as file:
        json.dump(procedure, file)
    return strict


def poor_print(simulator):
    """A real impression of which the sensor saw a small part."""
    clear, poor = [os.path.join(os.environ["ROOM"], name) for name in ("clear.png", "poor.png")]
    subprocess.run([simulator, "finger", "--seed", "9", "--save", clear], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["convert", clear, "-fill", "white", "-draw", "rectangle 0,0 400,190",
                    "-draw", "rectangle 0,290 400,500", "-draw", "rectangle 0,0 134,500",
                    "-draw", "rectangle 254,0 400,500", poor], check=True)
    return poor


def no_print():
    """What a sensor sees that nobody touches."""
    path = os.path.join(os.environ["ROOM"], "nothing.png")
    subprocess.run(["convert", "-size", "320x400", "xc:white", path], check=True)
    return path


# ---- a document reader that types ----

SHIFT, ENTER = 50, 36
ROWS = {10: "1234567890", 24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"}
CODES = {sign: first + i for first, row in ROWS.items() for i, sign in enumerate(row)}


def swipe(lines):
    """Types LINES as a reader does: all at once, by the places of a US keyboard, an Enter after each."""
    x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))

    def strike(code, has_shift):
        for key, down in [(SHIFT, 1)] * has_shift + [(code, 1), (code, 0)] + [(SHIFT, 0)] * has_shift:
            xtst.XTestFakeKeyEvent(display, key, down, 0)

    for line in lines:
        for sign in line:
            if sign == "<":
                strike(59, True)
            else:
                strike(CODES[sign], sign.isalpha())
        strike(ENTER, False)
    x11.XFlush(display)
    x11.XSync(display, 0)
    x11.XCloseDisplay(display)


class SerialReader:
    """A document reader on a serial line: a pseudo-terminal, and the test holds the reader's end. To be made before
    the window starts."""

    def __init__(self):
        self.end, line = os.openpty()
        tty.setraw(line)
        os.environ["TAMBO_MRZ_PORT"] = os.ttyname(line)

    def read(self, lines):
        os.write(self.end, b"\x02" + b"".join(line.encode() + b"\r" for line in lines) + b"\x03")


# ---- through the steps ----

def with_guidance(tamboctl):
    """The picture is taken by itself where this computer has a detector of faces; FALSE where it has none."""
    module = os.path.join(os.path.dirname(tamboctl), "..", "biometric", "tambo-face-dlib.so")
    if not os.path.exists(module):
        return False
    os.environ["TAMBO_FACE_MODULE"] = os.path.realpath(module)
    return True


def accept(window):
    """Enter on Continue, once the focus is there; a Continue right after a page has changed is ignored."""
    window.focus_on("Continue")
    time.sleep(0.5)
    window.key("Return")


def capture_all(window, is_guided):
    """Portrait, fingers and signature of somebody who does as told."""
    # Who is guided may be done before we look.
    if not is_guided:
        window.sees("Look at the camera")
        window.focus_on("Take now")
        window.key("space")
    window.sees("Take again")
    accept(window)
    window.sees("All fingers are done")
    accept(window)
    window.sees("The signature is saved")
    accept(window)


def seal(window):
    window.sees("Everything is there")
    window.focus_on("Seal")
    time.sleep(0.5)
    window.key("Return")
    window.sees("Sealed and saved")
