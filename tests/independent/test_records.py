# SPDX-License-Identifier: GPL-3.0-or-later
"""test_records.py WRITER: reads what the program writes with readers that share nothing with it, and sees
that they would have refused what is wrong. Prints TAP."""
import os
import subprocess
import sys
import tempfile

import records

WIDTH, HEIGHT = 96, 80
MINUTIAE = [(1, 10, 14, 64, 90), (2, WIDTH - 1, HEIGHT - 1, 255, 100), (0, 0, 0, 0, None)]
n_tests = 0


def ok(condition, what):
    global n_tests
    n_tests += 1
    print(f"{'ok' if condition else 'not ok'} {n_tests} - {what}")
    if not condition:
        sys.exit(1)


def triples(view):
    return [(m["type"], m["x"], m["y"], m["angle"], m["quality"] if 0 < m["quality"] <= 100 else None)
            for m in view["minutiae"]]


def judge_minutiae(said):
    ok([v["position"] for v in said["views"]] == [2, 7], "two fingers")
    ok(all(triples(v) == MINUTIAE and v["quality"] == 86 for v in said["views"]), "their minutiae")


def judge_finger(said):
    view, = said["views"]
    ok((view["position"], view["quality"], view["width"], view["height"]) == (2, 80, WIDTH, HEIGHT),
       "position, quality and size")
    ok(said["units"] == 2 and said["resolution"] == (197, 197), "pixels per centimetre")


def judge_face(said):
    face, = said["faces"]
    ok((face["gender"], face["type"], face["width"], face["height"]) == (2, 1, WIDTH, HEIGHT),
       "gender, type and size")


def judge_group(said):
    record, = said["records"]
    judge_face(record) if "faces" in record else judge_finger(record)


def judge_signature(said):
    points = said["points"]
    ok(len(points) == 20 and [p["T"] for p in points] == list(range(0, 100, 5)), "points in time")
    ok(all(p["X"] == 400 * i and p["Y"] == 6000 - 10 * i * i for i, p in enumerate(points)), "places")
    ok(points[9]["F"] == 0 and points[10]["F"] == 510, "the pen lifted once")
    ok(abs(said["channels"]["X"]["scaling"] - 100) < 0.05, "units per millimetre")
    ok(abs(said["channels"]["T"]["scaling"] - 1000) < 0.5, "units per second")


def judge_transaction(said):
    kinds = [kind for kind, _ in said["records"]]
    ok(kinds == [1, 2, 4, 9, 10, 14], "six records")
    said = dict(said["records"])
    ok(said[4]["position"] == 2 and said[14]["position"] == 7, "fingers of types 4 and 14")
    ok([row[1:3] for row in said[9]["minutiae"]] == [[m[1], m[2]] for m in MINUTIAE], "minutiae")


JUDGES = {
    "minutiae-2005": judge_minutiae, "minutiae-2011": judge_minutiae,
    "finger-none": judge_finger, "finger-wsq": judge_finger, "finger-png": judge_finger,
    "finger-jp2": judge_finger, "face-jpeg": judge_face, "face-jp2": judge_face,
    "group-face": judge_group, "group-finger": judge_group,
    "signature": judge_signature, "transaction": judge_transaction,
}

# What makes each kind wrong: byte, value that the standard does not have there.
WRONG = {
    "minutiae-2005": [(0, 0x58), (5, 0x31), (11, 0), (15, 0), (22, 0), (24, 11), (26, 101), (28, 0xC0)],
    "minutiae-2011": [(5, 0x34), (11, 0), (13, 0), (14, 2), (18, 0), (39, 11), (42, 0), (50, 0x70), (52, 0xC0)],
    "finger-none": [(6, 0x39), (13, 0), (18, 0), (19, 3), (29, 9), (32, 0x7F), (36, 16), (39, 120), (44, 1)],
    "face-jpeg": [(6, 0x39), (11, 0), (13, 0), (20, 9), (34, 9), (35, 1), (39, 0)],
    "signature": [(4, 0x30), (8, 0), (10, 0xE1), (32, 1)],
    "transaction": [(0, 0x32), (6, 0x30)],
    "group-face": [(1, 0x60), (7, 2), (9, 0x61), (17, 9), (21, 9)],
}


def refuses(data):
    try:
        records.read(data)
    except records.Refused:
        return True
    return False


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        names = sorted(os.listdir(folder))
        ok(names == sorted(JUDGES), "one record of each kind")
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            print(f"# {name}, {len(data)} bytes")
            JUDGES[name](records.read(data))
            ok(all(refuses(data[:n]) for n in range(len(data))), f"{name}: cut short at every byte")
            ok(refuses(data + b"\0"), f"{name}: a byte too many")
            for at, value in WRONG.get(name, []):
                wrong = bytearray(data)
                wrong[at] = value
                ok(refuses(bytes(wrong)), f"{name}: byte {at} as {value:#x} is refused")
    print(f"1..{n_tests}")


main()
