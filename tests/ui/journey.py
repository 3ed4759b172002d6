# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole enrolment with nothing but keys and the focus that comes of them.

Who walks through the window's tree keeps its main loop busy; here the window tells by itself where the
focus is, so that what is measured is the window and not the test."""
import re
import subprocess
import time

from gi.repository import Atspi, GLib

import driver

MRZ = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
       "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]


class Journey:
    def __init__(self, window, scan):
        self.window = window
        self.scan = scan
        self.at = None
        self.started = {}
        self.listener = Atspi.EventListener.new(self._on_focus)
        self.listener.register("object:state-changed:focused")
        self.settled = time.monotonic()

    def _on_focus(self, event):
        try:
            if event.detail1 == 1 and event.source.get_process_id() == self.window.process.pid:
                self.at = event.source.get_name() or ""
        except GLib.Error:
            pass

    def wait(self, what, look, timeout=60):
        context = GLib.MainContext.default()
        wake = GLib.timeout_add(50, lambda: True)
        end = time.monotonic() + timeout
        try:
            while not look():
                if self.window.process.poll() is not None:
                    raise driver.Failure(f"{what}: the window ended with {self.window.process.returncode}")
                if time.monotonic() > end:
                    raise driver.Failure(f"{what}: not in time; the focus is on {self.at}")
                context.iteration(True)
        finally:
            GLib.source_remove(wake)

    def focus_on(self, *names):
        self.wait(f"the focus on {names}", lambda: self.at is not None and any(n in self.at for n in names))

    def pause(self, seconds):
        end = time.monotonic() + seconds
        self.wait("a while", lambda: time.monotonic() >= end)

    def key(self, *keys):
        self.at = None
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "12", text], check=True)

    def go_on(self, *names):
        self.pause(0.5)
        self.key("ctrl+Return")
        self.focus_on(*names)

    # ---- the steps ----

    def sign_in(self):
        self.window.focus_on("Operator")
        self.type("clerk")
        self.key("Return")
        self.focus_on("Password")
        self.type("practice-clerk")
        self.key("Return")
        self.focus_on("New enrolment")

    def begin(self):
        self.key("ctrl+n")
        self.focus_on("Asylum seeker")
        self.key("Down")
        self.focus_on("Foreigner's identity card")
        self.key("Return")
        self.focus_on("Machine-readable zone")

    def identity(self, live):
        self.type(MRZ[0] + "\n" + MRZ[1])
        self.at = None
        self.focus_on("Place of birth")
        self.type("ZENITH")
        self.go_on(*live)

    def picture_area(self):
        """The live view's place within the window."""
        for node in self.window.walk():
            if node.get_role_name() in ("image", "icon", "canvas") and "camera" in (node.get_name() or ""):
                box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
                return box.x, box.y, box.width, box.height
        return None
