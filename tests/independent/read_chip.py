#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an eMRTD chip with nothing of this project: a second PC/SC client.

Selects the application, opens it with Basic Access Control from the MRZ, reads EF.COM, EF.SOD and
the data groups that EF.COM announces under secure messaging (ICAO Doc 9303-11 sections 4.3 and
9.8), and compares each data group with its hash in EF.SOD, whose signature openssl verifies.
Prints one line per file. Needs Debian's python3-pyscard, python3-cryptography and openssl.

Exit codes: 0 all read and all hashes hold, 1 failed, 2 usage, 4 no reader or no card, 5 a hash,
signature or MAC does not hold, or the chip refuses the keys.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from smartcard.Exceptions import CardConnectionException, NoCardException, SmartcardException
from smartcard.System import readers
from smartcard.pcsc.PCSCExceptions import BaseSCardException

APPLICATION = bytes.fromhex("A0000002471001")
FILES = {"COM": (0x011E, 0x60), "SOD": (0x011D, 0x77)}
DATA_GROUP_TAGS = [0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D,
                   0x6E, 0x6F, 0x70]
for number, group_tag in enumerate(DATA_GROUP_TAGS, 1):
    FILES["DG%d" % number] = (0x0100 + number, group_tag)
HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
}
GUARDED = ("DG3", "DG4")  # only for terminals with extended access control


