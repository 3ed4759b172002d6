#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page, and what can be told from them: it fits, nothing is cut, its words stand out, and in
Spanish none is English.

screenshots.py WINDOW TAMBOCTL THEME PICTURES, inside headless.sh with SCREEN=3840x2160 and the simulated desk.
THEME is light, dark or contrast. Each page is shown once, in sizes that take turns; TAMBO_LONG_TESTS=1 takes every
size in English and Spanish, and the smallest in the languages that are begun."""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

import driver  # noqa: E402
import journey as journeys  # noqa: E402
import legible  # noqa: E402
import places  # noqa: E402
import spanish  # noqa: E402

program, tamboctl, theme, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(root, "data/practice/travel-document.png")
room = os.environ["ROOM"]

THEMES = ["light", "dark", "contrast"]
SIZES = [(1024, 600), (1366, 768), (1920, 1080), (3840, 2160)]
IS_LONG = os.environ.get("TAMBO_LONG_TESTS") == "1"
# How often a page is looked at again that was perhaps still being painted.
MOST_LOOKS = 8
SHADOW = 64
wrong = []


class Album:
    def __init__(self, window, language):
        self.window = window
        self.language = language
        self.turn = THEMES.index(theme)

    def sizes(self):
        self.turn += 1
        if IS_LONG:
            return SIZES if self.language in ("en", "es") else SIZES[:1]
        return [SIZES[self.turn % len(SIZES)]]

    def resize(self, page, width, height):
        subprocess.run(["xdotool", "windowsize", self.window.number, str(width), str(height)], check=True)
        self.window.wait(f"{page} fits into {width} x {height}", lambda: self.is_laid_out(width, height))

    def shoot(self, page, is_covered=False):
        for width, height in self.sizes():
            self.resize(page, width, height)
            path = os.path.join(pictures, f"{page}-{theme}-{width}x{height}-{self.language}.png")
            for _ in range(MOST_LOOKS):
                time.sleep(0.2)
                subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+0+0", "+repage", path],
                               check=True)
                found = legible.faults(self.window, legible.Picture(path, width, height), is_covered)
                if not found:
                    break
            wrong.extend(f"{page} {width} x {height}: {line}" for line in found)
        if self.language != "en":
            wrong.extend(f"{page}: {line}" for line in spanish.leftovers(self.window))

    def is_laid_out(self, width, height):
        if self.window.size() != (width, height):
            return False
        frame = self.window.root.get_child_at_index(0)
        if frame is None:
            return False
        box = Atspi.Component.get_extents(frame, Atspi.CoordType.WINDOW)
        # Its shadow is a part of the window to X.
        return 0 <= width - box.width <= SHADOW and 0 <= height - box.height <= SHADOW


class Journey(journeys.Journey):
    """The same in whatever language."""

    def focus_on(self, *names):
        super().focus_on(*(word for name in names for word in driver.words(name)))

    def focus_first(self, name, key="Tab"):
        super().focus_first(driver.words(name)[0], key)

    def stands_on(self, name):
        node = self.window.focused()
        return node is not None and any(word in (node.get_name() or "") for word in driver.words(name))

    def begin(self):
        """The second procedure, a foreigner's card; their names are not the catalogue's."""
        self.key("ctrl+n")
        self.wait("the procedures", lambda: self.stands_on_row() is not None)
        while self.stands_on_row() != 1:
            self.key("Down" if self.stands_on_row() == 0 else "Up")
            self.wait("another row", lambda: self.at is not None)

    def stands_on_row(self):
        node = self.focused
        return node.get_index_in_parent() if node and node.get_role_name() == "list item" else None

    def step_done(self, number):
        def look():
            node = self.window.find(f"{number}  ", "push button")
            return node is not None and node.get_name().endswith(tuple(driver.words("Done")))
        self.wait(f"step {number} is done", look)


# ---- the pages ----

def sign_in(window, journey, album):
    window.focus_on("Operator")
    journey.type("supervisor")
    journey.key("Return")
    journey.focus_on("Password")
    journey.type("not-the-password")
    journey.key("Return")
    window.sees("The name or the password is wrong")
    album.shoot("sign-in")
    journey.type("practice-supervisor")
    journey.key("Return")
    journey.focus_on("New enrolment")
    window.sees("New enrolment", "push button")


def identity(window, journey, album):
    journey.begin()
    album.shoot("procedures")
    journey.key("Return")
    journey.focus_on("Machine-readable zone")
    journey.type(journeys.MRZ[0] + "\n" + journeys.MRZ[1])
    journey.focus_on("Place of birth", "Address")
    if journey.stands_on("Place of birth"):
        journey.type("ZENITH")
        journey.focus_first("E-mail")
        # Where the page is longest for its window: what is wrong scrolls into it.
        album.resize("identity", *SIZES[0])
        journey.type("nobody")
        journey.key("ctrl+Return")
        window.sees("Type it again.")
        album.shoot("identity-wrong")
        journey.key("ctrl+a", "Delete")
        journey.step_done(1)
    album.shoot("identity")


def enrolment(window, journey, album):
    journey.nobody(room)
    identity(window, journey, album)
    journey.go_on("Take now")
    journey.control("camera", "portrait", "drawn")
    album.shoot("portrait-live")
    journey.portrait_taken()
    album.shoot("portrait")
    journey.pause(0.5)
    journey.key("ctrl+Return")
    journey.fingers()
    journey.focus_on("Continue")
    album.shoot("fingerprints")
    journey.signature()
    journey.focus_on("Continue")
    album.shoot("signature")
    journey.go_on("File")
    album.shoot("documents-missing")
    journey.type(scan)
    journey.key("Return")
    journey.step_done(5)
    album.shoot("documents")
    journey.review()
    album.shoot("review")
    journey.go_on("Next applicant")
    album.shoot("receipt")
    journey.key("ctrl+t")
    journey.focus_on("New enrolment")
    window.wait("the case is there", lambda: window.find("Sealed, waits to be sent"))
    album.shoot("home")


def all_places(window, journey, album):
    for name, keys, kind in places.read(root):
        journey.key(keys)
        window.wait(f"{keys} leads to {name}", lambda: window.find(kind))
        album.shoot(name)
        journey.key("Escape")
        window.sees("New enrolment", "push button")
    places.open_list(window)
    album.shoot("go-to", is_covered=True)
    places.close_list(window)
    journey.lock()
    album.shoot("locked")


def prefer():
    """As the clerk does: from the start on."""
    with open(os.path.join(room, "station", "preferences.ini"), "w", encoding="utf-8") as file:
        file.write(f"[Window]\ntext-size=100\ncolors={'dark' if theme == 'dark' else 'light'}\n"
                   f"high-contrast={'true' if theme == 'contrast' else 'false'}\nsounds=false\n")


def test(window, language):
    journey = Journey(window, simulator, scan)
    album = Album(window, language)
    sign_in(window, journey, album)
    enrolment(window, journey, album)
    all_places(window, journey, album)
    window.holds("the window ends when it is told to", window.end() == 0)


def speak(language):
    if language != "en":
        os.environ["TAMBO_LOCALEDIR"] = spanish.compile_catalogue(root, room, language)
        os.environ["LANGUAGE"] = language
        driver.words = spanish.words
    else:
        os.environ["LANGUAGE"] = "en"
        driver.words = lambda name: [name]


def run():
    languages = ["en", "es", "qu", "ay"] if IS_LONG else ["es" if theme == "dark" else "en"]
    window, n_held = None, 0
    try:
        prefer()
        for language in languages:
            speak(language)
            window = driver.Window([program])
            window.n_held += n_held
            test(window, language)
            n_held = window.n_held
        window.holds("every word is there, stands out and is of the language", not wrong)
        print(f"1..{window.n_held}")
        return 0
    except (driver.Failure, GLib.Error) as failure:
        print("".join(f"# {line}\n" for line in wrong), end="")
        print(f"not ok - {failure}")
        if window is not None and window.process.poll() is None:
            window.shoot(os.path.join(pictures, f"{theme}-failed.png"))
            print("\n".join("# " + name for name in window.names()))
        return 1
    finally:
        if window is not None and window.process.poll() is None:
            window.process.kill()


sys.exit(run())
