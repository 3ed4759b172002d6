#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a thief of a folder could read: theft.py FOLDER WORDS IMAGE…

Looks in every file under FOLDER for the words in the file WORDS (one a line) and for 64 bytes in a row
of any IMAGE, plain and as UTF-16, base64 and hexadecimal, and for the beginnings of files and records as a
station has them. Prints what it found; exit 1 when that is anything.

Bytes that are written out in hexadecimal are looked at as the bytes they stand for too. Some digits in a row
turn up by chance among those of ciphertext: short ones are sought in the bytes, and in the text around.
"""

import base64
import os
import re
import subprocess
import sys
import tempfile

BLOCK = 32  # any 64 bytes in a row hold an aligned one
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{32,}")  # longer than the parts of a UUID
SHORT = re.compile(rb"[0-9a-f]{1,13}")


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


def grep(patterns, data):
    """What there is of the patterns, which are in small letters: grep looks for thousands at once."""
    with tempfile.NamedTemporaryFile() as stream:
        stream.write(b"\n".join(patterns))
        stream.flush()
        found = subprocess.run(["grep", "-aoiF", "-f", stream.name], input=data, check=False,
                               stdout=subprocess.PIPE, env=dict(os.environ, LC_ALL="C")).stdout
    return {hit for hit in found.lower().split(b"\n") if hit}


def bytes_of_hexadecimal(data):
    """What the long runs stand for, from their first digit and from their second."""
    for run in HEXADECIMAL.findall(data):
        for start in (0, 1):
            yield bytes.fromhex(run[start:start + (len(run) - start) // 2 * 2].decode())


def find_words(words, data):
    """Letters of any case. Yields what it found."""
    patterns = {}
    for word in words:
        for name, encoded in word_encodings(word):
            patterns.setdefault(encoded.lower(), (word, name))
    short = [pattern for pattern in patterns if SHORT.fullmatch(pattern)]
    found = grep(set(patterns) - set(short), data)
    if short:
        found |= grep(short, HEXADECIMAL.sub(b"\n", data))
    found |= grep(patterns, b"\n".join(bytes_of_hexadecimal(data)))
    for hit in sorted(found):
        yield patterns.get(hit, (hit.decode("latin-1"), "in part"))


# How the files and the records begin that a station has.
BEGINNINGS = {
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "JPEG with Exif": b"Exif\x00\x00II*\x00",
    "JP2": b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    "JPEG 2000 codestream": b"\xff\x4f\xff\x51\x00",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "PNG header": b"\x00\x00\x00\rIHDR",
    "WSQ": b"\xff\xa0\xff\xa8\x00",
    "WSQ comment": b"NIST_COM",
    "WSQ tables": b"\xff\xa4\x00\x3a\x09\x07",
    "ISO/IEC 19794-4": b"FIR\x00010\x00",
    "ISO/IEC 19794-5": b"FAC\x00010\x00",
    "ISO/IEC 19794-2": b"FMR\x00 20\x00",
}


def find_beginnings(data):
    for name, beginning in BEGINNINGS.items():
        for encoding, encoded in encodings(beginning):
            if encoded in data:
                yield name, encoding


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
        if not data.strip(b"\0"):
            continue  # the ballast
        blocks |= blocks_of(data)
        for what, encoding in [*find_words(words, data), *find_beginnings(data)]:
            print("%s: '%s' (%s)" % (path, what, encoding))
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
