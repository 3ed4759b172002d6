#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two documents issued and handed over: to a finger, and by sight where no finger matches; by keyboard.

test-issue-deliver.py WINDOW TAMBOCTL WORD PICTURES, inside headless.sh and the simulated desk, with
headquarters at work."""
import os
import sys

import driver
import orders
import steps

program, _, _, pictures = sys.argv[1:5]


def shoot(window, name):
    window.shoot(os.path.join(pictures, f"{name}.png"))


def refuse_blanks(window):
    """Another kind, another institution's, none at all: refused with the reason, and nothing is taken."""
    for number, why in (("P0000001", "another kind of document"), ("X0000001", "another institution"),
                        ("C9999999", "No blank here has this number")):
        window.key("ctrl+a")
        window.type(number)
        window.key("Return")
        window.sees(why)
        window.focus_on("Number on the blank")
    shoot(window, "issue-blank-refused")
    window.holds("no blank was taken", orders.blank_state("C0000001") == "in-stock")
    window.key("ctrl+a")
    window.type("c0000001")


def issue_first(window):
    window.key("ctrl+shift+i")
    window.sees("Documents to issue")
    orders.choose(window)
    window.sees("Take blank C0000001")
    window.sees("No card lies on the reader")
    refuse_blanks(window)
    window.key("Return")
    window.sees("Put the card of blank C0000001 on the reader")
    shoot(window, "issue-card")
    orders.card_new()
    window.sees("is issued")
    window.sees("Passed: What was read is what was written")
    window.sees("Passed: The chip takes nothing more")
    window.fits(1024, 600)
    shoot(window, "issue-done")
    window.holds("the blank is issued", orders.blank_state("C0000001") == "issued")


def issue_second(window):
    window.focus_on("Next document")
    window.key("Return")
    window.sees("Documents to issue")
    orders.choose(window)
    window.key("Return")
    # The card of the document before still lies there, and is not begun again.
    window.sees("Take the finished card off the reader first")
    orders.card_remove()
    window.sees("Put the card of blank C0000002 on the reader")
    orders.card_new()
    window.sees("is issued")
    window.focus_on("Next document")
    window.holds("the blank is issued", orders.blank_state("C0000002") == "issued")


def deliver_to_finger(window, first, second):
    window.key("ctrl+shift+h")
    orders.begin_delivery(window, "TB-0000-0000-0")
    window.sees("no order here has the number")
    # The card of the second document lies there: it is not the first one's.
    window.key("ctrl+a")
    orders.begin_delivery(window, first["tracking_number"])
    window.sees("Do not hand it over")
    shoot(window, "deliver-wrong")
    window.key("Escape")
    orders.begin_delivery(window, second["document_number"].lower())
    window.sees("The document on the reader is the one of this order")
    window.sees("This cannot be undone")
    window.focus_on("Take the finger")
    window.fits(1024, 600)
    shoot(window, "deliver-finger")
    window.key("Return")
    window.sees("Hand the document")
    window.holds("it is delivered", orders.blank_state("C0000002") == "delivered")


def deliver_by_sight(window, first):
    orders.control("finger", "seed", "77")
    orders.card_remove()
    window.focus_on("Next person")
    window.key("Return")
    orders.begin_delivery(window, first["tracking_number"])
    window.sees("Put the document on the reader")
    orders.compare_without_reading(window)
    window.holds("it is not delivered", orders.blank_state("C0000001") == "issued")
    window.focus_on("What did both of you see?")
    window.type("face and signature agree")
    window.key("Return")
    window.sees("is handed over by sight: face and signature agree")
    # Nobody is the second person for oneself.
    orders.second_person(window, "clerk")
    window.sees("The second person has to be somebody else")
    shoot(window, "second-person-refused")
    window.key("Escape")
    window.focus_on("What did both of you see?")
    window.key("Return")
    orders.second_person(window, "supervisor")
    window.sees("Hand the document")
    shoot(window, "deliver-done")
    window.holds("it is delivered", orders.blank_state("C0000001") == "delivered")


def test(window):
    steps.sign_in(window)
    issue_first(window)
    issue_second(window)
    first, second = (orders.told("inbox", "show", id) for id in waiting)
    deliver_to_finger(window, first, second)
    deliver_by_sight(window, first)
    window.holds("the window ends when it is told to", window.end() == 0)
    orders.sync()
    window.holds("headquarters was told of all", all(
        row["state"] == "acknowledged" for row in orders.told("outbox", "list")["records"]))


orders.receive("card", "C0000001", "C0000020")
orders.receive("passport", "P0000001", "P0000002")
orders.receive("card", "X0000001", "X0000002", institution="XYZ")
orders.card_remove()
orders.control("finger", "seed", "11,12")
waiting = orders.make_orders(2)
orders.control("finger", "seed", "11")
sys.exit(driver.run(test, [program], pictures))
