# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole enrolment with nothing but keys and the focus that comes of them.

Who walks through the window's tree keeps its main loop busy; here the window tells by itself where the
focus is, so that what is measured is the window and not the test."""
import os
import subprocess
import time

from gi.repository import Atspi, GLib

import driver

MRZ = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
       "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]


class Journey:
    def __init__(self, window, simulator, scan):
        self.window = window
        self.simulator = simulator
        self.scan = scan
        self.at = None  # what has the focus, as it was told since the last key
        self.focused = None
        self.steps = {}
        self.pressed = None  # when the last key was, until the focus has come of it
        self.waits = []  # seconds, and what for
        self.listener = Atspi.EventListener.new(self._on_event)
        self.listener.register("object:state-changed:focused")
        # The button at the end of a page keeps the focus and gets another name.
        self.listener.register("object:property-change:accessible-name")

    def _on_event(self, event):
        try:
            if event.source.get_process_id() != self.window.process.pid:
                return
            if event.type.startswith("object:state-changed") and event.detail1 == 1:
                # A window that has much to do may be too late to tell the name: it is asked again.
                self.focused, self.at = event.source, ""
            if event.source == self.focused:
                self.at = event.source.get_name() or ""
        except GLib.Error:
            pass

    def wait(self, what, look, timeout=60):
        context = GLib.MainContext.default()
        wake = GLib.timeout_add(50, lambda: True)
        end = time.monotonic() + timeout
        try:
            while not self._is_seen(look):
                if self.window.process.poll() is not None:
                    raise driver.Failure(f"{what}: the window ended with {self.window.process.returncode}")
                if time.monotonic() > end:
                    raise driver.Failure(f"{what}: not in time; the focus is on {self.at}")
                context.iteration(True)
        finally:
            GLib.source_remove(wake)

    @staticmethod
    def _is_seen(look):
        try:
            return look()
        except GLib.Error:
            return False

    def focus_on(self, *names):
        def look():
            if self.at == "" and self.focused is not None:
                self.at = self.focused.get_name() or ""
            return self.at is not None and any(n in self.at for n in names)
        self.wait(f"the focus on {names}", look)
        if self.pressed is not None:
            self.waits.append((time.monotonic() - self.pressed, names[0]))
            self.pressed = None

    def waited(self):
        """What the clerk has waited for the program since the last time: from each key to the focus that comes
        of it. The applicant's time at the devices is none of it."""
        waits, self.waits = self.waits, []
        return waits

    def focus_first(self, name, key="Tab"):
        """Goes on with a key until the focus is there."""
        for _ in range(60):
            if self.focused is not None and name in (self.focused.get_name() or ""):
                return
            self.key(key)
            self.wait(key, lambda: self.at is not None, 10)
        raise driver.Failure(f"no {key} leads to {name}")

    def pause(self, seconds):
        end = time.monotonic() + seconds
        self.wait("a while", lambda: time.monotonic() >= end)

    def key(self, *keys):
        self.at = None
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)
        self.pressed = time.monotonic()

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "12", text], check=True)

    def go_on(self, *names):
        self.pause(0.5)
        self.key("ctrl+Return")
        self.focus_on(*names)

    # ---- the steps ----

    def sign_in(self, who="clerk"):
        self.window.focus_on("Operator")
        self.type(who)
        self.key("Return")
        self.focus_on("Password")
        self.type("practice-" + who)
        self.key("Return")
        self.focus_on("New enrolment")

    def begin(self):
        self.key("ctrl+n")
        # The list stands where it was left.
        self.focus_on("Asylum seeker", "Foreigner's identity card")
        self.pause(0.3)
        node = self.window.focused()
        if node is not None and "Asylum" in (node.get_name() or ""):
            self.key("Down")
            self.focus_on("Foreigner's identity card")
        self.key("Return")
        self.focus_on("Machine-readable zone")

    def identity(self, live):
        self.type(MRZ[0] + "\n" + MRZ[1])
        self.at, self.pressed = None, time.monotonic()
        self.focus_on("Place of birth", "Address", "Telephone")
        # Of somebody who has a case already it is filled in a little later, and the focus goes on: nobody types
        # into the field that comes then.
        self.pause(0.7)
        node = self.window.focused()
        if node is not None and "Place of birth" in (node.get_name() or ""):
            self.type("ZENITH")
        self.go_on(*live)

    def step_done(self, number):
        """The list of steps says it; its buttons stay, and to ask one for its name is little work."""
        if number not in self.steps:
            self.steps[number] = self.window.find(f"{number}  ", "push button")
        end = time.monotonic()

        def look():
            nonlocal end
            if time.monotonic() < end:
                return False
            end = time.monotonic() + 0.2
            return (self.steps[number].get_name() or "").endswith("Done")
        self.wait(f"step {number} is done", look)
        # A finger and a pen take their own time; a file is the program's work.
        if number == 5:
            self.waits.append((time.monotonic() - self.pressed, f"step {number}"))
        self.pressed = None

    def portrait_taken(self):
        """The picture takes itself when the face holds still, where there is a detector of faces."""
        self.at = None
        if os.environ.get("TAMBO_FACE_MODULE") == "/nowhere":
            self.focus_first("Take now")
            self.key("space")
        else:
            self.control("camera", "portrait", "drawn")
        self.focus_on("Continue")

    def portrait(self):
        self.portrait_taken()
        self.pause(0.5)
        self.key("ctrl+Return")

    def fingers(self):
        self.step_done(3)

    def signature(self):
        self.pause(0.5)
        self.key("ctrl+Return")
        self.step_done(4)

    def documents(self):
        self.go_on("File")
        self.type(self.scan)
        self.key("Return")
        self.step_done(5)

    def review(self):
        self.go_on("Seal")

    def seal(self):
        self.review()
        self.go_on("Next applicant")

    def nobody(self, folder):
        """The live view goes on as long as there is no face in it."""
        wall = os.path.join(folder, "wall.png")
        subprocess.run(["convert", "-size", "960x1200", "plasma:gray60-gray80", wall], check=True)
        self.control("camera", "portrait", wall)

    def control(self, *words):
        subprocess.run([self.simulator, "control", *words], check=True, stdout=subprocess.DEVNULL)

    def lock(self):
        self.key("ctrl+l")
        self.focus_on("Password")

    def unlock(self):
        self.type("practice-clerk")
        self.key("Return")
        self.focus_on("New enrolment")

    def whole(self, seconds_of_live_view=0):
        """From the home page back to it."""
        self.begin()
        self.identity(("Take now",))
        self.pause(seconds_of_live_view)
        self.rest_of_it()

    def rest_of_it(self):
        self.portrait()
        self.fingers()
        self.signature()
        self.documents()
        self.seal()
        self.key("Return")
        self.focus_on("Asylum seeker", "Foreigner's identity card")
        self.key("Escape")
        self.focus_on("New enrolment")

    def picture_area(self):
        """The live view's place within the window."""
        for node in self.window.walk():
            if node.get_role_name() in ("image", "icon", "canvas") and "camera" in (node.get_name() or ""):
                box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
                return box.x, box.y, box.width, box.height
        return None

    def show_large(self, wanted_width, wanted_height):
        """Makes the window so large that the live view has about that size; its place."""
        number = self.window.number
        subprocess.run(["xdotool", "windowsize", number, "1880", "1040"], check=True)
        self.pause(1)
        _, _, width, height = self.picture_area()
        subprocess.run(["xdotool", "windowsize", number, str(max(1024, 1880 - width + wanted_width)),
                        str(1040 - height + wanted_height)], check=True)
        self.pause(1)
        return self.picture_area()
