# SPDX-License-Identifier: GPL-3.0-or-later
"""The places beside the enrolment, from the window's own table, and the list of them."""
import os
import re


def read(root):
    """Name, accelerator for xdotool and class of each place that has keys."""
    with open(os.path.join(root, "src/app/places.c"), encoding="utf-8") as file:
        text = file.read()
    for name, rest, kind in re.findall(r'\{\s*"([a-z-]+)",(.*?)tambo_([a-z_]+)_get_type', text, re.S):
        keys = re.findall(r'"(<[^"]+)"', rest)
        if keys:
            words = keys[0].lower().replace("<control>", "ctrl+").replace("<shift>", "shift+")
            yield name, words.replace("<alt>", "alt+"), "Tambo" + "".join(w.title() for w in kind.split("_"))


LIST = "Where to, or what to do?"


def open_list(window):
    window.key("ctrl+k")
    window.focus_on(LIST)


def close_list(window):
    """Keys that come before it is closed are its own, and the focus goes back to its button then."""
    window.key("Escape")
    window.wait("the list of places is away", lambda: window.find(LIST) is None)
