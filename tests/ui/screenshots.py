#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page, and what can be told from them: the page fits, and its words stand out.

screenshots.py WINDOW TAMBOCTL WORD PICTURES, inside headless.sh with SCREEN=3840x2160 and the simulated desk. WORD
is one of light, dark and contrast; TAMBO_LONG_TESTS=1 adds the large sizes. The language is that of LANGUAGE."""
import os
import re
import subprocess
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

import driver  # noqa: E402
import journey as journeys  # noqa: E402

program, tamboctl, theme, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(root, "data/practice/travel-document.png")
language = os.environ.get("LANGUAGE", "en")

SIZES = [(1024, 600), (1366, 768), (3840, 2160)]
if os.environ.get("TAMBO_LONG_TESTS") != "1":
    SIZES = SIZES[:1]
TEXT, LARGE = 4.5, 3.0
faint = []


# ---- contrast ----

def luminance(pixel):
    def linear(value):
        value /= 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    red, green, blue = map(linear, pixel)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(pixels):
    """Of the commonest colour and the one that is farthest from it: the inside of the strokes."""
    counts = {}
    for pixel in pixels:
        counts[pixel] = counts.get(pixel, 0) + 1
    back = luminance(max(counts, key=counts.get))
    return max((max(back, light) + 0.05) / (min(back, light) + 0.05) for light in map(luminance, counts))


class Picture:
    def __init__(self, path, width, height):
        self.width, self.height = width, height
        self.data = subprocess.check_output(["convert", path, "-depth", "8", "rgb:-"])

    def part(self, left, top, width, height):
        for y in range(max(top, 0), min(top + height, self.height)):
            for x in range(max(left, 0), min(left + width, self.width)):
                place = (y * self.width + x) * 3
                yield tuple(self.data[place:place + 3])


def is_shown(node):
    """Neither it nor what it lies in is greyed out: WCAG leaves out what cannot be used."""
    while node is not None and node.get_role_name() != "frame":
        if not node.get_state_set().contains(Atspi.StateType.SENSITIVE):
            return False
        node = node.get_parent()
    return True


def is_within(node, box):
    """A list that scrolls has words where they are not seen."""
    parent = node.get_parent()
    while parent is not None and parent.get_role_name() != "frame":
        around = Atspi.Component.get_extents(parent, Atspi.CoordType.WINDOW)
        if box.y < around.y - 1 or box.y + box.height > around.y + around.height + 1:
            return False
        parent = parent.get_parent()
    return True


def look_at_words(window, page, picture):
    for node in list(window.walk()):
        try:
            name = node.get_name() or ""
            if node.get_role_name() != "label" or not name.strip() or name.startswith("Gtk") or not is_shown(node):
                continue
            box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
            if not is_within(node, box):
                continue
        except GLib.Error:
            continue
        if box.width < 4 or box.height < 4 or box.x < 0 or box.y < 0 or box.x + box.width > picture.width \
                or box.y + box.height > picture.height:
            continue
        ratio = contrast(picture.part(box.x, box.y, box.width, box.height))
        if ratio < (LARGE if box.height >= 28 else TEXT):
            faint.append(f"{page}: “{name}” {ratio:.1f}")


# ---- the pages ----

def shoot(window, page):
    for width, height in SIZES:
        subprocess.run(["xdotool", "windowsize", window.number, str(width), str(height)], check=True)
        window.wait(f"{page} fits into {width} x {height}", lambda: window.size() == (width, height), 20)
        subprocess.run(["sleep", "0.6"], check=True)
        path = os.path.join(pictures, f"{page}-{theme}-{width}x{height}-{language}.png")
        subprocess.run(["import", "-window", window.number, path], check=True)
        if (width, height) == SIZES[0]:
            look_at_words(window, page, Picture(path, width, height))


def places():
    with open(os.path.join(root, "src/app/places.c")) as file:
        text = file.read()
    for name, rest in re.findall(r'\{\s*"([a-z-]+)",(.*?)tambo_[a-z_]+_get_type', text, re.S):
        keys = re.findall(r'"(<[^"]+)"', rest)
        if keys:
            yield name, keys[0].lower().replace("<control>", "ctrl+").replace("<shift>", "shift+")


def enrol(window, journey):
    journey.nobody(os.environ["ROOM"])
    journey.key("ctrl+n")
    journey.pause(1)
    shoot(window, "procedures")
    journey.key("Down")
    journey.key("Up")
    journey.pause(0.5)
    journey.key("Down")
    journey.pause(0.5)
    journey.key("Return")
    journey.pause(2)
    journey.type(journeys.MRZ[0] + "\n" + journeys.MRZ[1])
    journey.pause(2)
    journey.type("ZENITH")
    shoot(window, "identity")
    journey.pause(0.5)
    journey.key("ctrl+Return")
    journey.pause(3)
    journey.control("camera", "portrait", "drawn")
    shoot(window, "portrait-live")
    if os.environ.get("TAMBO_FACE_MODULE") == "/nowhere":
        journey.key("space")
    journey.pause(6)
    shoot(window, "portrait")
    journey.key("ctrl+Return")
    journey.pause(7)
    shoot(window, "fingerprints")
    journey.key("ctrl+Return")
    journey.pause(9)
    shoot(window, "signature")
    journey.key("ctrl+Return")
    journey.pause(1)
    journey.type(scan)
    journey.key("Return")
    journey.pause(2)
    shoot(window, "documents")
    journey.key("ctrl+Return")
    journey.pause(2)
    shoot(window, "review")
    journey.key("ctrl+Return")
    journey.pause(3)
    shoot(window, "receipt")


def test(window):
    journey = journeys.Journey(window, simulator, scan)
    journey.pause(2)
    shoot(window, "sign-in")
    for words in ("supervisor", "practice-supervisor"):
        journey.type(words)
        journey.key("Return")
        journey.pause(1)
    journey.pause(3)
    enrol(window, journey)
    journey.key("Escape")
    journey.key("alt+Home")
    journey.pause(1)
    for name, keys in places():
        journey.key(keys)
        journey.pause(1.5)
        shoot(window, name)
    journey.key("Escape")
    journey.pause(1.5)
    shoot(window, "home")
    for line in faint:
        print("# faint: " + line)
    window.holds("every word stands out from what is behind it", not faint)
    window.holds("the window ends when it is told to", window.end() == 0)


if theme == "dark":
    os.environ["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
elif theme == "contrast":
    os.environ["ADW_DEBUG_HIGH_CONTRAST"] = "1"
sys.exit(driver.run(test, [program], pictures))
