# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of pages in a theme, and what can be told from them: the page fits, nothing is cut, its words stand out,
and in Spanish none is English.

Each page is shown once, in sizes that take turns; TAMBO_LONG_TESTS=1 takes every size in English and Spanish, and
the smallest in the languages that are begun."""
import os
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

import driver  # noqa: E402
import legible  # noqa: E402
import spanish  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
ROOM = os.environ["ROOM"]
THEMES = ["light", "dark", "contrast"]
SIZES = [(1024, 600), (1366, 768), (1920, 1080), (3840, 2160)]
IS_LONG = os.environ.get("TAMBO_LONG_TESTS") == "1"
# How often a page is looked at again that was perhaps still being painted.
MOST_LOOKS = 8
SHADOW = 64


class Album:
    def __init__(self, window, theme, language, folder):
        self.window = window
        self.theme = theme
        self.language = language
        self.folder = folder
        self.turn = THEMES.index(theme)
        self.wrong = []

    def sizes(self):
        self.turn += 1
        if IS_LONG:
            return SIZES if self.language in ("en", "es") else SIZES[:1]
        return [SIZES[self.turn % len(SIZES)]]

    def resize(self, page, width, height):
        subprocess.run(["xdotool", "windowsize", self.window.number, str(width), str(height)], check=True)
        self.window.wait(f"{page} fits into {width} x {height}", lambda: self.is_laid_out(width, height))

    def shoot(self, page):
        for size in self.sizes():
            self.resize(page, *size)
            self.take(page, *size)

    def shoot_over(self, page, appear, vanish):
        """What lies over a page goes away when the window gets another size: it appears once for each."""
        for size in self.sizes():
            self.resize(page, *size)
            appear()
            self.take(page, *size, is_covered=True)
            vanish()

    def take(self, page, width, height, is_covered=False):
        path = os.path.join(self.folder, f"{page}-{self.theme}-{width}x{height}-{self.language}.png")
        for _ in range(MOST_LOOKS):
            time.sleep(0.2)
            subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+0+0", "+repage", path], check=True)
            found = legible.faults(self.window, legible.Picture(path, width, height), is_covered)
            if not found:
                break
        self.wrong.extend(f"{page} {width} x {height}: {line}" for line in found)
        if self.language != "en":
            self.wrong.extend(f"{page}: {line}" for line in spanish.leftovers(self.window))

    def is_laid_out(self, width, height):
        if self.window.size() != (width, height):
            return False
        frame = self.window.root.get_child_at_index(0)
        if frame is None:
            return False
        box = Atspi.Component.get_extents(frame, Atspi.CoordType.WINDOW)
        # Its shadow is a part of the window to X.
        return 0 <= width - box.width <= SHADOW and 0 <= height - box.height <= SHADOW


def prefer(theme):
    """As the clerk does: from the start on."""
    with open(os.path.join(ROOM, "station", "preferences.ini"), "w", encoding="utf-8") as file:
        file.write(f"[Window]\ntext-size=100\ncolors={'dark' if theme == 'dark' else 'light'}\n"
                   f"high-contrast={'true' if theme == 'contrast' else 'false'}\nsounds=false\n")


def speak(language):
    if language != "en":
        os.environ["TAMBO_LOCALEDIR"] = spanish.compile_catalogue(ROOT, ROOM, language)
        os.environ["LANGUAGE"] = language
        driver.words = spanish.words
    else:
        os.environ["LANGUAGE"] = "en"
        driver.words = lambda name: [name]


def fill(window, theme, language, folder, test):
    """TEST shows its pages to the album of one language."""
    album = Album(window, theme, language, folder)
    try:
        test(window, album)
    except (driver.Failure, GLib.Error):
        print("".join(f"# {line}\n" for line in album.wrong), end="")
        raise
    window.holds("the window ends when it is told to", window.end() == 0)
    print("".join(f"# {line}\n" for line in album.wrong), end="")
    window.holds("every word is there, stands out and is of the language", not album.wrong)


def run(test, program, theme, folder, languages):
    """TEST in each of LANGUAGES where there is time, in the theme's own where there is not."""
    window, n_held = None, 0
    try:
        prefer(theme)
        for language in languages if IS_LONG else ["es" if theme == "dark" else "en"]:
            speak(language)
            driver.Window.n_held = n_held  # the next one counts on
            window = driver.Window([program])
            fill(window, theme, language, folder, test)
            n_held = window.n_held
        print(f"1..{n_held}")
        return 0
    except (driver.Failure, GLib.Error) as failure:
        driver.tell_failure(window, failure, os.path.join(folder, f"{theme}-failed.png"))
        return 1
    finally:
        if window is not None and window.process.poll() is None:
            window.process.kill()
