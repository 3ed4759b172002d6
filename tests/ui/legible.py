# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the words of a page can be read: by their places from AT-SPI, in a picture of the window."""
import subprocess
from collections import Counter

from gi.repository import Atspi, GLib

# WCAG 2.1, 1.4.3: text, and large text.
TEXT, LARGE = 4.5, 3.0
LARGE_HEIGHT = 28
SCROLLS = {"scroll pane", "viewport"}


def luminance(pixel):
    def linear(value):
        value /= 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    red, green, blue = map(linear, pixel)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Picture:
    def __init__(self, path, width, height):
        self.width, self.height = width, height
        self.left = self.top = 0
        self.data = subprocess.check_output(["convert", path, "-depth", "8", "rgb:-"])

    def within(self, frame):
        """Places are told without the frame's border, which is the same on all sides."""
        self.left = (self.width - frame.width) // 2
        self.top = (self.height - frame.height) // 2

    def contrast(self, box):
        """Of the commonest colour and the one that is farthest from it: the inside of the strokes."""
        counts = Counter()
        for y in range(self.top + box.y, self.top + box.y + box.height):
            start = (y * self.width + self.left + box.x) * 3
            row = self.data[start:start + box.width * 3]
            counts.update(zip(row[0::3], row[1::3], row[2::3]))
        back = luminance(counts.most_common(1)[0][0])
        return max((max(back, light) + 0.05) / (min(back, light) + 0.05) for light in map(luminance, counts))


def can_be_used(node):
    """WCAG leaves out what is greyed out."""
    while node is not None and node.get_role_name() != "frame":
        if not node.get_state_set().contains(Atspi.StateType.SENSITIVE):
            return False
        node = node.get_parent()
    return True


def cut_by(node, box):
    """What a label lies in and sticks out of; "elsewhere" for what can be scrolled to, and for a popover's,
    which has places of its own below the button that opens it or, as a dialog, above the page."""
    parent, cutter, is_tall = node.get_parent(), None, False
    while parent is not None and parent.get_role_name() != "frame":
        if parent.get_role_name() == "dialog":
            return "elsewhere"
        if is_tall and parent.get_role_name() in SCROLLS:
            return "elsewhere"
        around = Atspi.Component.get_extents(parent, Atspi.CoordType.WINDOW)
        is_tall = is_tall or box.y < around.y - 1 or box.y + box.height > around.y + around.height + 1
        is_wide = box.x < around.x - 1 or box.x + box.width > around.x + around.width + 1
        if (is_tall or is_wide) and parent.get_role_name() in ("push button", "toggle button"):
            return "elsewhere"
        if cutter is None and (is_tall or is_wide):
            cutter = f"{parent.get_role_name()} “{parent.get_name()}”"
        if is_tall and parent.get_role_name() in SCROLLS:
            return "elsewhere"
        parent = parent.get_parent()
    return cutter


def fault_of(node, picture, is_covered):
    name = (node.get_name() or "").strip()
    if node.get_role_name() != "label" or not name or name.startswith("Gtk") or not can_be_used(node):
        return None
    box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    if box.width < 4 or box.height < 4:
        return None
    cut = cut_by(node, box)
    if cut == "elsewhere":
        return None
    if cut is not None:
        return f"“{name}” is cut by {cut}"
    if box.x < 0 or box.y < 0 or box.x + box.width > picture.width - 2 * picture.left \
            or box.y + box.height > picture.height - 2 * picture.top:
        return f"“{name}” leaves the window"
    ratio = picture.contrast(box)
    if ratio == 1 and is_covered:
        return None
    if ratio < (LARGE if box.height >= LARGE_HEIGHT and "\n" not in name and len(name) < 60 else TEXT):
        return f"“{name}” has a contrast of {ratio:.1f}"
    return None


def faults(window, picture, is_covered=False):
    """Where something lies on the page, words of the page may be behind it."""
    found = []
    frame = window.root.get_child_at_index(0)
    if frame is None:
        return ["the window does not tell of itself"]
    picture.within(Atspi.Component.get_extents(frame, Atspi.CoordType.WINDOW))
    for node in list(window.walk()):
        try:
            fault = fault_of(node, picture, is_covered)
        except GLib.Error:
            continue  # it went away while we looked
        if fault is not None:
            found.append(fault)
    return found
