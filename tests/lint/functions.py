#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Budgets as tests: no function of more than 100 lines, no file of more than 1,000."""
import pathlib
import sys

MAX_FUNCTION = 100
MAX_FILE = 1000


def functions(lines):
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and line.endswith("{") and ")" in line and (line[:1].isalpha() or line[:1] == " "):
            start = number
        elif start is not None and line.startswith("}"):
            yield start, number - start + 1
            start = None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    problems, count, longest = [], 0, 0
    for top in ("src", "tests"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".c", ".h", ".py", ".sh", ".ui"):
                continue
            lines = path.read_text().splitlines()
            if len(lines) > MAX_FILE:
                problems.append(f"{path}: {len(lines)} lines")
            if path.suffix != ".c":
                continue
            for start, length in functions(lines):
                count += 1
                longest = max(longest, length)
                if length > MAX_FUNCTION:
                    problems.append(f"{path}:{start}: a function of {length} lines")
    print("\n".join(problems + [f"{count} functions, the longest of {longest} lines"]))
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
