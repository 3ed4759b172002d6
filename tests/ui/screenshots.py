#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of an enrolment and of every place.

screenshots.py WINDOW TAMBOCTL THEME PICTURES, inside headless.sh with SCREEN=3840x2160 and the simulated desk.
THEME is light, dark or contrast; album.py says what is taken."""
import os
import sys

import album as albums
import anywhere
import journey as journeys
import places

program, tamboctl, theme, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(albums.ROOT, "data/practice/travel-document.png")


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
        album.resize("identity", *albums.SIZES[0])
        journey.type("nobody")
        journey.key("ctrl+Return")
        window.sees("Type it again.")
        album.shoot("identity-wrong")
        journey.key("ctrl+a", "Delete")
        journey.step_done(1)
    album.shoot("identity")


def enrolment(window, journey, album):
    journey.nobody(albums.ROOM)
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
    for name, keys, kind in places.read(albums.ROOT):
        journey.key(keys)
        window.wait(f"{keys} leads to {name}", lambda: window.find(kind))
        album.shoot(name)
        journey.key("Escape")
        window.sees("New enrolment", "push button")
    album.shoot_over("go-to", lambda: places.open_list(window), lambda: places.close_list(window))
    journey.lock()
    album.shoot("locked")


def test(window, album):
    journey = anywhere.Journey(window, simulator, scan)
    sign_in(window, journey, album)
    enrolment(window, journey, album)
    all_places(window, journey, album)


sys.exit(albums.run(test, program, theme, pictures, ["en", "es", "qu", "ay"]))
