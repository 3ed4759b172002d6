# SPDX-License-Identifier: GPL-3.0-or-later
"""The window in Spanish: what a name is called there, and what was left in English."""
import gettext
import os
import re
import subprocess

from gi.repository import GLib

catalogue = {}

# English words that no Spanish sentence has.
ENGLISH = re.compile(r"\b(the|of|is|are|and|for|to|not|with|this|was|has|from|here|what|press|done|none|by)\b", re.I)
# The same in both, or somebody's own name: a device's, a person's, a key's; and what a server answered.
KEPT = re.compile(r"^(?:.*https://.*|[\W\d_]*|Tambo|Virtual image device for debugging.*|PTP/IP Camera|.*/.*\.png)$")


def compile_catalogue(root, folder, *better):
    """The folder with it, and with those of languages that say BETTER what they say."""
    catalogue.clear()
    for language in ("es", *better):
        place = os.path.join(folder, "locale", language, "LC_MESSAGES")
        os.makedirs(place, exist_ok=True)
        path = os.path.join(place, "tambo.mo")
        subprocess.run(["msgfmt", "-o", path, os.path.join(root, "po", language + ".po")], check=True)
        with open(path, "rb") as file:
            for key, value in gettext.GNUTranslations(file)._catalog.items():
                catalogue[key[0] if isinstance(key, tuple) else key] = value
    return os.path.join(folder, "locale")


def words(name):
    """The translations of all sentences with NAME in them; of a sentence with a number its longest part."""
    if name in catalogue:
        return [catalogue[name]]
    found = [name]
    for english, spanish in catalogue.items():
        if name in english and spanish:
            found.append(max(re.split(r"%[-\d]*[a-z]", spanish), key=len).strip())
    return found


def is_left(text):
    translated = catalogue.get(text)
    return (translated is not None and translated != text) or ENGLISH.search(text) is not None


def for_clerk(name):
    """Without what stands there for support and the signed log's own words, such as inbox.done."""
    prefix = catalogue["For support: %s"].removesuffix("%s")
    said = "\n".join(line.split(prefix)[0] for line in name.split("\n"))
    return re.sub(r"\b[a-z]+\.[a-z-]+\b", "", said).strip()


def leftovers(window):
    found = []
    for node in window.walk():
        try:
            name, role = for_clerk(node.get_name() or ""), node.get_role_name()
        except GLib.Error:
            continue
        # What has no name is called by its class.
        if not name or re.match(r"^(Gtk|Adw|Tambo)[A-Z]", name) or KEPT.match(name):
            continue
        if is_left(name):
            found.append(f"{role} “{name}” is not Spanish")
    return found
