#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sentences.py ROOT: whatever station/advice.c advises is in the window's table for its translators, so that no clerk
reads it in English; and so is each action that the audit log may name."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])


def joined(path):
    return re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))


def advices():
    text = joined(root / "src/station/advice.c")
    return set(re.findall(r'TAMBO_EXIT_\w+,\s*"([^"]+)"', text))


def actions():
    """As they are given where an entry is written."""
    for room in ("store", "station", "sync"):
        for path in (root / "src" / room).glob("*.c"):
            for call in re.findall(r"tambo_audit_append \((.*?)\)", joined(path), re.S):
                yield from re.findall(r'"([a-z]+\.[a-z-]+)"', call)


def missing(wanted, table):
    text = joined(root / table)
    return [f"{table}: “{words}” is missing" for words in sorted(wanted) if f'"{words}"' not in text]


wanted = advices()
if len(wanted) < 50:
    sys.exit("station/advice.c was not understood")
faults = missing(wanted, "src/app/error-text.c") + missing(set(actions()), "src/app/audit-text.c")
print("\n".join(faults))
sys.exit(1 if faults else 0)
