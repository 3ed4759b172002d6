# SPDX-License-Identifier: GPL-3.0-or-later
"""The hands and ears of a test: keys through xdotool, what the window says through AT-SPI."""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

TIMEOUT = float(os.environ.get("TAMBO_UI_TIMEOUT", "60"))


class Failure(Exception):
    pass


def words(name):
    """What NAME may be called on the screen. A test in another language puts a function of its own here."""
    return [name]


class Window:
    def __init__(self, command):
        self.process = subprocess.Popen(command, env=dict(os.environ, G_DEBUG=os.environ.get("TAMBO_G_DEBUG", "")))
        self.n_held = getattr(self, "n_held", 0)  # of a window before it, too
        self.n_keys = 0  # pressed alone, as against typed text
        self.n_typed = 0
        Atspi.init()
        self.root = self.wait("the window is on the bus", self._find_application)
        self.wait("the window takes the keyboard", self._focus)
        # What is typed before the station is open falls on deaf ears.
        self.wait("the station is open", self._is_open)

    def _find_application(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def _focus(self):
        found = subprocess.run(["xdotool", "search", "--pid", str(self.process.pid), "--onlyvisible",
                                "--name", "Tambo"], capture_output=True, text=True).stdout.split()
        if not found:
            return False
        self.number = found[0]
        subprocess.run(["xdotool", "windowfocus", self.number], check=True)
        return True

    def _is_open(self):
        button = self.find("Sign in", "push button")
        return button is not None and button.get_state_set().contains(Atspi.StateType.SENSITIVE)

    # ---- looking ----

    def walk(self, node=None):
        node = node or self.root
        try:
            states = node.get_state_set()
            if node is not self.root and not states.contains(Atspi.StateType.VISIBLE):
                return
            yield node
            children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
        except GLib.Error:
            return  # it went away while we looked
        for child in children:
            if child is not None:
                yield from self.walk(child)

    def find(self, name, role=None):
        """The first thing on the screen whose name has NAME in it."""
        wanted = words(name)
        for node in self.walk():
            try:
                shown = node.get_name() or ""
                if any(word in shown for word in wanted) and (role is None or node.get_role_name() == role):
                    return node
            except GLib.Error:
                continue
        return None

    def names(self):
        return [f"{n.get_role_name()}: {n.get_name()}" for n in self.walk() if n.get_name()]

    def focused(self):
        for node in self.walk():
            try:
                if node.get_state_set().contains(Atspi.StateType.FOCUSED):
                    return node
            except GLib.Error:
                continue
        return None

    def text_of(self, name):
        node = self.find(name, "text") or self.find(name, "entry")
        if node is None:
            return None
        return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))

    # ---- waiting ----

    def wait(self, what, look, timeout=None):
        end = time.monotonic() + (timeout or TIMEOUT)
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Failure(f"{what}: the window ended with {self.process.returncode}")
            try:
                seen = look()
            except GLib.Error:
                seen = None
            if seen:
                self.n_held += 1
                print(f"ok {self.n_held} - {what}", flush=True)
                return seen
            time.sleep(0.1)
        raise Failure(f"{what}: not seen in time")

    def sees(self, name, role=None, timeout=None):
        return self.wait(f"shows “{name}”", lambda: self.find(name, role), timeout)

    def focus_on(self, name, timeout=None):
        def look():
            node = self.focused()
            return node is not None and any(word in (node.get_name() or "") for word in words(name))
        return self.wait(f"the focus is on “{name}”", look, timeout)

    def holds(self, what, truth):
        if not truth:
            raise Failure(what)
        self.n_held += 1
        print(f"ok {self.n_held} - {what}", flush=True)

    # ---- windows beside it; there is no window manager that would give them the keyboard ----

    def dialog(self, title):
        found = subprocess.run(["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.process.pid), "--name",
                                title], capture_output=True, text=True).stdout.split()
        if found:
            subprocess.run(["xdotool", "windowfocus", "--sync", found[0]], check=True)
        return found[0] if found else None

    def leave_dialog(self, number):
        self.key("Escape")
        self.wait("Escape closes it", lambda: number not in subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)], capture_output=True,
            text=True).stdout.split())
        subprocess.run(["xdotool", "windowfocus", "--sync", self.number], check=True)

    # ---- the window itself ----

    def size(self):
        told = subprocess.check_output(["xdotool", "getwindowgeometry", "--shell", self.number], text=True)
        values = dict(line.split("=") for line in told.split())
        return int(values["WIDTH"]), int(values["HEIGHT"])

    def fits(self, width, height):
        """A smaller window than a page needs would stay as large as it is."""
        before = self.size()
        subprocess.run(["xdotool", "windowsize", self.number, str(width), str(height)], check=True)
        self.wait(f"the page fits into {width} x {height}", lambda: self.size() == (width, height), 5)
        subprocess.run(["xdotool", "windowsize", self.number, *map(str, before)], check=True)
        self.wait("and grows again", lambda: self.size() == before, 5)

    # ---- keys ----

    def key(self, *keys):
        self.n_keys += len(keys)
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True)
            time.sleep(0.05)

    def go_on(self):
        # A Continue right after a page has changed is meant for the page before, and ignored.
        time.sleep(0.5)
        self.key("ctrl+Return")

    def type(self, text):
        self.n_typed += len(text)
        subprocess.run(["xdotool", "type", "--delay", "8", text], check=True)

    def shoot(self, path):
        time.sleep(0.3)
        subprocess.run(["import", "-window", "root", path], check=True)

    def end(self):
        self.key("ctrl+q")
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure("the window did not end in 15 s") from None


def tell_failure(window, failure, picture):
    print(f"not ok - {failure}")
    if window is None or window.process.poll() is not None:
        return
    window.shoot(picture)
    print("\n".join("# " + name for name in window.names()))
    focused = window.focused()
    print(f"# focus: {focused.get_role_name() if focused else None} {focused.get_name() if focused else None}")


def run(test, command, pictures):
    window = None
    try:
        window = Window(command)
        test(window)
        print(f"1..{window.n_held}")
        return 0
    except Failure as failure:
        tell_failure(window, failure, os.path.join(pictures, "failed.png"))
        return 1
    finally:
        if window is not None and window.process.poll() is None:
            window.process.kill()
        sys.stdout.flush()
