# SPDX-License-Identifier: GPL-3.0-or-later
"""A processor for a program and its children: some of one core, as a slow office PC has it."""
import os
import signal
import threading
import time

V1 = "/sys/fs/cgroup/cpu"
V2 = "/sys/fs/cgroup"
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
                return folder
            with open(os.path.join(V2, "cgroup.subtree_control")) as control:
                if "cpu" not in control.read().split():
                    return None
            folder = os.path.join(V2, name)
            os.mkdir(folder)
            self._write(folder, "cpu.max", f"{int(PERIOD * self.share)} {PERIOD}")
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
