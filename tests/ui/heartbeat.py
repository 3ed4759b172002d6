# SPDX-License-Identifier: GPL-3.0-or-later
"""What heartbeat.c tells of the window that it was preloaded into."""
import os
import signal
import time

import driver


class Beats:
    """p999 and longest in milliseconds; own_… without the time for which no processor was to be had."""

    def __init__(self, text):
        lines = text.splitlines()
        self.count, self.allocated, self.kept = map(int, lines[0].split())
        late = [tuple(map(float, line.split())) for line in lines[1:]]
        self.late = late
        self.p999 = self._permille([gap for gap, _, _ in late])
        self.longest = max([gap for gap, _, _ in late], default=0.0)
        self.own_p999 = self._permille([gap - delay for gap, delay, _ in late])
        self.own_longest = max([gap - delay for gap, delay, _ in late], default=0.0)

    def _permille(self, gaps):
        gaps.sort(reverse=True)
        number = self.count // 1000
        return gaps[number] if number < len(gaps) else 0.0

    def worst(self, n=5):
        """When, and how long."""
        seen = {}
        for gap, _, second in self.late:
            seen[second] = max(gap, seen.get(second, 0))
        return sorted(((gap, second) for second, gap in seen.items()), reverse=True)[:n]


class Heart:
    def __init__(self, library, folder):
        self.path = os.path.join(folder, "heartbeat")
        self.library = library

    def window(self, command):
        """A window with the library in it."""
        before = os.environ.get("LD_PRELOAD")
        os.environ["LD_PRELOAD"] = ":".join(filter(None, [before, self.library]))
        os.environ["TAMBO_HEARTBEAT"] = self.path
        try:
            return driver.Window(command)
        finally:
            if before is None:
                del os.environ["LD_PRELOAD"]
            else:
                os.environ["LD_PRELOAD"] = before

    def take(self, window):
        """What was told since the last time."""
        if os.path.exists(self.path):
            os.remove(self.path)
        os.kill(window.process.pid, signal.SIGUSR1)
        end = time.monotonic() + 30
        while not os.path.exists(self.path):
            if time.monotonic() > end or window.process.poll() is not None:
                raise driver.Failure("the window's heart does not answer")
            time.sleep(0.02)
        with open(self.path) as file:
            return Beats(file.read())
