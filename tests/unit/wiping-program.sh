#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# wiping-program.sh PROGRAM: it brings the free and realloc that wipe, for itself and for all libraries that it
# loads.
symbols=$(nm -D --defined-only "$1") || exit 1
for name in free realloc; do
  [[ $symbols == *" T $name"$'\n'* || $symbols == *" T $name" ]] || {
    echo "$1 does not wipe: it has no $name of its own" >&2
    exit 1
  }
done
