#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The direction of the rooms: who may include whom, and which foreign headers.

Reads every #include below src/ and fails on one that the table of docs/architecture.md forbids."""
import pathlib
import re
import sys

ROOMS = {
    # room: (other rooms or single headers without .h, foreign header prefixes)
    "base": ((), ("openssl/", "json-glib/", "p11-kit/")),
    "record": (("base",), ("json-glib/",)),
    "format": (("base",), ("openjpeg", "jpeglib", "jerror", "png", "ft2build")),
    "biometric": (("base", "format"), ()),
    "chip": (("base", "record", "format"), ("openssl/", "winscard", "wintypes", "reader", "pcsclite")),
    "capture": (("base", "record", "format", "biometric"),
                ("fprint", "libfprint", "gphoto2/", "cups/", "gudev/", "hidapi", "libusb", "sane/", "gst/", "seccomp", "curl/", "openssl/",
                 "json-glib/")),
    "store": (("base", "record"), ("sqlite3", "json-glib/")),
    "sync": (("base", "record", "store"), ("openssl/", "curl/", "json-glib/")),
    "print": (("base", "record", "format"), ("cairo", "pango/", "qrencode", "zbar")),
    "station": (("base", "record", "format", "biometric", "chip", "capture", "store", "sync", "print"), ()),
    "hq": (("base", "record", "format", "biometric", "chip", "sync/protocol", "sync/envelope",
            "sync/alert", "sync/changes", "sync/stock-statement", "sync/sync-error"),
           ("microhttpd", "gnutls/", "sqlite3", "openssl/", "json-glib/", "libpq-fe",
            "qrencode", "curl/")),
    "simulator": (("base", "record", "format", "chip"), ("umockdev", "openssl", "microhttpd", "json-glib/")),
    "cli": (("base", "record", "format", "biometric", "chip", "capture", "station", "print"),
            ("json-glib/",)),
    "app": (("base", "record", "format", "capture", "station"), ("gtk/", "adwaita", "gdk/")),
}

# GLib, and the C library and the kernel, are everybody's.
COMMON = re.compile(r"^(glib|gio|gobject|gmodule|glib-unix)")
SYSTEM = re.compile(
    r"^(assert|ctype|dirent|dlfcn|endian|errno|fcntl|float|ftw|grp|inttypes|libintl|limits|locale|malloc|math|poll|"
    r"pthread|pty|pwd|sched|setjmp|signal|spawn|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|"
    r"termios|time|unistd|wchar|(sys|linux|netinet|arpa|net)/[\w.-]+)\.h$")

# The libraries that drive devices, cards and the network stay in their adapters and out of headers.
ADAPTERS = {
    "fprint": re.compile(r"-libfprint\.c$"), "libfprint": re.compile(r"-libfprint\.c$"),
    "gphoto2/": re.compile(r"-gphoto2\.c$"), "gudev/": re.compile(r"-udev\.c$"),
    "hidapi": re.compile(r"-hidapi\.c$"), "libusb": re.compile(r"-libusb\.c$"),
    "cups/": re.compile(r"-cups\.c$"), "sane/": re.compile(r"-sane\.c$"),
    "gst/": re.compile(r"-gstreamer\.c$"), "seccomp": re.compile(r"-seccomp\.c$"),
    "ft2build": re.compile(r"-freetype\.c$"),
    "winscard": re.compile(r"-pcsc\.[ch]$"), "wintypes": re.compile(r"-pcsc\.[ch]$"),
    "umockdev": re.compile(r"-umockdev\.c$"), "p11-kit/": re.compile(r"-p11kit\.[ch]$"),
    "libpq-fe": re.compile(r"-libpq\.c$"),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.M)


def own_include_allowed(room, target):
    first = target.split("/")[0]
    if first == room:
        return True
    stem = target.removesuffix(".h")
    return any(allowed in (first, stem) for allowed in ROOMS[room][0])


def foreign_include_allowed(room, name, target):
    if COMMON.match(target) or SYSTEM.match(target):
        return True
    for prefix in ROOMS[room][1]:
        if target.startswith(prefix):
            adapter = ADAPTERS.get(prefix)
            return adapter is None or bool(adapter.search(name))
    return False


def check(source, path):
    room = path.relative_to(source).parts[0]
    if room not in ROOMS:
        yield f"{path}: '{room}' is no room"
        return
    for quoted, angled in INCLUDE.findall(path.read_text()):
        if quoted and "/" in quoted and (source / quoted).exists():
            if not own_include_allowed(room, quoted):
                yield f"{path}: {room} may not include {quoted}"
        elif quoted and quoted == "config.h":
            continue
        elif quoted:
            yield f"{path}: \"{quoted}\" is not a path from src/"
        elif not foreign_include_allowed(room, path.name, angled):
            yield f"{path}: {room} may not include <{angled}>"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    source = root / "src"
    files = sorted(p for p in source.rglob("*") if p.suffix in (".c", ".h", ".cpp"))
    found = [problem for path in files for problem in check(source, path)]
    for problem in found:
        print(problem)
    print(f"{len(files)} files, {len(found)} forbidden includes")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
