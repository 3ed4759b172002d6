# SPDX-License-Identifier: GPL-3.0-or-later
"""bench-app.py start | work: the parts of bench-app that want a screen."""
import os
import shutil
import statistics
import subprocess
import sys
import time

build = os.environ["BUILD"]
window_program = os.path.join(build, "src/app/tambo")
paint_watch = os.path.join(build, "tests/bench/paint-watch")
ROUNDS = 11

missed = []


def say(what, value, unit, limit=None, at_least=False):
    target = "" if limit is None else f"(target: at {'least' if at_least else 'most'} {limit:g})"
    print(f"{what:<58} {value:10.1f} {unit:<6} {target}", flush=True)
    if limit is not None and (value < limit if at_least else value > limit):
        missed.append(what)


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
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def processor(pid):
    with open(f"/proc/{pid}/stat") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def wakeups(pid):
    n = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as file:
            n += sum(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return n


def idle(pid, seconds=20):
    before = processor(pid), wakeups(pid), time.monotonic()
    time.sleep(seconds)
    spent = time.monotonic() - before[2]
    say("at rest: processor", 100 * (processor(pid) - before[0]) / spent, "%", 0.1)
    # One look in ten seconds whether the desk was left.
    say("at rest: wake-ups in a second", (wakeups(pid) - before[1]) / spent, "", 0.5)


def live_view(journey, wanted_width, wanted_height, seconds=10):
    """The frames that are painted while the picture has about that size."""
    window = journey.window
    subprocess.run(["xdotool", "windowsize", window.number, "1880", "1040"], check=True)
    journey.pause(1)
    _, _, width, height = journey.picture_area()
    subprocess.run(["xdotool", "windowsize", window.number, str(max(1024, 1880 - width + wanted_width)),
                    str(1040 - height + wanted_height)], check=True)
    journey.pause(1)
    left, top, width, height = journey.picture_area()
    before = processor(window.process.pid)
    told = subprocess.run([paint_watch, "--frames", str(seconds), window.number,
                           *map(str, (left, top, width, height))], capture_output=True, text=True, check=True)
    frames, longest = map(float, told.stdout.split())
    say(f"live view, {width} x {height}: frames in a second", frames, "", 25, at_least=True)
    say("the longest time between two", longest, "ms")
    say("processor meanwhile", 100 * (processor(window.process.pid) - before) / seconds, "%")


def beat(name, share, gaps):
    """A whole enrolment with the heart watched; SHARE of one core, or all there is."""
    import driver  # noqa: F401
    import heartbeat
    import journey as journeys
    import limit

    room = os.environ["ROOM"]
    bound = limit.Limit(share) if share else None
    heart = heartbeat.Heart(os.path.join(build, "tests/bench/libheartbeat.so"), room)
    window = heart.window(bound.command([window_program]) if bound else [window_program])
    if bound:
        bound.start(window.process.pid)
    journey = journeys.Journey(window, os.path.join(build, "src/simulator/tambo-simulator"),
                               os.path.join(os.path.dirname(__file__), "../../data/practice/travel-document.png"))
    journey.nobody(room)
    journey.sign_in()
    journey.pause(2)
    heart.take(window)
    journey.begin()
    journey.identity(("Take now",))
    live_view(journey, 960, 720)
    journey.rest_of_it()
    beats = heart.take(window)
    say(f"{name}: the main loop's wait, p99.9", beats.own_p999, "ms", gaps[0])
    say(f"{name}: the longest", beats.own_longest, "ms", gaps[1])
    print(f"    with what this machine did besides: {beats.p999:.1f} and {beats.longest:.1f} ms", flush=True)
    window.process.terminate()
    window.process.wait(60)
    if bound:
        print(f"    limited by {bound.how}", flush=True)
        bound.end()


def work():
    import driver
    import journey as journeys

    window = driver.Window([window_program])
    journey = journeys.Journey(window, os.path.join(build, "src/simulator/tambo-simulator"), None)
    pid = window.process.pid
    journey.sign_in()
    # Headquarters is asked once after the sign-in, and the day is counted.
    journey.pause(15)
    say("memory at rest, with the cases", memory(pid), "MB", 90)
    for child in children(pid):
        with open(f"/proc/{child}/comm") as file:
            say(f"besides, {file.read().strip()}", memory(child), "MB")
    idle(pid)
    journey.nobody(os.environ["ROOM"])
    journey.begin()
    journey.identity(("Take now",))
    live_view(journey, 960, 720)
    say("memory with live view", memory(pid), "MB", 150)
    window.process.terminate()
    window.process.wait(30)
    beat("an enrolment", None, (16, 50))
    beat("an enrolment on 35 % of a core", 0.35, (None, None))


if __name__ == "__main__":
    {"start": start, "work": work}[sys.argv[1]]()
    for what in missed:
        print(f"missed: {what}")
    sys.exit(1 if missed else 0)
