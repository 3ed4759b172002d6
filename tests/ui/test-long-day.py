#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many enrolments in one window: its main loop stays free, and nothing is left of them in memory.

test-long-day.py WINDOW TAMBOCTL HEARTBEAT PICTURES, inside headless.sh and the simulated desk.
TAMBO_LONG_TESTS=1 makes it 200."""
import os
import sys

import driver
import heartbeat
import journey as journeys
import quiet

program, tamboctl, library, pictures = sys.argv[1:5]
build = os.path.dirname(os.path.dirname(os.path.dirname(program)))
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(os.path.dirname(__file__), "../../data/practice/travel-document.png")

CASES = int(os.environ.get("TAMBO_LONG_DAY", "200" if os.environ.get("TAMBO_LONG_TESTS") == "1" else "4"))
# What is made once and kept: fonts, styles, each page's first layout, the rows of Today, which are sixty at most.
WARM = 2 if CASES < 50 else 80
LOOK = 20  # cases from one look at the memory to the next
LEAK = 1024  # bytes in a case
# A few cases still meet glyphs, icons and sizes for the first time; a picture that stays is more.
SHORT_LEAK = 256 * 1024
WAIT = 5  # seconds for the program in a whole enrolment, on a machine that does nothing else

LOST = os.path.join(os.environ["ROOM"], "lost")
os.environ["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=1"
heart = heartbeat.Heart(library, os.environ["ROOM"])


def memory(window, what):
    with open(f"/proc/{window.process.pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(what + ":"))


def is_sanitized(window):
    with open(f"/proc/{window.process.pid}/maps") as file:
        return "libasan" in file.read()


def look(journey):
    """What is allocated while the station is locked: no list and no case is open."""
    journey.lock()
    journey.pause(1)
    beats = heart.take(journey.window)
    share, own = memory(journey.window, "Pss"), memory(journey.window, "Pss_Anon") - beats.kept // 1024
    journey.unlock()
    return beats.allocated, share, own


def day(journey):
    """The memory after the first cases, after some more and at the end; what the main loop was kept for."""
    looks, longest, p999 = [], 0, 0
    journey.waited()
    for number in range(1, WARM + CASES + 1):
        journey.whole()
        beats = heart.take(journey.window)
        if number > WARM:
            longest, p999 = max(longest, beats.own_longest), max(p999, beats.own_p999)
        if number == WARM or number == WARM + CASES or (number > WARM and (number - WARM) % LOOK == 0):
            allocated, share, own = look(journey)
            looks.append((number, allocated, own))
            print(f"# after {number} enrolments {allocated} bytes are allocated; its share of the memory is {share} KB,"
                  f" beside the libraries and SQLite's pages {own} KB", flush=True)
            heart.take(journey.window)
    return looks, longest, p999


def has_lost_nothing(window):
    """The end of the window, and what a sanitizer then says of it."""
    status = window.end()
    with open(LOST) as file:
        told = file.read()
    print("\n".join("# " + line for line in told.splitlines()))
    return status == 0


def judge_waits(window, journey):
    """A machine that has others to work for makes everything wait; there the figure is told alone."""
    waits = journey.waited()
    whole = sum(seconds for seconds, _ in waits) / (WARM + CASES)
    longest = max(waits)
    crowd = quiet.crowd()
    print(f"# the program was waited for {whole:.2f} s in an enrolment, at most {longest[0]:.2f} s, for "
          f"“{longest[1]}”; a loop takes {crowd:.2f} times its work")
    if crowd < 1.1:
        window.holds(f"at most {WAIT} s in an enrolment are waited for the program", whole <= WAIT)


def test(window):
    journey = journeys.Journey(window, simulator, scan)
    journey.sign_in()
    looks, longest, p999 = day(journey)
    leak = (looks[-1][1] - looks[0][1]) / CASES
    print(f"# {CASES} enrolments after {WARM}: {leak:.0f} bytes more for each")
    print(f"# the main loop was kept for at most {longest:.1f} ms, p99.9 {p999:.1f} ms")
    # A sanitizer makes everything some times as slow; what counts here is that nothing waits for a disk,
    # a device or the network. `./dev bench app` knows the real limit.
    window.holds("the main loop is kept for less than half a second", longest < 500)
    most = LEAK if CASES >= 50 else SHORT_LEAK
    window.holds(f"at most {most} bytes of a case stay", leak <= most)
    # A sanitizer keeps what was given back.
    if CASES >= 50 and not is_sanitized(window):
        window.holds("its memory does not grow", looks[-1][2] <= looks[0][2] + 4096)
    judge_waits(window, journey)
    window.holds("the window ends when it is told to, and has lost nothing", has_lost_nothing(window))


window = None
try:
    window = heart.window(["sh", "-c", 'exec "$@" 2>"$0"', LOST, program])
    test(window)
    print(f"1..{window.n_held}")
except driver.Failure as failure:
    print(f"not ok - {failure}")
    if os.path.exists(LOST):
        with open(LOST) as said:
            print("\n".join("# " + line for line in said.read().splitlines()))
    if window is not None and window.process.poll() is None:
        window.shoot(os.path.join(pictures, "long-day-failed.png"))
        print("\n".join("# " + name for name in window.names()))
    sys.exit(1)
finally:
    if window is not None and window.process.poll() is None:
        window.process.kill()
