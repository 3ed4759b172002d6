#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens when 10,000 stations come back after an outage of three days.

A discrete-event simulation from measured figures (docs/scale.md): each receiver takes so many records and
admits so many connections, all of them share one database, the stations have uplinks of three kinds. A station
connects, sends what waits over one connection, and leaves. Who is told to come back does so after Retry-After
and a back-off with full jitter, as tamboctl does. Prints one line for each plan.

  simulate-outage.py [--stations N] [--days N] [--connections N] [--seed N]
"""
import argparse
import heapq
import random

RECORD = 500_000  # bytes
RECORDS_A_DAY = 60  # of a station, within the office hours
OFFICE_HOURS = 8
RECEIVER_RATE = 200.0  # records of 500 KB a second: disk, hashes, TLS
RECEIVER_NETWORK = 120e6  # bytes a second of its network interface
RECEIVER_HANDSHAKES = 300.0  # full handshakes a second
DATABASE_RATE = 500.0  # records a second that the one database can log for all receivers
ROUND_TRIP = 0.2
UPLINKS = ((32_000, 0.3), (125_000, 0.4), (500_000, 0.3))  # bytes a second, share of the stations
RETRY_AFTER = (2, 6)
BACKOFF_FIRST, BACKOFF_CAP = 5.0, 900.0
TRY, ARRIVE = 0, 1


class Server:
    """Serves one after the other, each in its time."""

    def __init__(self, rate):
        self.each = 1.0 / rate
        self.free = 0.0

    def serve(self, now, amount=1.0):
        self.free = max(self.free, now) + amount * self.each
        return self.free


class Receiver:
    def __init__(self):
        self.open = 0
        self.work = Server(RECEIVER_RATE)
        self.network = Server(RECEIVER_NETWORK)
        self.handshakes = Server(RECEIVER_HANDSHAKES)


class Outage:
    def __init__(self, options, receivers, spread):
        stations = options.stations
        self.connections = options.connections
        self.random = random.Random(options.seed)
        self.receivers = [Receiver() for _ in range(receivers)]
        self.database = Server(DATABASE_RATE)
        self.events = []
        self.uplinks = self.random.choices(
            [rate for rate, _ in UPLINKS], [share for _, share in UPLINKS], k=stations)
        self.backlog = options.days * RECORDS_A_DAY
        self.sent = [0] * stations
        self.tries = [0] * stations
        self.at = [None] * stations
        self.first, self.done = [], []
        self.refused = self.most_open = 0
        self.tries_in_a_second = {}
        for station in range(stations):
            # With jitter each is somewhere in its longest back-off when the line comes back.
            start = self.random.uniform(0, BACKOFF_CAP) if spread else self.random.uniform(0, 1)
            heapq.heappush(self.events, (start, TRY, station))

    def due(self, now):
        """Records that a station has made until now: the work goes on meanwhile."""
        return self.backlog + int(now / 3600 * RECORDS_A_DAY / OFFICE_HOURS)

    def start_upload(self, now, station):
        heapq.heappush(self.events, (now + ROUND_TRIP + RECORD / self.uplinks[station], ARRIVE, station))

    def try_to_connect(self, now, station):
        second = int(now)
        self.tries_in_a_second[second] = self.tries_in_a_second.get(second, 0) + 1
        receiver = self.random.choice(self.receivers)  # a balancer that knows nothing
        ready = receiver.handshakes.serve(now)
        if receiver.open >= self.connections:
            self.refused += 1
            longest = min(BACKOFF_CAP, BACKOFF_FIRST * 2 ** self.tries[station])
            self.tries[station] += 1
            wait = self.random.randint(*RETRY_AFTER) + self.random.uniform(0, longest)
            heapq.heappush(self.events, (ready + wait, TRY, station))
            return
        receiver.open += 1
        self.most_open = max(self.most_open, sum(r.open for r in self.receivers))
        self.at[station] = receiver
        self.start_upload(ready, station)

    def take_in(self, now, station):
        receiver = self.at[station]
        end = receiver.network.serve(now, RECORD)
        end = self.database.serve(receiver.work.serve(end))
        self.sent[station] += 1
        if self.sent[station] == 1:
            self.first.append(end)
        if self.sent[station] < self.due(end):
            self.start_upload(end, station)
            return
        receiver.open -= 1
        self.done.append(end)

    def run(self):
        while self.events:
            now, kind, station = heapq.heappop(self.events)
            (self.try_to_connect if kind == TRY else self.take_in)(now, station)


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def clock(seconds):
    return f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02d}:{int(seconds) % 60:02d}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stations", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--connections", type=int, default=2000, help="that a receiver admits")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("receivers  start     first record       empty                          told to   tries in   open")
    print("                     median   99 %      median   99 %      all         come back the worst  at most")
    print("                                                                                 second")
    for receivers in (1, 2, 4, 8):
        for spread in (False, True):
            outage = Outage(options, receivers, spread)
            outage.run()
            assert sorted(outage.sent)[0] >= outage.backlog and len(outage.done) == options.stations
            print(f"{receivers:9}  {'jitter' if spread else 'at once':8}"
                  f"  {clock(at(outage.first, .5)):8} {clock(at(outage.first, .99)):8}"
                  f"  {clock(at(outage.done, .5)):8} {clock(at(outage.done, .99)):8}"
                  f"  {clock(max(outage.done)):9} {outage.refused:10}"
                  f" {max(outage.tries_in_a_second.values()):9} {outage.most_open:8}", flush=True)


main()
