#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A station whose key is bound to a token: the right PIN signs in, an empty one costs no try, a wrong one says how few
are left, and a locked token says who can help.

test-token-pin.py WINDOW TAMBOCTL MODULE PICTURES, inside headless.sh and the simulated desk."""
import glob
import os
import shutil
import subprocess
import sys

import driver
import orders

program, tamboctl, module, pictures = sys.argv[1:5]
module = os.path.abspath(module)
ROOM = os.environ["ROOM"]
TRIES = os.path.join(ROOM, "tries")
PIN = "123456"


def find_softhsm():
    found = glob.glob("/usr/lib/softhsm/libsofthsm2.so") + glob.glob("/usr/lib/*/softhsm/libsofthsm2.so")
    has_tools = shutil.which("softhsm2-util") and shutil.which("pkcs11-tool")
    return found[0] if found and has_tools else None


def make_token():
    """Two persons bind the key to it, before the desk opens."""
    tokens = os.path.join(ROOM, "tokens")
    os.mkdir(tokens, 0o700)
    os.environ["SOFTHSM2_CONF"] = os.path.join(ROOM, "softhsm.conf")
    with open(os.environ["SOFTHSM2_CONF"], "w", encoding="utf-8") as file:
        file.write(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "station", "--pin", PIN,
                    "--so-pin", "12345678"], **quiet)
    subprocess.run(["pkcs11-tool", "--module", os.environ["TAMBO_SOFTHSM"], "--token-label", "station", "--login",
                    "--pin", PIN, "--keypairgen", "--key-type", "EC:prime256v1", "--usage-derive", "--label",
                    "unlock", "--id", "01"], **quiet)
    path = os.path.join(ROOM, "pin")
    with open(path, "w", encoding="utf-8") as file:
        file.write(PIN)
    os.environ["TAMBO_PIN_FILE"] = path
    orders.tamboctl("operator", "token", f"pkcs11:token=station;object=unlock?module-path={module}",
                    who="supervisor", second="deputy")
    # At the desk a person has it.
    del os.environ["TAMBO_PIN_FILE"]
    os.remove(path)


def failures():
    try:
        with open(TRIES, encoding="utf-8") as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


def give(window, pin):
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    window.focus_on("PIN of the token")
    window.type(pin)
    window.key("Return")


def test(window):
    window.sees("PIN of the token")
    window.focus_on("Operator")
    window.type("clerk")
    window.key("Return")
    window.focus_on("Password")
    window.type("practice-clerk")
    window.key("Return")
    # Enter after the password leads to the PIN, and tries none.
    window.focus_on("PIN of the token")
    window.key("Return")
    window.focus_on("PIN of the token")
    window.holds("an empty PIN is not tried", failures() == 0)
    window.type(PIN)
    window.key("Return")
    window.focus_on("New enrolment")

    window.key("ctrl+l")
    give(window, "654321")
    window.sees("The token's PIN is wrong. Few tries are left.")
    give(window, "654321")
    window.sees("The token's PIN is wrong. One try is left.")
    window.shoot(os.path.join(pictures, "token-last-try.png"))
    window.holds("two tries are gone", failures() == 2)
    # Before the last one the right one comes, and all tries are there again.
    give(window, PIN)
    window.focus_on("New enrolment")
    window.holds("the tries are there again", failures() == 0)

    window.key("ctrl+l")
    for told in ["Few tries are left.", "One try is left.", "The token is locked after too many wrong PINs."]:
        give(window, "000000")
        window.sees(told)
    give(window, PIN)
    window.sees("The token is locked after too many wrong PINs.")
    window.sees("Have its security officer unlock it.")
    window.holds("the window ends when it is told to", window.end() == 0)


os.environ["TAMBO_SOFTHSM"] = find_softhsm() or ""
os.environ["TAMBO_TOKEN_TRIES"] = TRIES
if not os.environ["TAMBO_SOFTHSM"]:
    print("1..0 # SKIP SoftHSM and pkcs11-tool are not installed")
    sys.exit(0)
make_token()
sys.exit(driver.run(test, [program], pictures))
