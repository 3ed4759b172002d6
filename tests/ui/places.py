# SPDX-License-Identifier: GPL-3.0-or-later
"""The places beside the enrolment, from the window's own table."""
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
