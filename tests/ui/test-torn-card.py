#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards that leave the reader while they are written: the same one goes on by itself, another one is named,
and two persons spoil one; by keyboard.

test-torn-card.py WINDOW TAMBOCTL WORD PICTURES, inside headless.sh and the simulated desk, with
headquarters at work."""
import os
import re
import sys
import time

import driver
import orders
import steps

program, _, _, pictures = sys.argv[1:5]


def shoot(window, name):
    window.shoot(os.path.join(pictures, f"{name}.png"))


def begin(window, blank):
    window.focus_on("Waits to be issued")
    window.key("Return")
    window.focus_on("Number on the blank")
    window.key("Return")
    window.sees(f"Put the card of blank {blank} on the reader")


def tear(window, command):
    """A new card is put down, and taken away at that command."""
    orders.control("card", "new")
    orders.control("card", "tear", str(command))
    orders.control("card", "insert")
    torn = window.sees("The card was taken away at step").get_name()
    step, steps = map(int, re.search(r"step (\d+) of (\d+)", torn).groups())
    window.holds(f"it says where: step {step} of {steps}", 1 < step < steps)


def watch_reader(window):
    """From the hand that moves the card to the word on the screen."""
    orders.card_remove()
    window.sees("No card lies on the reader")
    line = window.find("No card lies on the reader")
    orders.control("card", "insert")
    begun = time.monotonic()
    window.wait("the line says that a card lies there",
                lambda: line.get_name() == "A card lies on the reader.")
    print(f"# told after {time.monotonic() - begun:.2f} s")


def same_card(window):
    begin(window, "C0000001")
    tear(window, 60)
    window.sees("It goes on by itself")
    shoot(window, "torn")
    window.holds("the blank is in work", orders.blank_state("C0000001") == "in-work")
    orders.control("card", "insert")
    window.sees("is issued")
    window.sees("Passed: The chip takes nothing more")
    window.holds("the blank is issued", orders.blank_state("C0000001") == "issued")
    window.holds("the card is locked", orders.card_status()["locked"] == "yes")
    orders.card_remove()
    window.sees("No card lies on the reader")
    window.focus_on("Next document")
    window.key("Return")


def other_card(window):
    begin(window, "C0000002")
    tear(window, 60)
    orders.card_new()
    window.sees("This is another card. Put back the one of blank C0000002.")
    shoot(window, "torn-other")
    window.holds("nothing was written to it", orders.card_status()["locked"] == "no")


def spoil(window):
    """By a supervisor and a second one; the order goes to the next blank, on the card that lies there."""
    window.focus_on("Go on (F5)")
    window.key("Tab")
    window.focus_on("Spoil this card")
    window.key("Return")
    window.focus_on("What is wrong with the card?")
    window.type("torn while it was written")
    window.key("Return")
    window.sees("Blank C0000002 is spoiled: torn while it was written")
    shoot(window, "spoil")
    orders.second_person(window, "deputy")
    window.sees("Take blank C0000003")
    window.holds("the blank is spoiled", orders.blank_state("C0000002") == "spoiled")
    window.focus_on("Number on the blank")
    window.key("Return")
    window.sees("is issued")
    window.holds("the next blank is issued", orders.blank_state("C0000003") == "issued")


def verify(window, mrz):
    """The document that was just made, as a border would."""
    window.key("ctrl+shift+v")
    window.focus_on("What is printed")
    window.type("12345")
    window.key("Return")
    window.sees("This is neither a whole machine-readable zone")
    window.key("ctrl+a")
    window.type(mrz.replace("\n", ""))
    window.key("Return")
    window.sees("The document is genuine")
    window.sees("Passed: The signature is right")
    window.fits(1024, 600)
    shoot(window, "verify")


def test(window):
    steps.sign_in(window, "supervisor")
    window.key("ctrl+shift+i")
    window.sees("Documents to issue")
    same_card(window)
    other_card(window)
    spoil(window)
    verify(window, orders.told("inbox", "show", waiting[1])["mrz"])
    watch_reader(window)
    window.holds("the window ends when it is told to", window.end() == 0)


orders.receive("card", "C0000001", "C0000020")
orders.card_remove()
waiting = orders.make_orders(2)
sys.exit(driver.run(test, [program], pictures))
