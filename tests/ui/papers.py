# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers through the print dialog into a file, by keyboard, and what they say."""
import os
import pathlib
import subprocess

import driver

PAPERS = pathlib.Path(os.environ["ROOM"]) / "papers"


def make_room():
    """Before the window starts: it prints to where it was started, and asks no printer's settings of this computer."""
    PAPERS.mkdir()
    os.chdir(PAPERS)
    os.environ["XDG_CONFIG_HOME"] = str(PAPERS)


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
    window.sees("The paper, as it will be printed", "image")
    window.wait("the dialog can print", lambda: is_ready(window))
    window.shoot(picture)
    window.key("alt+p")
    window.wait("the dialog is gone", lambda: window.find("_Print", "push button") is None)
    subprocess.run(["xdotool", "windowfocus", window.number], check=True)


def read(window, name):
    path = PAPERS / f"{name}.pdf"
    window.wait(f"{name}.pdf is there", lambda: path.exists() and path.stat().st_size > 1000
                and path.read_bytes().rstrip().endswith(b"%%EOF"))
    return subprocess.check_output(["pdftotext", "-layout", str(path), "-"], text=True)


def is_marked(name):
    """As practice: aslant, so that it is no line of the page."""
    words = subprocess.check_output(["pdftotext", "-raw", str(PAPERS / f"{name}.pdf"), "-"], text=True)
    return "PRÁCTICA" in words


def draw(name, picture, ppi=60):
    """PICTURE without its ending."""
    subprocess.run(["pdftoppm", "-r", str(ppi), "-png", "-singlefile", str(PAPERS / f"{name}.pdf"), picture], check=True)
