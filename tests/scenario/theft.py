#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a thief of a folder could read: theft.py FOLDER WORDS IMAGE…

Looks in every file under FOLDER for the words in the file WORDS (one a line) and for 64 bytes in a row
of any IMAGE, plain and as UTF-16, base64 and hexadecimal. Prints what it found; exit 1 when that is
anything.
"""

import base64
import os
import sys

BLOCK = 32  # any 64 bytes in a row hold an aligned one


def encodings(data):
    """The data as it might lie there. Each base64 alignment loses its edges, which mix with others."""
    yield "plain", data
    yield "hexadecimal", data.hex().encode()
    yield "HEXADECIMAL", data.hex().upper().encode()
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + data)
        yield "base64+%d" % shift, text[(0, 2, 3)[shift]:8 * (shift + len(data)) // 6]


def word_encodings(word):
    yield from encodings(word.encode())
    yield "UTF-16LE", word.encode("utf-16-le")
    yield "UTF-16BE", word.encode("utf-16-be")
    yield "latin-1", word.encode("latin-1", "replace")


def blocks_of(data):
    """Blocks that tell something: not the zeros and the white that every file has."""
    blocks = set()
    for at in range(0, len(data) - BLOCK + 1, BLOCK):
        block = data[at:at + BLOCK]
        if len(set(block)) >= 8:
            blocks.add(block)
    return blocks


def find_image(blocks, data):
    for name, encoded in encodings(data):
        for at in range(len(encoded) - BLOCK + 1):
            if encoded[at:at + BLOCK] in blocks:
                return "%s, at %d" % (name, at)
    return None


def contents(folder):
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            yield path, os.path.relpath(path, folder).encode()
            if os.path.isfile(path):
                with open(path, "rb") as stream:
                    yield path, stream.read()


def main():
    folder, words = sys.argv[1], open(sys.argv[2], encoding="utf-8").read().splitlines()
    images = {}
    for path in sys.argv[3:]:
        with open(path, "rb") as stream:
            images[path] = stream.read()
    found, n_bytes = 0, 0
    blocks = set()
    for path, data in contents(folder):
        n_bytes += len(data)
        folded = data.lower()
        blocks |= blocks_of(data)
        for word in words:
            for name, encoded in word_encodings(word):
                # Letters of any case; base64 means something else in another case.
                if encoded in data or ("base64" not in name and encoded.lower() in folded):
                    print("%s: '%s' (%s)" % (path, word, name))
                    found += 1
    for path, data in images.items():
        where = find_image(blocks, data)
        if where:
            print("%s: lies in %s (%s)" % (folder, path, where))
            found += 1
    print("# %d bytes, %d words, %d images of %d bytes" % (
        n_bytes, len(words), len(images), sum(map(len, images.values()))))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
