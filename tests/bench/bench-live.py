# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of bench-live that wants a screen.

A wait for a processor is not the window's own: how many others want one is told beside."""
import os
import subprocess
import sys

import heartbeat
import journey as journeys
import manager
import quiet

build = os.environ["BUILD"]
paint_watch = os.path.join(build, "tests/bench/paint-watch")
ROUNDS = int(os.environ.get("TAMBO_BENCH_ROUNDS", "10"))
SECONDS = 10
WIDTH, HEIGHT = 960, 640
FRAMES = 25
GAP = 16  # milliseconds
BEAT = 4  # and from one look at the loop to the next: what is shorter is not counted


def count_frames(window, area):
    """Those that are painted, not those that came."""
    told = subprocess.run([paint_watch, "--frames", str(SECONDS), window.number, *map(str, area)],
                          capture_output=True, text=True, check=True)
    return float(told.stdout.split()[0])


def own(late):
    gap, delay, _ = late
    return gap - delay


def main():
    manager.manage_screen()
    heart = heartbeat.Heart(os.path.join(build, "tests/bench/libheartbeat.so"), os.environ["ROOM"])
    window = heart.window([os.path.join(build, "src/app/tambo")])
    journey = journeys.Journey(window, os.path.join(build, "src/simulator/tambo-simulator"), None)
    journey.nobody(os.environ["ROOM"])
    journey.sign_in()
    journey.begin()
    journey.identity(("Take now",))
    area = journey.show_large(WIDTH, HEIGHT)
    print(f"a live view of {area[2]} x {area[3]}; a loop takes {quiet.crowd():.2f} times its work on this machine now",
          flush=True)
    n_missed = 0
    for number in range(1, ROUNDS + 1):
        # From the camera's opening on, after another page.
        journey.key("ctrl+1")
        journey.focus_on("Address", "Machine-readable zone")
        journey.pause(1)
        heart.take(window)
        journey.key("ctrl+2")
        journey.focus_on("Take now")
        change = max(BEAT, heart.take(window).own_longest)
        frames = count_frames(window, area)
        beats = heart.take(window)
        longest = max(BEAT, beats.own_longest)
        missed = frames < FRAMES or longest >= GAP
        n_missed += missed
        print(f"{number:3}: {frames:5.1f} frames a second (target: {FRAMES}), the main loop was kept for at most "
              f"{longest:4.1f} ms (target: less than {GAP}; with what this machine did besides "
              f"{max(BEAT, beats.longest):.1f}), by the change of the page {change:.1f} ms{'; missed' if missed else ''}", flush=True)
        if missed:
            print("     " + ", ".join(f"{gap - delay:.1f} of {gap:.1f} ms at {second:.2f} s"
                                      for gap, delay, second in sorted(beats.late, key=own, reverse=True)[:5]), flush=True)
    window.process.terminate()
    window.process.wait(60)
    print(f"{ROUNDS - n_missed} of {ROUNDS} times both")
    return 1 if n_missed else 0


if __name__ == "__main__":
    sys.exit(main())
