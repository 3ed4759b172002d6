#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingers: the same finger twice is named, the best of three weak prints stays, and a reason goes with it.

test-fingers.py WINDOW TAMBOCTL SIMULATOR PICTURES, inside headless.sh and the simulated desk."""
import os
import sys

import driver
import steps

program, tamboctl, simulator, pictures = sys.argv[1:5]


def test(window):
    steps.control(simulator, "finger", "seed", "5")
    steps.sign_in(window)
    steps.begin(window, "Foreigner's identity card")
    window.key("ctrl+3")
    # One finger is pressed for both: the second is refused, and told which one it is.
    window.sees("This is the finger that was taken as “Right index finger”")
    window.sees("This is another finger.")
    window.focus_on("Capture again")
    window.sees("Right index finger: captured", "image")
    window.shoot(os.path.join(pictures, "finger-twin.png"))

    # Three weak prints: the best is kept, and a second person will weigh it.
    steps.control(simulator, "finger", "image", steps.poor_print(simulator))
    window.key("F5")
    window.sees("The best of three attempts is kept")
    window.sees("Lay it down flat")
    window.sees("Left index finger: now", "image")
    window.sees("Weak: quality")
    window.fits(1024, 600)
    window.shoot(os.path.join(pictures, "finger-weak.png"))
    window.key("ctrl+m")
    window.focus_on("Amputated")
    window.key("Tab", "Tab")
    window.focus_on("Too worn to be read")
    window.key("Return")
    window.sees("All fingers are done")
    window.sees("Exception: Too worn to be read")
    window.sees("Left index finger: missing", "image")
    window.shoot(os.path.join(pictures, "finger-exception.png"))
    window.holds("the window ends when it is told to", window.end() == 0)


os.environ["TAMBO_DATADIR"] = steps.strict_office()
sys.exit(driver.run(test, [program], pictures))
