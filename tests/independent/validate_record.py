#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate_record.py FILE…: what each biometric record says, or what is wrong with it (exit 1)."""
import sys

import records

status = 0
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    try:
        print(f"{path}: {records.read(data)}")
    except records.Refused as error:
        print(f"{path}: refused: {error}", file=sys.stderr)
        status = 1
sys.exit(status)
