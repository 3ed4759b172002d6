#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why there is no connection is told in the clerk's language, and the library's own words only below it; what another
program sends meanwhile is told in the open window, though nobody touches it and its own synchronisation sleeps.

test-connection.py WINDOW TAMBOCTL - PICTURES, inside headless.sh and the simulated desk."""
import os
import signal
import sys

import desk
import driver
import spanish

program, tamboctl, _, pictures = sys.argv[1:5]
headquarters = desk.Headquarters(tamboctl)
# As libcurl, OpenSSL and the system say it.
RAW = ["Failed to connect", "Could not connect", "Connection refused", "SSL", "resolve"]


def raw_words(window):
    return [name for name in window.names() if any(raw in name for raw in RAW)]


def speaks(window, what):
    """The sentence is ours; the words of the library stand in the one line that is for support and names the address."""
    window.sees("Headquarters' computer is there, but its service does not run.")
    found = raw_words(window)
    detail = tuple(f"label: {word.strip()} https://" for word in driver.words("For support:"))
    window.holds(f"{what}: the library's words are a detail alone {found}",
                 all(name.startswith(detail) for name in found))


def test(window):
    asleep = []
    try:
        desk.sign_in(window, "clerk")
        window.key("ctrl+o")
        window.focus_on("Send now")
        window.sees("The way of the record: broken at", "image")
        speaks(window, "a record that waits")
        window.shoot(os.path.join(pictures, "outbox-cause-es.png"))
        window.fits(1024, 600)
        window.key("F5")
        window.sees("Close this message")
        speaks(window, "a try by hand")
        left = spanish.leftovers(window)
        window.shoot(os.path.join(pictures, "outbox-tried-es.png"))
        print(f"# left in English: {left}")

        asleep = window.wait("its synchronisation sleeps", lambda: desk.stop_sync(window))
        headquarters.start()
        desk.control(tamboctl, "sync", "--once")
        window.sees("places are behind it", "image")
        window.holds("it is what the other program got",
                     [r["state"] for r in desk.control(tamboctl, "outbox", "list")["records"]] == ["acknowledged"])
    finally:
        for child in asleep:
            os.kill(child, signal.SIGCONT)
        headquarters.stop()
    window.holds("the window ends when it is told to", window.end() == 0)


desk.enrol(tamboctl, "--finger", "right-index=sensor", "--finger", "left-index=sensor")
os.environ["TAMBO_LOCALEDIR"] = spanish.compile_catalogue(desk.SOURCE, os.environ["ROOM"])
os.environ["LANGUAGE"] = "es"
driver.words = spanish.words
sys.exit(driver.run(test, [program], pictures))
