#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key does what the help says where it belongs, and the help tells of every key and of no other.

test-keys.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import re
import sys
import time

import desk
import driver
import manager
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]
SOURCES = os.path.join(desk.SOURCE, "src", "app")
# As xdotool calls them, and as GTK writes them.
NAMES = {"Return": "Return", "question": "?", "comma": ",", "space": "Space", "Escape": "Escape"}
pressed = set()


def source(name):
    with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
        return file.read()


# ---- the keys of the code ----

def spelled(accelerator):
    """For comparison: "<Control><Shift>p", "Shift+Ctrl+P" and "ctrl+shift+p" are one."""
    words = accelerator.replace("<Control>", "Ctrl+").replace("<Shift>", "Shift+").replace("<Alt>", "Alt+")
    *held, key = words.split("+")
    held = sorted(word.title() for word in held)
    return "+".join([*held, NAMES.get(key, key if len(key) > 1 else key.upper())])


def shortcuts():
    """Those of the table and, of each row that is told, those that the help has to tell."""
    text = source("shortcuts.c")
    rows = re.findall(r'\{\s*(?:ALL|CASE|DESK),\s*"([^"]+)",\s*(?:"([^"]+)"|NULL),\s*(?:"\d+"|NULL),\s*(N_ \("|NULL)',
                      text)
    every = {spelled(key) for keys, _, _ in rows for key in keys.split()}
    told = {spelled(key) for keys, _, title in rows if title != "NULL" for key in keys.split() if "KP_" not in key}
    return every, told


def places():
    text = source("places.c")
    for name, rest, kind in re.findall(r'\{\s*"([a-z-]+)",(.*?)tambo_([a-z_]+)_get_type', text, re.S):
        for key in re.findall(r'"(<[^"]+)"', rest):
            yield key, "Tambo" + "".join(word.title() for word in kind.split("_")), name


def stray_keys():
    """What is not in the table nobody is told of."""
    allowed = {"shortcuts.c", "help-window.c"}
    for name in sorted(os.listdir(SOURCES)):
        if name.endswith(".c") and name not in allowed and "add_binding" in source(name):
            yield name
    ui = os.path.join(desk.SOURCE, "ui")
    for name in sorted(os.listdir(ui)):
        with open(os.path.join(ui, name), encoding="utf-8") as file:
            if "GtkShortcut" in file.read():
                yield name


def press(window, key):
    pressed.add(spelled(key))
    window.key(key)


# ---- the help ----

def told_keys(window):
    """ "Undo: Ctrl+Z", of each row that the help shows."""
    found = set()
    for node in window.walk():
        match = re.match(r"^(.+): ((?:(?:Shift|Ctrl|Alt)\+)*(?:[^ :]|[A-Z][A-Za-z0-9]+)"
                         r"(?:, (?:(?:Shift|Ctrl|Alt)\+)*[^ :]+)*)$", node.get_name() or "")
        if match and node.get_role_name() == "label":
            keys = match.group(2)
            found |= {spelled(key) for key in (keys.split(", ") if keys != "Ctrl+," else ["Ctrl+comma"])}
    return found


def help_by(window, key):
    press(window, key)
    number = window.wait(f"{key} opens the help", lambda: window.dialog("Keys and help"))
    told = window.wait("the help tells keys", lambda: told_keys(window))
    if key == "F1":
        window.shoot(os.path.join(pictures, "keys.png"))
    window.leave_dialog(number)
    return told


def the_help(window):
    every, told = shortcuts()
    window.holds("the table was read", len(every) > 40 and len(told) > 30)
    window.holds(f"no key stands elsewhere: {list(stray_keys())}", not list(stray_keys()))
    wanted = told | {spelled(key) for key, _, _ in places()}
    shown = help_by(window, "F1")
    window.holds(f"what has no key is not told: {sorted(shown - wanted)}", shown <= wanted)
    window.holds(f"what has a key is told: {sorted(wanted - shown)}", wanted <= shown)
    for key in ["ctrl+question", "question"]:
        window.holds(f"{key} shows the same", help_by(window, key) == shown)


# ---- everywhere ----

def is_home(window):
    return window.find("Nobody is waiting") or window.find("New enrolment", "push button")


