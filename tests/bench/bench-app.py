# SPDX-License-Identifier: GPL-3.0-or-later
"""bench-app.py start | work: the parts of bench-app that want a screen."""
import os
import shutil
import statistics
import subprocess
import sys
import time

import driver
import heartbeat
import journey as journeys
import limit
import manager
import quiet

build = os.environ["BUILD"]
window_program = os.path.join(build, "src/app/tambo")
paint_watch = os.path.join(build, "tests/bench/paint-watch")
simulator = os.path.join(build, "src/simulator/tambo-simulator")
scan = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/practice/travel-document.png")
ROUNDS = 11

missed = []


def say(what, value, unit, target=None, at_least=False):
    words = "" if target is None else f"(target: at {'least' if at_least else 'most'} {target:g})"
    print(f"{what:<70} {value:8.1f} {unit:<4} {words}", flush=True)
    if target is not None and (value < target if at_least else value > target):
        missed.append(what.strip())


# ---- how soon it is painted ----

def paint(command):
    # Another program's warnings are not ours to end it for.
    plain = {name: value for name, value in os.environ.items() if name != "G_DEBUG"}
    return float(subprocess.run([paint_watch, *command], check=True, capture_output=True, text=True,
                                timeout=60, env=plain).stdout)


def start():
    peer = shutil.which("gnome-text-editor")
    if peer is None:
        print("gnome-text-editor is not installed: there is nothing to compare with", flush=True)
    times = {"tambo": [], "peer": []}
    for number in range(ROUNDS):
        # In turns: what else this machine does slows both alike.
        times["tambo"].append(paint([window_program]))
        if peer is not None:
            times["peer"].append(paint([peer]))
    # The first of each read the disk.
    mine = statistics.median(times["tambo"][1:])
    if peer is not None:
        theirs = statistics.median(times["peer"][1:])
        say("GNOME Text Editor's first painted frame, median of 10", theirs, "ms")
        say("the window's, with the cases", mine, "ms", theirs)
    else:
        say("the window's first painted frame, median of 10", mine, "ms")


# ---- what it holds and does ----

def memory(pid):
    """Megabytes of a process, with its part of what it shares."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def children(pid):
    """Of all its threads: helpers are started by workers."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            found += [int(word) for word in file.read().split()]
    return found


def idle(pid, seconds=20):
    """What it does in the quietest of a few whiles: headquarters is asked now and then."""
    wakeups, worked = min(quiet.rest(pid, seconds) for _ in range(3))
    say("at rest: processor", 100 * worked / seconds, "%", 0.1)
    # One look in ten seconds whether the desk was left.
    say("at rest: wake-ups in a second", wakeups / seconds, "", 0.5)


def live_view(journey, name, seconds=10):
    """The frames that are painted, not those that came."""
    window = journey.window
    left, top, width, height = journey.show_large(960, 720)
    before = quiet.processor(window.process.pid)
    told = subprocess.run([paint_watch, "--frames", str(seconds), window.number,
                           *map(str, (left, top, width, height))], capture_output=True, text=True, check=True)
    frames, longest = map(float, told.stdout.split())
    say(f"{name}: live view, {width} x {height}, frames in a second", frames, "", 25, at_least=True)
    say("    the longest time between two", longest, "ms")
    say("    processor meanwhile", 100 * (quiet.processor(window.process.pid) - before) / seconds, "%")


def judge(name, beats, waits, gaps):
    say(f"{name}: the main loop's wait, p99.9", beats.own_p999, "ms", gaps[0])
    say("    the longest", beats.own_longest, "ms", gaps[1])
    print(f"    with what this machine did besides: {beats.p999:.1f} and {beats.longest:.1f} ms", flush=True)
    say("    the clerk waited for the program, in all", sum(seconds for seconds, _ in waits), "s", 5)
    say("    the longest of it", max(waits)[0], "s")


def enrol(name, command, gaps, bound=None):
    """Two whole enrolments of COMMAND: one with the frames counted, one with the heart watched and nothing asked of
    the window but where the focus is."""
    room = os.environ["ROOM"]
    heart = heartbeat.Heart(os.path.join(build, "tests/bench/libheartbeat.so"), room)
    window = heart.window(command)
    if bound:
        bound.start(window.process.pid)
    journey = journeys.Journey(window, simulator, scan)
    journey.nobody(room)
    journey.sign_in()
    journey.begin()
    journey.identity(("Take now",))
    live_view(journey, name)
    journey.rest_of_it()
    journey.nobody(room)
    heart.take(window)
    journey.waited()
    journey.whole(seconds_of_live_view=10)
    judge(name, heart.take(window), journey.waited(), gaps)
    window.process.terminate()
    window.process.wait(60)


def two_cores():
    return ",".join(map(str, sorted(os.sched_getaffinity(0))[:2]))


def limited(share):
    bound = limit.Limit(share)
    print(f"    limited by {bound.how}, where a loop has {100 * bound.measure():.0f} % of a core", flush=True)
    enrol(f"on {100 * share:.0f} % of a core", bound.command([window_program]), (None, None), bound)
    print(f"    held back {bound.throttled()}", flush=True)
    bound.end()


def memory_of(journey):
    """At rest, with a live view, and when the desk is at rest again."""
    pid = journey.window.process.pid
    say("memory at rest, with the cases", memory(pid), "MB", 90)
    for child in children(pid):
        with open(f"/proc/{child}/comm") as file:
            say(f"    besides, {file.read().strip()}", memory(child), "MB")
    idle(pid)
    journey.nobody(os.environ["ROOM"])
    journey.begin()
    journey.identity(("Take now",))
    journey.show_large(960, 720)
    journey.pause(5)
    say("memory with live view", memory(pid), "MB", 150)
    for child in children(pid):
        with open(f"/proc/{child}/comm") as file:
            say(f"    besides, {file.read().strip()}", memory(child), "MB")
    # Who left a case open would be in it again.
    journey.key("ctrl+t")
    journey.focus_on("New enrolment")
    journey.lock()
    # The detector of faces rests with the desk, which is looked at every ten seconds.
    journey.pause(12)
    say("memory at rest after it, locked", memory(pid), "MB", 90)


def work():
    manager.manage_screen()
    print(f"a loop takes {quiet.crowd():.2f} times its work on this machine now", flush=True)
    window = driver.Window([window_program])
    journey = journeys.Journey(window, simulator, None)
    journey.sign_in()
    # Headquarters is asked once after the sign-in, and the day is counted.
    journey.pause(15)
    memory_of(journey)
    window.process.terminate()
    window.process.wait(30)
    enrol("on two cores", ["taskset", "-c", two_cores(), window_program], (16, 50))
    limited(0.35)
    print(f"a loop takes {quiet.crowd():.2f} times its work on this machine now", flush=True)


if __name__ == "__main__":
    {"start": start, "work": work}[sys.argv[1]]()
    for what in missed:
        print(f"missed: {what}")
    sys.exit(1 if missed else 0)
