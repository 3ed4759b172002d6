# SPDX-License-Identifier: GPL-3.0-or-later
"""A processor for a program and its children: some of one core, as a slow office PC has it."""
import os
import signal
import subprocess
import sys
import threading
import time

# The played pad stands in for /sys by its name: the real one is reached by another.
V1 = "/proc/self/root/sys/fs/cgroup/cpu"
V2 = "/proc/self/root/sys/fs/cgroup"
PERIOD = 5000  # microseconds


class Limit:
    """limit.command(…) wraps a command; limit.start(pid) is needed where the kernel gives no groups."""

    def __init__(self, share):
        self.share = share
        self.folder = self._make_group()
        self.how = "cgroup" if self.folder else "stop and go"
        self.stopped = threading.Event()
        self.thread = None

    def _make_group(self):
        name = f"tambo-limit-{os.getpid()}"
        try:
            if os.path.exists(os.path.join(V1, "tasks")):  # version 1
                folder = os.path.join(V1, name)
                os.mkdir(folder)
                self._write(folder, "cpu.cfs_period_us", PERIOD)
                self._write(folder, "cpu.cfs_quota_us", int(PERIOD * self.share))
                # What it may have it also gets, whatever else this machine does.
                self._write(folder, "cpu.shares", 262144)
                return folder
            with open(os.path.join(V2, "cgroup.subtree_control")) as control:
                if "cpu" not in control.read().split():
                    return None
            folder = os.path.join(V2, name)
            os.mkdir(folder)
            self._write(folder, "cpu.max", f"{int(PERIOD * self.share)} {PERIOD}")
            self._write(folder, "cpu.weight", 10000)
            return folder
        except OSError:
            return None

    @staticmethod
    def _write(folder, name, value):
        with open(os.path.join(folder, name), "w") as file:
            file.write(str(value))

    def command(self, command):
        if self.folder is None:
            return command
        # Of one core: two that work in turns would use the share up at once.
        return ["sh", "-c", 'echo $$ >"$0" && exec "$@"', os.path.join(self.folder, "cgroup.procs"),
                "taskset", "-c", str(max(os.sched_getaffinity(0))), *command]

    def measure(self):
        """How much of a core a loop really gets."""
        loop = ("import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end:\n    pass\n"
                "print(time.process_time())")
        return float(subprocess.check_output(self.command([sys.executable, "-c", loop])))

    def throttled(self):
        """How often and how long the limit was reached."""
        if self.folder is None:
            return "an unknown number of times"
        with open(os.path.join(self.folder, "cpu.stat")) as file:
            told = dict(line.split() for line in file)
        seconds = int(told.get("throttled_time", 0)) / 1e9 or int(told.get("throttled_usec", 0)) / 1e6
        return f"in {told['nr_throttled']} of {told['nr_periods']} periods, {seconds:.1f} s"

    def start(self, pid):
        if self.folder is None:
            self.thread = threading.Thread(target=self._stop_and_go, args=(pid,), daemon=True)
            self.thread.start()

    def _stop_and_go(self, pid):
        period = 0.02
        while not self.stopped.is_set():
            try:
                os.kill(pid, signal.SIGSTOP)
                time.sleep(period * (1 - self.share))
                os.kill(pid, signal.SIGCONT)
                time.sleep(period * self.share)
            except ProcessLookupError:
                return

    def end(self):
        self.stopped.set()
        if self.thread is not None:
            self.thread.join()
        if self.folder is not None:
            for _ in range(100):
                try:
                    os.rmdir(self.folder)
                    return
                except OSError:
                    time.sleep(0.05)
