#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orca for a test: what it says is read from its debug file, where its speech lies when nothing speaks.

screenreader.py FOLDER is Orca itself. Its own program would kill every other Orca of the user's, that of
somebody who needs it included, and it keeps back the last lines of the debug file."""
import os
import re
import subprocess
import sys

TRANSCRIPT = "transcript"
SPEECH = re.compile(r"SPEECH OUTPUT: '(.*?)' ?(?:voice=\S+ ?)?\[?\{")


def is_here():
    return subprocess.run([sys.executable, "-c", "import orca.orca, pyatspi"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


class ScreenReader:
    def __init__(self, folder):
        self.path = os.path.join(folder, TRANSCRIPT)
        self.place = 0  # in the transcript: what was said before is forgotten
        os.makedirs(folder, exist_ok=True)
        with open(self.path, "w", encoding="utf-8"):
            pass
        self.process = subprocess.Popen([sys.executable, __file__, folder], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def _read(self, place):
        with open(self.path, "rb") as file:
            file.seek(place)
            return file.read().decode("utf-8", "replace")

    def forget(self):
        self.place = os.path.getsize(self.path)

    def said(self):
        """Since forget, sentence by sentence."""
        return SPEECH.findall(self._read(self.place))

    def said_ever(self):
        return SPEECH.findall(self._read(0))

    def end(self):
        self.process.kill()
        self.process.wait()


def main(folder):
    from orca import debug, settings

    debug.debugLevel = debug.LEVEL_INFO
    debug.eventDebugLevel = debug.LEVEL_OFF
    debug.debugFile = open(os.path.join(folder, TRANSCRIPT), "a", buffering=1, encoding="utf-8")
    # Neither voice nor sound nor braille; and keys are the test's own.
    settings.speechFactoryModules = []
    settings.speechServerFactory = None
    settings.enableSound = False
    settings.enableBraille = False
    settings.enableKeyEcho = False
    from orca import orca

    orca.getSettingsManager().activate(os.path.join(folder, "settings"), {
        "speechServerFactory": None, "enableSound": False, "enableBraille": False, "enableKeyEcho": False})
    return orca.main()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
