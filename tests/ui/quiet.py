# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process does while nobody does anything, and how much of the machine is to be had."""
import os
import time

TICK = os.sysconf("SC_CLK_TCK")


def processor(pid):
    """Seconds that it has worked."""
    with open(f"/proc/{pid}/stat") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICK


def wakeups(pid):
    """How often its threads have waited for something."""
    n = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/status") as file:
                n += sum(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
        except OSError:
            pass  # the thread has ended
    return n


def rest(pid, seconds):
    """Wake-ups and seconds of work in a while."""
    before = wakeups(pid), processor(pid)
    time.sleep(seconds)
    return max(0, wakeups(pid) - before[0]), processor(pid) - before[1]


def crowd(seconds=0.2):
    """How many times as long a loop takes as it works: 1.0 on a machine with nothing else to do."""
    begin, work = time.monotonic(), time.process_time()
    while time.process_time() - work < seconds:
        pass
    return (time.monotonic() - begin) / (time.process_time() - work)
