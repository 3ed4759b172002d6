#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of a document by keyboard: the label of its envelope after it is issued, and the record of its delivery
for both to sign.

test-papers.py WINDOW TAMBOCTL orders PICTURES, inside headless.sh and the simulated desk, with headquarters at
work."""
import os
import sys

import driver
import orders
import papers
import steps

program, _, _, pictures = sys.argv[1:5]


def shot(name):
    return os.path.join(pictures, name)


def issue(window):
    window.key("ctrl+shift+i")
    window.sees("Documents to issue")
    window.focus_on("Waits to be issued")
    window.key("ctrl+p")
    window.key("Return")
    window.focus_on("Number on the blank")
    window.key("Return")
    window.sees("Put the card of blank C0000001 on the reader")
    orders.card_new()
    window.sees("is issued")
    window.focus_on("Next document")


def print_label(window, order):
    number = order["tracking_number"]
    papers.print_to_file(window, "Print the label", shot("print-label.png"))
    words = papers.read(window, f"etiqueta-{number}")
    papers.draw(f"etiqueta-{number}", shot("label"), 200)
    for what in [number, "Tarjeta C0000001", "MIG-PRACTICE-01"]:
        window.holds(f"the label says “{what}”", what in words)
    window.holds("it is marked as practice", papers.is_marked(f"etiqueta-{number}"))
    window.holds("and names nobody", order["holder"].split(",")[0] not in words)
    window.holds("the page is as before", window.find("Next document", "push button") is not None)


def deliver(window, order):
    window.key("ctrl+shift+h")
    window.focus_on("Number on the receipt or the document")
    window.type(order["tracking_number"])
    window.key("Return")
    window.sees("The document on the reader is the one of this order")
    window.focus_on("Take the finger")
    window.key("Return")
    window.sees("Hand the document")
    window.focus_on("Next person")


def print_record(window, order):
    name = f"entrega-{order['tracking_number']}"
    window.fits(1024, 600)
    papers.print_to_file(window, "Print the record of delivery", shot("print-delivery.png"))
    words = " ".join(papers.read(window, name).split())
    papers.draw(name, shot("delivery-sheet"))
    for what in ["Acta de entrega", order["document_number"], order["holder"], order["tracking_number"], "C0000001",
                 "Entregado por clerk", "Huella dactilar: índice derecho", "Leído y conforme", "MIG-PRACTICE-01",
                 "Firma o huella de quien recibe", "Firma de quien entrega"]:
        window.holds(f"the record says “{what}”", what in words)
    window.holds("it is marked as practice", papers.is_marked(name))
    window.focus_on("Next person")


def test(window):
    order = orders.told("inbox", "show", waiting[0])
    steps.sign_in(window)
    issue(window)
    print_label(window, order)
    deliver(window, order)
    print_record(window, order)
    # The next person's paper is not the last one's.
    window.key("Return")
    window.focus_on("Number on the receipt or the document")
    window.key("ctrl+p")
    window.holds("nothing is printed of nobody", window.find("_Print", "push button") is None)
    window.holds("the window ends when it is told to", window.end() == 0)


orders.receive("card", "C0000001", "C0000020")
orders.card_remove()
waiting = orders.make_orders(1)
papers.make_room()
sys.exit(driver.run(test, [program], pictures))
