#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads DG2 or DG3 in ISO/IEC 39794 with eyes of its own: DER by hand, tags from the ASN.1 modules of
part 5 (ICAO's application profile) and part 4. Prints what it finds as JSON and writes the images.

    read_39794.py DG2|DG3 OUT-PREFIX
"""
import json
import sys


def objects(data):
    """The objects of DATA in their order, each (tag, value); minimal lengths are demanded."""
    position, found = 0, []
    while position < len(data):
        tag = data[position]
        position += 1
        if tag & 0x1F == 0x1F:
            while True:
                tag = tag << 8 | data[position]
                position += 1
                if not tag & 0x80:
                    break
        length = data[position]
        position += 1
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[position:position + count], "big")
            assert count and length >= 0x80 and data[position] != 0, "the length is not minimal"
            position += count
        assert position + length <= len(data), "cut short"
        found.append((tag, data[position:position + length]))
        position += length
    return found


def only(data, tag):
    (found, value), = objects(data)
    assert found == tag, f"{found:X} instead of {tag:X}"
    return value


def members(data):
    """Context tags by number; in DER they ascend."""
    found = objects(data)
    numbers = [tag & 0x1F for tag, _ in found]
    assert all(tag & 0xC0 == 0x80 for tag, _ in found) and numbers == sorted(set(numbers))
    return {tag & 0x1F: value for tag, value in found}


def number(value):
    assert value and not (len(value) > 1 and value[0] == 0 and value[1] < 0x80)
    return int.from_bytes(value, "big", signed=True)


def code(value):
    """CHOICE { code [0], extensionBlock [1] { fallback [0] } }"""
    choice = members(value)
    assert len(choice) == 1
    return number(choice[0]) if 0 in choice else number(members(choice[1])[0])


def version(value):
    parts = members(value)
    return [number(parts[0]), number(parts[1])]


def face(block):
    whole = members(only(block, 0x65))
    (tag, value), = objects(whole[1])
    assert tag == 0x30
    representation = members(value)
    image = members(members(members(representation[1])[0])[0])
    information = members(image[1])
    identity = members(representation[8]) if 8 in representation else {}
    size = members(information[7])
    return {"version": version(whole[0]), "id": number(representation[0]),
            "format": code(information[0]), "kind": code(information[1]),
            "width": number(size[0]), "height": number(size[1]),
            "gender": code(identity[0]) if 0 in identity else None}, image[0]


def finger(block):
    whole = members(only(block, 0x64))
    (tag, value), = objects(whole[1])
    assert tag == 0x30
    view = members(value)
    rate = members(view[7])
    return {"version": version(whole[0]), "position": code(view[0]), "impression": code(view[1]),
            "format": code(view[2]), "samples": number(rate[0]), "unit": number(rate[1])}, view[3]


def main():
    data = open(sys.argv[1], "rb").read()
    (tag, group), = objects(data)
    assert tag in (0x75, 0x63), f"tag {tag:X}"
    parts = objects(only(group, 0x7F61))
    count = number(parts[0][1])
    assert parts[0][0] == 0x02 and count == len(parts) - 1
    rows = []
    for index, (tag, template) in enumerate(parts[1:]):
        assert tag == 0x7F60
        (header_tag, header), (block_tag, block) = objects(template)
        assert header_tag == 0xA1 and block_tag == 0x7F2E, f"{block_tag:X}"
        header = members(header)
        row, image = (face if data[0] == 0x75 else finger)(only(block, 0xA1))
        row.update(type=number(header[1]), subtype=number(header[2]), owner=header[7].hex(),
                   format_type=header[8].hex(), bytes=len(image))
        open(f"{sys.argv[2]}{index}", "wb").write(image)
        rows.append(row)
    print(json.dumps(rows))


main()
