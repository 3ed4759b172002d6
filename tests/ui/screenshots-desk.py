#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of what a quiet day does not show: each step of issuing and of delivering, fingers that are weak or
missing, the second person, and the places that have something to show then.

screenshots-desk.py WINDOW TAMBOCTL orders-THEME PICTURES, inside headless.sh with SCREEN=3840x2160 and the
simulated desk, with headquarters at work. THEME is light, dark or contrast; album.py says what is taken."""
import os
import signal
import sys

import album as albums
import anywhere
import desk
import driver
import orders
import processes
import steps

program, tamboctl, word, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
simulator = os.path.join(build, "src/simulator/tambo-simulator")
LANGUAGES = ["en", "es"]
AMID = 60  # commands, of several hundred


# ---- a document is issued ----

def lay_down(what, *words):
    orders.control("card", "new")
    orders.control("card", what, *words)
    orders.control("card", "insert")


def refused_blank(window, album):
    window.sees("Take blank")
    album.shoot("issue-blank")
    window.key("ctrl+a")
    window.type("C9999999")
    window.key("Return")
    window.sees("No blank here has this number")
    album.shoot("issue-refused")
    window.key("Escape")
    orders.choose(window)


def writes_on(window, torn_at):
    command = window.find("UPDATE BINARY")
    return command is not None and command.get_name() != torn_at


def amid_writing(window, album):
    """A slow card, which then thinks for as long as it takes to take its picture."""
    orders.control("card", "fault", "jitter=100")
    torn_at = window.find("UPDATE BINARY").get_name()
    orders.control("card", "insert")
    window.sees("The chip is being written")
    window.wait("it goes on from where it was torn", lambda: writes_on(window, torn_at))
    card = processes.find("tambo-simulator", "card")
    window.holds("the card is a process of the desk", len(card) == 1)
    processes.tell(card, signal.SIGSTOP)
    try:
        album.shoot("issue-writing")
    finally:
        processes.tell(card, signal.SIGCONT)
        orders.control("card", "fault", "none")


def first_document(window, album):
    window.key("ctrl+shift+i")
    window.focus_on("Waits to be issued")
    album.shoot("issue-orders")
    orders.choose(window)
    refused_blank(window, album)
    window.key("Return")
    window.sees("Put the card of blank")
    album.shoot("issue-card")
    lay_down("tear", str(AMID))
    window.sees("The card was taken away at step")
    album.shoot("issue-torn")
    amid_writing(window, album)
    window.sees("The chip takes nothing more")
    album.shoot("issue-done")
    window.focus_on("Next document")
    window.key("Return")


def ask_to_spoil(window):
    window.focus_on("Spoil this card")
    window.key("Return")
    window.focus_on("What is wrong with the card?")


def ask_second(window):
    ask_to_spoil(window)
    window.type("antena rota")
    window.key("Return")
    window.focus_on("Name of the second person")


def refuse_second(window):
    ask_second(window)
    orders.second_person(window, "supervisor")
    window.sees("The second person has to be somebody else")


def give_up(window):
    window.key("Escape")
    window.focus_on("Spoil this card")


def spoiled_card(window, album):
    window.focus_on("Go on (F5)")
    desk.tab_to(window, "Spoil this card")
    for page, ask in [("issue-spoil", ask_to_spoil), ("second-person", ask_second),
                      ("second-person-refused", refuse_second)]:
        album.shoot_over(page, lambda: ask(window), lambda: give_up(window))
    ask_second(window)
    orders.second_person(window, "deputy")


def second_document(window, album):
    orders.choose(window)
    window.key("Return")
    window.sees("Take the finished card off the reader first")
    album.shoot("issue-remove")
    orders.card_remove()
    window.sees("Put the card of blank")
    lay_down("fault", f"wrong-status@{AMID}")
    window.focus_on("Go on (F5)")
    album.shoot("issue-failed")
    orders.control("card", "fault", "none")
    orders.card_remove()
    window.sees("No card lies on the reader")
    orders.card_new()
    window.sees("A card lies on the reader")
    window.key("F5")
    window.sees("This is another card")
    album.shoot("issue-other")
    spoiled_card(window, album)
    window.sees("Take blank")
    window.focus_on("Number on the blank")
    window.key("Return")
    window.sees("The chip takes nothing more")


# ---- and handed over ----

def to_a_finger(window, album, first, second):
    window.key("ctrl+shift+h")
    window.focus_on("Number on the receipt or the document")
    album.shoot("deliver-number")
    orders.begin_delivery(window, first["tracking_number"])
    window.sees("Do not hand it over")
    album.shoot("deliver-wrong")
    window.key("Escape")
    orders.begin_delivery(window, second["tracking_number"])
    window.sees("The document on the reader is the one of this order")
    window.focus_on("Take the finger")
    album.shoot("deliver-finger")
    window.key("Return")
    window.sees("It counts as delivered")
    album.shoot("deliver-done")
    window.focus_on("Next person")
    window.key("Return")


def by_sight(window, album, first):
    orders.control("finger", "seed", "77")
    orders.card_remove()
    orders.begin_delivery(window, first["tracking_number"])
    window.sees("Put the document on the reader")
    album.shoot("deliver-document")
    orders.compare_without_reading(window)
    window.focus_on("What did both of you see?")
    album.shoot("deliver-sight")
    window.type("rostro y firma coinciden")
    window.key("Return")
    orders.second_person(window, "deputy")
    window.sees("It counts as delivered")


def verified(window, album, mrz):
    orders.card_insert()
    window.key("ctrl+shift+v")
    window.focus_on("What is printed")
    window.type(mrz.replace("\n", ""))
    window.key("Return")
    window.sees("The document is genuine")
    album.shoot("verify-genuine")


# ---- fingers that are not as they should be ----

def say_why(window):
    window.key("ctrl+m")
    window.focus_on("Amputated")


def keep_asking(window):
    window.key("Escape")
    window.focus_on("Missing finger")


def fingers(window, album):
    journey = anywhere.Journey(window, simulator, None)
    steps.control(simulator, "finger", "seed", "5")
    journey.begin()
    window.key("Return")
    window.focus_on("Machine-readable zone")
    window.key("ctrl+3")
    window.sees("This is another finger")
    window.focus_on("Capture again")
    album.shoot("fingerprints-same")
    steps.control(simulator, "finger", "image", steps.poor_print(simulator))
    window.key("F5")
    window.sees("The best of three attempts is kept")
    album.shoot("fingerprints-weak")
    album.shoot_over("fingerprints-exception", lambda: say_why(window), lambda: keep_asking(window))
    say_why(window)
    window.key("Return")
    window.sees("All fingers are done")
    album.shoot("fingerprints-missing")
    window.key("ctrl+t")


# ---- the places, with what came of it ----

def approval(window, album, number):
    window.key("ctrl+shift+a")
    window.focus_on(number)
    window.sees("Portrait, taken here", "image")
    window.key("Return")
    window.focus_on("Your sentence about it")
    album.shoot("approvals-case")
    window.key("Return", "Return")
    window.sees("Write a sentence")
    album.shoot("approvals-refused")


def places(window, album):
    for name, keys, kind in [("blanks-counted", "ctrl+shift+b", "TamboBlanksPage"),
                             ("figures-day", "ctrl+shift+f", "TamboFiguresPage"),
                             ("outbox-records", "ctrl+o", "TamboOutboxPage"),
                             ("closing-day", "ctrl+shift+d", "TamboClosingPage"),
                             ("audit-day", "ctrl+j", "TamboAuditPage")]:
        window.key(keys)
        window.wait(f"{keys} leads to {name}", lambda: window.find(kind))
        album.shoot(name)


def test(window, album):
    number = desk.enrol_bandaged(tamboctl)
    first, second = orders.new_orders()[:2]
    first, second = (orders.told("inbox", "show", id) for id in (first, second))
    orders.control("card", "fault", "none")
    steps.sign_in(window, "supervisor")
    first_document(window, album)
    second_document(window, album)
    to_a_finger(window, album, first, second)
    by_sight(window, album, first)
    verified(window, album, second["mrz"])
    fingers(window, album)
    approval(window, album, number)
    places(window, album)
    # For the next language.
    orders.card_remove()
    orders.control("finger", "seed", "11")


orders.receive("card", "C0000001", "C0000040")
orders.card_remove()
orders.control("finger", "seed", "11,12")
orders.make_orders(2 * (len(LANGUAGES) if albums.IS_LONG else 1))
orders.control("finger", "seed", "11")
os.environ["TAMBO_DATADIR"] = steps.strict_office()
sys.exit(albums.run(test, program, word.removeprefix("orders-"), pictures, LANGUAGES))