def at_home(window):
    the_help(window)
    for key in ["ctrl+k", "F10"]:
        press(window, key)
        window.focus_on("Where to, or what to do?")
        press(window, "Escape")
        window.wait("it is closed", lambda: window.find("Where to, or what to do?") is None)
        window.focus_on("New enrolment")
    window.key("ctrl+d")
    window.sees("TamboDevicesPage")
    press(window, "ctrl+t")
    window.sees("Nobody is waiting")
    press(window, "ctrl+f")
    window.focus_on("Find a case")
    press(window, "F6")
    window.wait("F6 leads to another part", lambda: window.focused() and window.focused().get_name() != "Find a case")
    press(window, "shift+F6")
    window.focus_on("Find a case")
    press(window, "F5")
    window.sees("Close this message", "push button")
    press(window, "Escape")
    window.wait("Escape takes the sentence away", lambda: window.find("Close this message", "push button") is None)


def whole_screen(window):
    with manager.Listener() as wishes:
        press(window, "F11")
        window.wait("F11 asks for the whole screen", wishes.wants_fullscreen)


def to_the_places(window):
    for key, kind, name in places():
        press(window, key.lower().replace("<control>", "ctrl+").replace("<shift>", "shift+"))
        window.wait(f"{key} leads to {name}", lambda: window.find(kind))
    press(window, "Escape")
    window.sees("Nobody is waiting")


def the_applicant(window):
    def words():
        return [node.get_name() or "" for node in window.walk() if node.get_role_name() == "label"]

    press(window, "ctrl+shift+w")
    window.wait("the applicant's screen comes", lambda: any("Espere" in word for word in words()))
    press(window, "ctrl+shift+l")
    window.wait("it speaks another language", lambda: not any("Espere" in word for word in words()))
    press(window, "ctrl+shift+r")
    press(window, "ctrl+shift+w")
    window.wait("and goes", lambda: window.find("Applicant", "frame") is None)


# ---- an enrolment ----

def the_identity(window):
    press(window, "ctrl+n")
    window.sees("What does the applicant come for?")
    for _ in range(8):
        if "Foreigner" in (window.focused().get_name() or ""):
            break
        window.key("Down")
    press(window, "Return")
    window.focus_on("Machine-readable zone")
    steps.swipe(steps.MRZ)
    window.focus_on("Place of birth")
    window.type("ZENITH")
    press(window, "Return")
    window.focus_on("Address")
    press(window, "shift+Return")
    window.wait("Shift+Enter leads back", lambda: "Address" not in (window.focused().get_name() or "Address"))
    press(window, "ctrl+z")
    window.wait("the place is taken back", lambda: window.text_of("Place of birth") == "")
    for key in ["ctrl+shift+z", "ctrl+y"]:
        press(window, key)
        window.wait(f"{key} has it again", lambda: window.text_of("Place of birth") == "ZENITH")
        window.key("ctrl+z")
        window.wait("and it goes again", lambda: window.text_of("Place of birth") == "")
    window.key("ctrl+y")
    window.focus_on("Place of birth")
    window.key("Return")
    window.focus_on("Address")
    window.type("ARENALES 100")


def the_steps(window):
    for key, words in [("ctrl+2", "Take now"), ("ctrl+4", "Sign"), ("ctrl+5", "File"), ("ctrl+6", "Still missing"),
                       ("ctrl+3", "Capture again"), ("ctrl+1", "Machine-readable zone")]:
        press(window, key)
        window.sees(words)
    window.key("ctrl+6")
    window.sees("Still missing")
    # Nothing is sealed yet: there is no receipt to go to.
    press(window, "ctrl+7")
    window.holds("Ctrl+7 waits for the receipt", window.find("Still missing"))
    window.go_on()
    window.key("ctrl+1")
    window.focus_on("Telephone")
    for key in ["ctrl+Return", "ctrl+KP_Enter"]:
        time.sleep(0.5)  # right after a page it is meant for the page before
        press(window, key)
        window.sees({"ctrl+Return": "Take now", "ctrl+KP_Enter": "Capture again"}[key])
    time.sleep(0.5)
    press(window, "alt+Left")
    window.focus_on("Take now")
    press(window, "space")
    window.sees("Take again")
    window.focus_on("Continue")