class Failure(Exception):
    """What went wrong, with the exit code that tells it."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.code = code


# -- MRZ and keys ----------------------------------------------------------------------------------

def check_digit(text):
    total = 0
    for index, character in enumerate(text):
        if character.isdigit():
            value = int(character)
        elif "A" <= character <= "Z":
            value = ord(character) - ord("A") + 10
        elif character == "<":
            value = 0
        else:
            raise Failure("the MRZ holds a character that no MRZ has", 2)
        total += value * (7, 3, 1)[index % 3]
    return str(total % 10)


def mrz_information(text):
    """Document number, birth and expiry, each with its check digit (Doc 9303-11 section 4.3.2).

    A number of more than nine characters goes on in the optional data of TD1 and TD2.
    """
    mrz = "".join(text.replace("\\n", "\n").split()).upper()
    if len(mrz) in (88, 72):  # TD3, TD2: all three stand in the second line
        line = mrz[len(mrz) // 2:]
        number, digit, birth, expiry = line[0:9], line[9], line[13:20], line[21:28]
        optional = line[28:35] if len(mrz) == 72 else ""
    elif len(mrz) == 90:
        number, digit, birth, expiry = mrz[5:14], mrz[14], mrz[30:37], mrz[38:45]
        optional = mrz[15:30]
    else:
        raise Failure("the MRZ has %d characters, not 72, 88 or 90" % len(mrz), 2)
    if digit == "<" and optional.strip("<"):
        rest = optional.split("<", 1)[0]
        number, digit = number + rest[:-1], rest[-1:]
    for field, given in ((number, digit), (birth[:6], birth[6]), (expiry[:6], expiry[6])):
        if check_digit(field) != given:
            raise Failure("a check digit of the MRZ is wrong", 2)
    return number + digit + birth + expiry


def derive(seed, counter):
    return hashlib.sha1(seed + counter.to_bytes(4, "big")).digest()[:16]


def des3(key, data, encrypt):
    cipher = Cipher(algorithms.TripleDES(key), modes.CBC(bytes(8)))
    operation = cipher.encryptor() if encrypt else cipher.decryptor()
    return operation.update(data) + operation.finalize()


def pad(data):
    padded = data + b"\x80"
    return padded + bytes(-len(padded) % 8)


def unpad(data):
    stripped = data.rstrip(b"\x00")
    if not stripped.endswith(b"\x80"):
        raise Failure("an answer has no padding", 5)
    return stripped[:-1]


def retail_mac(key, padded):
    """ISO/IEC 9797-1 MAC algorithm 3 with DES; the input is padded already."""
    first, second = key[:8], key[8:]
    last = des3(first, padded, True)[-8:]
    inner = Cipher(algorithms.TripleDES(second), modes.ECB()).decryptor().update(last)
    return Cipher(algorithms.TripleDES(first), modes.ECB()).encryptor().update(inner)


# -- TLV -------------------------------------------------------------------------------------------

def tlv_header(data, at=0):
    """Tag, offset of the value and its length; IndexError when the header is not whole."""
    start = at
    at += 1
    if data[start] & 0x1F == 0x1F:
        while data[at] & 0x80:
            at += 1
        at += 1
    tag = int.from_bytes(data[start:at], "big")
    length = data[at]
    at += 1
    if length == 0x80 or length > 0x84:
        raise Failure("a length that DER does not know")
    if length & 0x80:
        octets = length & 0x7F
        if at + octets > len(data):
            raise IndexError
        length = int.from_bytes(data[at:at + octets], "big")
        at += octets
    return tag, at, length


def tlv_children(data):
    at = 0
    while at < len(data):
        try:
            tag, value, length = tlv_header(data, at)
        except IndexError:
            raise Failure("a data object is cut off") from None
        if value + length > len(data):
            raise Failure("a data object is longer than what holds it")
        yield tag, data[value:value + length]
        at = value + length


def object_identifier(value):
    numbers, number = [], 0
    for octet in value:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first] + numbers[1:]))


# -- the chip --------------------------------------------------------------------------------------

class Chip:
    """A connection, and secure messaging once it is opened."""

    def __init__(self, connection):
        self.connection = connection
        self.keys = None
        self.counter = 0

    def send(self, command):
        try:
            data, sw1, sw2 = self.connection.transmit(list(command))
        except CardConnectionException as error:
            raise Failure("the card does not answer: %s" % error, 4) from None
        return bytes(data), sw1 << 8 | sw2

    def send_plain(self, what, header, data=b"", expected=None, code=1):
        command = bytes(header)
        if data:
            command += bytes([len(data)]) + data
        if expected is not None:
            command += bytes([expected])
        answer, status = self.send(command)
        if status != 0x9000:
            raise Failure("%s: status %04X" % (what, status), code)
        return answer

    def open(self, information):
        self.send_plain("SELECT application", (0x00, 0xA4, 0x04, 0x0C), APPLICATION)
        seed = hashlib.sha1(information.encode()).digest()[:16]
        k_enc, k_mac = derive(seed, 1), derive(seed, 2)
        rnd_ic = self.send_plain("GET CHALLENGE", (0x00, 0x84, 0x00, 0x00), expected=8)
        rnd_ifd, k_ifd = os.urandom(8), os.urandom(16)
        cryptogram = des3(k_enc, rnd_ifd + rnd_ic + k_ifd, True)
        answer = self.send_plain("EXTERNAL AUTHENTICATE", (0x00, 0x82, 0x00, 0x00),
                                 cryptogram + retail_mac(k_mac, pad(cryptogram)), 40, code=5)
        if len(answer) != 40 or retail_mac(k_mac, pad(answer[:32])) != answer[32:]:
            raise Failure("the chip's cryptogram has a wrong MAC", 5)
        plain = des3(k_enc, answer[:32], False)
        if plain[:8] != rnd_ic or plain[8:16] != rnd_ifd:
            raise Failure("the chip's cryptogram has wrong random numbers", 5)
        session = bytes(a ^ b for a, b in zip(k_ifd, plain[16:]))
        self.keys = derive(session, 1), derive(session, 2)
        self.counter = int.from_bytes(rnd_ic[4:] + rnd_ifd[4:], "big")

    def next_counter(self):
        self.counter = (self.counter + 1) % (1 << 64)
        return self.counter.to_bytes(8, "big")

    def send_protected(self, header, data=b"", expected=None):
        k_enc, k_mac = self.keys
        header = bytes([header[0] | 0x0C]) + bytes(header[1:])
        objects = b""
        if data:
            cryptogram = b"\x01" + des3(k_enc, pad(data), True)
            objects += b"\x87" + bytes([len(cryptogram)]) + cryptogram
        if expected is not None:
            objects += bytes([0x97, 1, expected])
        mac_input = self.next_counter() + pad(header) + objects
        mac = retail_mac(k_mac, pad(mac_input))
        objects += b"\x8E\x08" + mac
        answer, status = self.send(header + bytes([len(objects)]) + objects + b"\x00")
        return self.unwrap(answer, status)

    def unwrap(self, answer, status):
        k_enc, k_mac = self.keys
        if not answer:
            raise Failure("the chip ended secure messaging: status %04X" % status)
        found = dict(tlv_children(answer))
        if 0x8E not in found or 0x99 not in found:
            raise Failure("an answer is not protected", 5)
        covered = answer[:-10]  # the MAC's data object comes last
        expected = retail_mac(k_mac, pad(self.next_counter() + covered))
        if answer[-10:] != b"\x8E\x08" + expected:
            raise Failure("an answer has a wrong MAC", 5)
        if int.from_bytes(found[0x99], "big") != status:
            raise Failure("an answer's status differs from the protected one", 5)
        plain = b""
        if 0x87 in found:
            if found[0x87][:1] != b"\x01":
                raise Failure("an answer has an unknown padding")
            plain = unpad(des3(k_enc, found[0x87][1:], False))
        return plain, status

    def read_binary(self, name, offset, size):
        data, status = self.send_protected((0x00, 0xB0, offset >> 8, offset & 0xFF), b"", size)
        if status != 0x9000 or not data or len(data) > size:
            raise Failure("%s: READ BINARY at %d: status %04X, %d bytes"
                          % (name, offset, status, len(data)))
        return data

    def read_file(self, name):
        """The whole file, or None and the status when SELECT refuses it."""
        file_id, tag = FILES[name]
        _, status = self.send_protected((0x00, 0xA4, 0x02, 0x0C), file_id.to_bytes(2, "big"))
        if status != 0x9000:
            return None, status
        content = self.read_binary(name, 0, 6)
        found, start, length = tlv_header(content + bytes(6))
        if found != tag:
            raise Failure("%s begins with %02X, not %02X" % (name, found, tag))
        while len(content) < start + length:
            content += self.read_binary(name, len(content),
                                        min(223, start + length - len(content)))
        return content[:start + length], status


# -- what was read ---------------------------------------------------------------------------------

def announced_groups(com):
    for tag, value in tlv_children(com):
        if tag != 0x60:
            break
        for inner, tags in tlv_children(value):
            if inner == 0x5C:
                return ["DG%d" % (DATA_GROUP_TAGS.index(tag) + 1) for tag in tags]
    raise Failure("EF.COM announces no data groups")


def signed_hashes(sod):
    """Algorithm and hashes by name, after openssl has verified the signature over them."""
    _, start, _ = tlv_header(sod)
    run = subprocess.run(["openssl", "cms", "-verify", "-noverify", "-inform", "DER", "-binary"],
                         input=sod[start:], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         check=False)
    if run.returncode != 0:
        raise Failure("EF.SOD: the signature does not hold: "
                      + run.stderr.decode(errors="replace").strip().splitlines()[-1], 5)
    (_, body), = tlv_children(run.stdout)
    fields = list(tlv_children(body))
    if [tag for tag, _ in fields[:3]] != [0x02, 0x30, 0x30]:
        raise Failure("EF.SOD does not hold an LDS security object")
    algorithm = object_identifier(next(tlv_children(fields[1][1]))[1])
    if algorithm not in HASHES:
        raise Failure("EF.SOD uses the unknown hash %s" % algorithm)
    hashes = {}
    for _, pair in tlv_children(fields[2][1]):
        (_, group), (_, value) = tlv_children(pair)
        hashes["DG%d" % int.from_bytes(group, "big")] = value
    return HASHES[algorithm], hashes


def find_card(name, wait):
    deadline = time.monotonic() + wait
    while True:
        cause = "no reader"
        try:
            named = [reader for reader in readers() if not name or name in str(reader)]
            if named:
                cause = "no card on a reader"
            for reader in named:
                connection = reader.createConnection()
                try:
                    connection.connect()
                    return connection
                except NoCardException:
                    pass
                except CardConnectionException as error:
                    cause = "%s: %s" % (reader, error)
        except (SmartcardException, BaseSCardException) as error:
            cause = str(error)
        if time.monotonic() >= deadline:
            raise Failure(cause, 4)
        time.sleep(0.1)


def save(folder, name, content):
    with open(os.path.join(folder, name), "wb") as stream:
        stream.write(content)


def read_chip(arguments):
    information = mrz_information(arguments.mrz)
    os.makedirs(arguments.output, exist_ok=True)
    chip = Chip(find_card(arguments.reader, arguments.wait))
    chip.open(information)

    content = {}
    for name in ("COM", "SOD"):
        content[name], status = chip.read_file(name)
        if content[name] is None:
            raise Failure("%s: SELECT: status %04X" % (name, status))
        save(arguments.output, name, content[name])
    algorithm, hashes = signed_hashes(content["SOD"])
    announced = announced_groups(content["COM"])
    print("COM %d bytes, announces %s" % (len(content["COM"]), " ".join(announced)))
    print("SOD %d bytes, signature holds, %s" % (len(content["SOD"]), algorithm))
    if set(announced) != set(hashes):
        raise Failure("EF.COM announces %s, EF.SOD signs %s"
                      % (" ".join(announced), " ".join(hashes)), 5)

    wrong = []
    for name in announced:
        group, status = chip.read_file(name)
        if group is None and name in GUARDED:
            print("%s not readable without extended access control, status %04X" % (name, status))
            continue
        if group is None:
            raise Failure("%s: SELECT: status %04X" % (name, status))
        save(arguments.output, name, group)
        holds = hashlib.new(algorithm, group).digest() == hashes[name]
        print("%s %d bytes, hash %s" % (name, len(group), "holds" if holds else "DIFFERS"))
        if not holds:
            wrong.append(name)
    if wrong:
        raise Failure("hashes differ: " + " ".join(wrong), 5)


def main():
    parser = argparse.ArgumentParser(description="Reads an eMRTD chip through PC/SC with BAC.")
    parser.add_argument("--mrz", required=True, help="all lines of the MRZ, one after the other")
    parser.add_argument("--reader", help="part of the reader's name; else the first with a card")
    parser.add_argument("--wait", type=float, default=5, help="seconds to wait for a card (5)")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="where the files go")
    try:
        read_chip(parser.parse_args())
    except Failure as failure:
        sys.stdout.flush()
        print("read_chip: %s" % failure, file=sys.stderr)
        return failure.code
    except (IndexError, ValueError, StopIteration, OSError) as error:
        sys.stdout.flush()
        print("read_chip: malformed: %r" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
