#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headquarters' pages in Chromium: pages.py ROOM STEP WORD…, which prints "ok - …" for each thing seen.

    accept PAGES PASSWORD TRACKING-NUMBER     sign in, find the case, accept it
    ordered PAGES PASSWORD TRACKING-NUMBER    see the order, and the other places
    public PUBLIC ADDRESS                     what a document's QR code leads to, and an appointment with the keyboard
                                              alone"""
import pathlib
import re
import sys

import webdriver
from webdriver import Browser, ENTER, TAB

LOOK = (pathlib.Path(__file__).parent / "look.js").read_text()


def held(what):
    print(f"ok - {what}", flush=True)


def look(browser, name, wide=True):
    """The page is one that anybody can use, on a telephone and in the dark, too."""
    least = 21
    for width, scheme in ((0, "light"), (320, "light"), (0, "dark")):
        browser.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.width(width)
        seen = browser.run(LOOK)
        assert not seen["problems"], f"{name} at {width or 'full'} px, {scheme}: {seen['problems']}"
        least = min(least, seen["least"])
        browser.shot(f"{name}-{width or 'full'}-{scheme}")
    browser.devtools("Emulation.setEmulatedMedia", features=[])
    browser.width(0)
    errors = browser.console()
    assert not errors, f"{name}: the console says {errors}"
    held(f"{name}: '{seen['title']}', nothing in its way, least contrast {least:.1f}")


def sign_in(browser, pages, password):
    browser.open(pages + "/cases")
    assert browser.address().endswith("/sign-in"), browser.address()
    look(browser, "sign-in")
    browser.type("#name", "ana")
    browser.type("#password", password)
    browser.click("main button")
    browser.wait("location.pathname == '/cases'", "the cases")


def find_case(browser, pages, number):
    browser.open(pages + "/cases")
    browser.type("#q", number.lower())
    browser.click("main button")
    browser.wait("document.querySelectorAll('tbody tr').length == 1", "one case")
    look(browser, "cases")
    browser.click("tbody th a")
    browser.wait("location.pathname.startsWith('/cases/')", "the case")
    assert number in browser.text("h1"), browser.text("h1")


def accept(browser, pages, password, number):
    sign_in(browser, pages, password)
    find_case(browser, pages, number)
    look(browser, "case")
    assert browser.run("return document.querySelector('[aria-current=step]').textContent") == "waits for a decision"
    browser.click("button[value=accept]")
    browser.wait("document.querySelector('main').innerText.includes('ana')", "the decision of ana")
    look(browser, "case-accepted")
    held("the decision is kept")


def ordered(browser, pages, password, number):
    sign_in(browser, pages, password)
    find_case(browser, pages, number)
    assert browser.run("return document.querySelector('[aria-current=step]').textContent") == "ordered"
    assert browser.run("return [...document.querySelectorAll('caption')].some(c => c.textContent == 'The order of the document')")
    look(browser, "case-ordered")
    for path in ("stations", "throughput", "stock", "alarms"):
        browser.open(f"{pages}/{path}")
        look(browser, path)
    browser.open(pages + "/nothing")
    assert browser.text("h1") == "Not found"
    browser.console()  # the browser says that it was a 404
    browser.click("header button")
    browser.wait("location.pathname == '/sign-in'", "the way out")
    browser.open(pages + "/cases")
    assert browser.address().endswith("/sign-in"), "the session goes on"
    held("after leaving there is no way back")


# ---- the keyboard alone ----

def focused(browser):
    return browser.run("const e = document.activeElement; return e.id || e.getAttribute('href') || e.tagName")


def tab_to(browser, wanted):
    """By Tab, and each stop on the way can be seen."""
    for _ in range(60):
        browser.press(TAB)
        if focused(browser) != "BODY":
            outline = browser.run("const s = getComputedStyle(document.activeElement);"
                                  "return s.outlineStyle != 'none' && parseFloat(s.outlineWidth) >= 2")
            assert outline, f"the focus on {focused(browser)} cannot be seen"
        if focused(browser) == wanted:
            return
    raise AssertionError(f"Tab does not lead to {wanted} at {browser.address()}")


def book(browser, public):
    browser.open(public + "/")
    look(browser, "book-start")
    browser.press(TAB)
    assert focused(browser) == "#content", "the first stop is not the skip link"
    tab_to(browser, "/book/passport")
    browser.press(ENTER)
    browser.wait("location.pathname == '/book/passport'", "the form")
    look(browser, "book-form")
    for field, text in (("surname", "ERIKSSON"), ("given_names", "ANNA MARIA"), ("birth_date", "1974-02-30"),
                        ("nationality", "uto"), ("issuing_state", "UTO"), ("document_number", "L898902C3")):
        tab_to(browser, field)
        browser.write(text)
    tab_to(browser, "sex")
    browser.write("F")
    tab_to(browser, "slot")
    browser.press(TAB)
    browser.press(ENTER)
    browser.wait("document.querySelector('.problems a')", "what is wrong")
    browser.console()  # the browser says that it was a 422
    look(browser, "book-problem")
    assert browser.run("return [...document.querySelectorAll('.problems a')].map(a => a.getAttribute('href')).join()") == "#birth_date"
    assert browser.run("return document.querySelector('#surname').value") == "ERIKSSON"
    held("a day that does not exist is told at its field, and nothing typed is lost")
    tab_to(browser, "#birth_date")
    browser.press(ENTER)
    browser.wait("document.activeElement.id == 'birth_date'", "the field that the link leads to")
    browser.run("document.activeElement.select()")
    browser.write("1974-08-12")
    browser.press(ENTER)
    browser.wait("document.querySelector('#code')", "the code")
    look(browser, "booked")
    code = browser.text("#code")
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", code), code
    assert "ERIKSSON" not in browser.run("return document.body.innerText")
    held("an appointment is booked with the keyboard alone")


def verify(browser, address):
    browser.open(address)
    look(browser, "validity")
    assert "ERIKSSON" not in browser.run("return document.querySelector('main').innerText")
    says = browser.text("main [role=status]")
    assert says == "This document is valid.", says
    held(f"the QR code leads to: {says}")


def everybody(browser, public, address):
    verify(browser, address)
    book(browser, public)


def main():
    room, step, *words = sys.argv[1:]
    with Browser(room, "en") as browser:
        {"accept": accept, "ordered": ordered, "public": everybody}[step](browser, *words)


if __name__ == "__main__":
    if sys.argv[1:] == ["available"]:
        sys.exit(0 if webdriver.available() else 1)
    main()