def the_fingers(window):
    """A white picture has no finger; of a poor one the best of three attempts is kept."""
    window.key("ctrl+3")
    window.sees("The finger was not seen well")
    for key, name in [("7", "Left index finger"), ("2", "Right index finger")]:
        press(window, key)
        window.sees(f"{name}: now", "image")
    for key in "13456890":
        press(window, key)
    window.holds("what the procedure does not ask for is not asked for",
                 window.find("Right index finger: now", "image"))
    for key in ["ctrl+m", "ctrl+e"]:
        press(window, key)
        window.focus_on("Amputated")
        window.key("Escape")
        window.wait("Escape closes it", lambda: window.find("Amputated") is None)
    steps.control(simulator, "finger", "image", steps.poor_print(simulator))
    press(window, "ctrl+i")
    window.sees("The best of three attempts is kept")
    window.focus_on("Capture again")
    steps.control(simulator, "finger", "seed", "7")
    press(window, "ctrl+b")
    window.sees("Exception: Too worn to be read")
    window.sees("All fingers are done")
    window.focus_on("Continue")
    desk.tab_to(window, "Left index finger", "shift+Tab")
    press(window, "Delete")
    window.sees("Left index finger was removed.")
    window.sees("All fingers are done")


def rest_of_the_case(window):
    window.key("ctrl+4")
    window.sees("The signature is saved")
    window.key("ctrl+5")
    window.focus_on("File")
    press(window, "shift+F7")
    number = window.wait("Shift+F7 shows the files", lambda: window.dialog("Add a document"))
    window.leave_dialog(number)
    window.type(os.path.join(desk.SOURCE, "data", "practice", "travel-document.png"))
    window.key("Return")
    window.sees("Added:")


def put_aside(window):
    press(window, "ctrl+shift+p")
    window.sees("is parked.")
    window.sees("New enrolment", "push button")
    window.key("ctrl+z")
    window.sees("Complete; a second person has to approve it")
    window.key("ctrl+t")
    window.sees("New enrolment", "push button")


def the_next_applicant(window):
    steps.begin(window, "Foreigner's identity card")
    press(window, "ctrl+shift+c")
    window.wait("the address is that of the one before", lambda: window.text_of("Address") == "ARENALES 100")
    window.focus_on("Address")
    press(window, "ctrl+shift+Delete")
    window.sees("is discarded.")


def another_operator(window):
    press(window, "ctrl+l")
    window.sees("The station is locked")
    desk.switch(window, "clerk", lambda: window.find("New enrolment", "push button"))


def the_supervisor(window):
    press(window, "ctrl+shift+s")
    window.sees("A supervisor is called")
    window.focus_on("Operator")
    window.holds("nobody's name stands there", window.text_of("Operator") == "")
    window.type("supervisor")
    window.key("Return")
    window.focus_on("Password")
    window.key("shift+Return")
    window.focus_on("Operator")
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-supervisor")
    window.key("Return")
    window.sees("TamboApprovalsPage")


# What needs another desk than this one, or a printer.
ELSEWHERE = {"F7": "test-scan.py", "ctrl+p": "papers.py"}


def all_were_pressed(window):
    for key, name in ELSEWHERE.items():
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding="utf-8") as file:
            window.holds(f"{name} presses {key}", f'"{key}"' in file.read())
        pressed.add(spelled(key))
    left = shortcuts()[0] - pressed
    window.holds(f"every key of the table was pressed: {sorted(left)}", not left)


def test(window):
    steps.control(simulator, "finger", "image", steps.no_print())
    steps.sign_in(window, "supervisor")
    at_home(window)
    whole_screen(window)
    to_the_places(window)
    the_applicant(window)
    another_operator(window)
    the_identity(window)
    the_steps(window)
    the_fingers(window)
    rest_of_the_case(window)
    put_aside(window)
    the_next_applicant(window)
    the_supervisor(window)
    pressed.add(spelled("ctrl+q"))
    all_were_pressed(window)
    window.holds("Ctrl+Q ends the window", window.end() == 0)


os.environ["TAMBO_DATADIR"] = steps.strict_office()
sys.exit(driver.run(test, [program], pictures))
