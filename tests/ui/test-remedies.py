#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the table of errors offers a button for: a network that wants a sign-in is opened in a browser, a certificate
that has ended leads to the clock, a disk that is nearly full to a stick, on which the receipts come back.

test-remedies.py WINDOW TAMBOCTL LATER PICTURES, inside headless.sh and the simulated desk."""
import http.server
import os
import sys
import threading

import desk
import driver
import steps

program, tamboctl, later, pictures = sys.argv[1:5]
headquarters = desk.Headquarters(tamboctl)
ROOM = headquarters.room
HOME = os.environ["HOME"]
STICK = os.path.join(ROOM, "stick")


def in_room(name):
    return os.path.join(ROOM, name)


class Page(http.server.BaseHTTPRequestHandler):
    """The network answers in headquarters' place, without TLS."""

    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", "http://login.example/")
        self.end_headers()

    def log_message(self, *words):
        pass

    def send_error(self, *words, **more):
        # TLS is nothing that it understands; it answers all the same.
        self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n")


def put_program(name, script, mime=None):
    """A program of the desktop which notes that it was started."""
    folder = os.path.join(HOME, ".local", "share", "applications")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(ROOM, name + ".sh")
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + script + "\n")
    os.chmod(path, 0o755)
    with open(os.path.join(folder, name + ".desktop"), "w", encoding="utf-8") as file:
        file.write(f"[Desktop Entry]\nType=Application\nName={name}\nExec={path} %u\n"
                   + (f"MimeType={mime};\n" if mime else ""))
    if mime:
        os.makedirs(os.path.join(HOME, ".config"), exist_ok=True)
        with open(os.path.join(HOME, ".config", "mimeapps.list"), "w", encoding="utf-8") as file:
            file.write(f"[Default Applications]\n{mime}={name}.desktop\n")


def content(name):
    try:
        with open(in_room(name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def press(window, name):
    """By keyboard: F6 leads to the strip."""
    window.sees(name, "push button")
    desk.tab_to(window, name, "F6")
    window.key("Return")


def sign_in_to_network(window):
    window.sees("This network wants somebody to sign in to it first.")
    window.shoot(os.path.join(pictures, "portal.png"))
    window.fits(1024, 600)
    press(window, "Open it")
    window.wait("the browser is told the way", lambda: content("opened").strip() == "http://127.0.0.1/")


def set_clock(window):
    open(in_room("years"), "w", encoding="utf-8").close()
    headquarters.start()
    window.key("F5")
    window.sees("Headquarters' certificate has ended by this computer's clock.")
    window.shoot(os.path.join(pictures, "expired.png"))
    press(window, "Set the clock")
    window.wait("the desktop's clock is open", lambda: content("clock") != "")
    headquarters.stop()
    os.remove(in_room("years"))


ROOM_IS_LITTLE = "There is room for 3 more cases. Connect, or copy the queue to a stick."
NO_SERVICE = "Headquarters' computer is there, but its service does not run."


def enrol():
    desk.enrol(tamboctl, "--finger", "right-index=sensor", "--finger", "left-index=sensor")


def fill_disk(window):
    """The window looks at the room when a record comes."""
    open(in_room("full"), "w", encoding="utf-8").close()
    enrol()
    window.sees("1 record waits", "push button")
    window.sees(ROOM_IS_LITTLE)


def keep_both(window):
    """What failed and the room are told at once: the newer first, the other a key away, and F5 takes neither."""
    window.sees("Next (2 of 2)", "push button")
    desk.tab_to(window, "Copy to stick", "F6")
    window.key("Tab")
    window.focus_on("Next (2 of 2)")
    window.key("Return")
    window.sees(NO_SERVICE)
    window.focus_on("Next (1 of 2)")
    window.shoot(os.path.join(pictures, "two-problems.png"))
    window.fits(1024, 600)
    window.key("Return")
    window.sees(ROOM_IS_LITTLE)
    window.key("F5")
    window.sees(NO_SERVICE)
    window.focus_on("Next (1 of 2)")
    window.key("Return")
    window.sees(ROOM_IS_LITTLE)
    window.focus_on("Next (2 of 2)")


def see_room_above_portrait(window):
    """The highest page, below the strip of practice and that of the problems."""
    steps.begin(window, "Foreigner's identity card")
    window.key("ctrl+2")
    window.sees("Take now", "push button")
    window.sees("nothing here is a real record")
    window.sees(ROOM_IS_LITTLE)
    window.shoot(os.path.join(pictures, "portrait-nearly-full.png"))
    window.fits(1024, 600)


def use_stick(window):
    os.mkdir(STICK)
    window.key("F5")
    window.sees(NO_SERVICE)
    fill_disk(window)
    window.sees("This computer has room for 3 more cases")
    window.shoot(os.path.join(pictures, "nearly-full.png"))
    keep_both(window)
    see_room_above_portrait(window)
    press(window, "Copy to stick")
    window.focus_on("Folder of the stick")
    window.type(STICK)
    window.key("Return")
    window.sees("1 record lies on the stick.")
    window.shoot(os.path.join(pictures, "outbox-stick.png"))
    window.fits(1024, 600)
    os.remove(in_room("full"))

    bundle = os.path.join(STICK, next(name for name in os.listdir(STICK) if name.startswith("tambo-")))
    headquarters.run("import", os.path.join(ROOM, "hq"), bundle)
    window.focus_on("Take receipts")
    window.key("Return")
    window.sees("1 receipt was taken.")
    window.sees("0 records wait", "push button")
    window.wait("the room is told no more", lambda: window.find(ROOM_IS_LITTLE) is None)
    window.key("Escape")
    window.focus_on("Send now")


def test(window):
    try:
        desk.sign_in(window, "clerk")
        sign_in_to_network(window)
        portal.shutdown()
        portal.server_close()
        set_clock(window)
        use_stick(window)
    finally:
        headquarters.stop()
    window.holds("the window ends when it is told to", window.end() == 0)


put_program("test-browser", f'echo "$1" >{in_room("opened")}', "x-scheme-handler/http")
put_program("gnome-datetime-panel", f'echo open >{in_room("clock")}')
os.environ["TAMBO_YEARS_FILE"] = in_room("years")
os.environ["TAMBO_FULL_FILE"] = in_room("full")
portal = http.server.ThreadingHTTPServer(("127.0.0.1", int(headquarters.port)), Page)
threading.Thread(target=portal.serve_forever, daemon=True).start()
os.environ["LD_PRELOAD"] = ":".join(filter(None, [os.environ.get("LD_PRELOAD"), later]))
sys.exit(driver.run(test, [program], pictures))
