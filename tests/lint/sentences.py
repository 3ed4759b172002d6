#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sentences.py ROOT: whatever station/advice.c advises is in the window's table for its translators, so that no clerk
reads it in English; and so are each action that the audit log may name and each reason of a verdict on a chip."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])


def joined(path):
    return re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))


def advices():
    text = joined(root / "src/station/advice.c")
    return set(re.findall(r'TAMBO_EXIT_\w+,\s*"([^"]+)"', text))


STATES = {"case": "record/enrolment.c", "outbox": "store/outbox.c", "stock": "store/stock.c"}


def states(path):
    """The words of its table."""
    table = re.search(r"\bstate(?:s|_names)\[\] = \{(.*?)\};", joined(root / "src" / path), re.S)
    return re.findall(r'"([a-z-]+)"', table[1])


def actions():
    """As they are given where an entry is written; of what gets another state, the state."""
    for room in ("store", "station", "sync"):
        for path in (root / "src" / room).glob("*.c"):
            for call in re.findall(r"tambo_audit_append \((.*?)\)", joined(path), re.S):
                yield from re.findall(r'"([a-z]+\.[a-z-]+)"', call)
                yield from re.findall(r'^[^,]*,[^,]*,\s*"([a-z-]+)"', call)
    for subject, path in STATES.items():
        yield from (f"{subject}.{state}" for state in states(path))
    yield from ("inbox." + state for state in re.findall(r'g_str_equal \(state, "(\w+)"\)',
                                                         joined(root / "src/store/inbox.c")))


def verdicts():
    """Why a check of a chip is failed or skipped, without what is named in it."""
    for path in (root / "src/chip").glob("*.c"):
        text = joined(path)
        for call in re.findall(r"(?:tambo_verdict_add|\bskip) \((.*?)\);", text, re.S):
            if "TAMBO_VERDICT_PASSED" not in call:
                for words in re.findall(r'"([^"]*)"', call):
                    if " " in words:
                        yield words.replace("%04X", "%s")


def missing(wanted, table):
    text = joined(root / table)
    return [f"{table}: “{words}” is missing" for words in sorted(wanted) if f'"{words}"' not in text]


wanted = advices()
if len(wanted) < 50:
    sys.exit("station/advice.c was not understood")
reasons = set(verdicts())
if len(reasons) < 20:
    sys.exit("the verdicts of src/chip were not understood")
faults = (missing(wanted, "src/app/error-text.c") + missing(set(actions()), "src/app/audit-text.c")
          + missing(reasons, "src/app/detail-text.c"))
print("\n".join(faults))
sys.exit(1 if faults else 0)
