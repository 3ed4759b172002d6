# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of biometric records, written from the tables of the standards alone.

They share nothing with the program: what both understand in the same way is likely to be what the
standard says. Each function takes bytes and gives a dict, or raises Refused with the first thing that
is wrong. Nothing here is tolerant.
"""
import struct


class Refused(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Refused(what)


class Cursor:
    """Big-endian fields, one after the other, never past the end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        need(size <= len(self.data) - self.at, f"cut short at byte {self.at}")
        self.at += size
        return self.data[self.at - size:self.at]

    def fields(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def end(self, what):
        need(self.at == len(self.data), f"{len(self.data) - self.at} bytes behind {what}")


# ---- ISO/IEC 19794-2 ----

def minutia(cursor, width, height, with_quality):
    x, y, angle = cursor.fields("HHB")
    kind, x = x >> 14, x & 0x3FFF
    need(kind < 3, "minutia type 11")
    need(y >> 14 == 0, "reserved bits of a minutia's y")
    need(x < width and y < height, "a minutia outside of the picture")
    quality = cursor.number(1) if with_quality else None
    need(quality is None or quality <= 100 or quality >= 254, "quality of a minutia")
    return {"type": kind, "x": x, "y": y, "angle": angle, "quality": quality}


def extended_areas(data):
    """Type and length (with these four bytes) of each area."""
    cursor, areas = Cursor(data), []
    while cursor.at < len(data):
        kind, length = cursor.fields("HH")
        need(length >= 4, "length of an extended data area")
        areas.append((kind, cursor.take(length - 4)))
    return areas


def minutiae_2005(data):
    """Tables 2 to 4 of ISO/IEC 19794-2:2005."""
    cursor = Cursor(data)
    magic, version, length, device, width, height, x, y, count, reserved = cursor.fields("4s4sIHHHHHBB")
    need(magic == b"FMR\0" and version == b" 20\0", "identifier or version")
    need(length == len(data), "length of the record")
    need(width and height and x and y and count, "a picture without a size, or no view")
    need(reserved == 0, "reserved byte")
    views = []
    for _ in range(count):
        position, both, quality, minutiae = cursor.fields("BBBB")
        need(position <= 10 and quality <= 100, "position or quality")
        view = {"position": position, "view": both >> 4, "impression": both & 15, "quality": quality}
        view["minutiae"] = [minutia(cursor, width, height, True) for _ in range(minutiae)]
        view["extended"] = extended_areas(cursor.take(cursor.number(2)))
        views.append(view)
    cursor.end("the last view")
    return {"width": width, "height": height, "resolution": (x, y), "device": device, "views": views}


def minutiae_2011(data):
    """Tables 3 and 4 of ISO/IEC 19794-2:2011."""
    cursor = Cursor(data)
    magic, version, length, count, certified = cursor.fields("4s4sIHB")
    need(magic == b"FMR\0" and version == b"030\0", "identifier or version")
    need(length == len(data) and 1 <= count <= 176 and certified <= 1, "general header")
    views = [representation_2011(cursor, certified) for _ in range(count)]
    cursor.end("the last representation")
    return {"views": views}


def representation_2011(outer, certified):
    length = outer.number(4)
    need(length > 4, "length of a representation")
    cursor = Cursor(outer.take(length - 4))
    year = cursor.fields("H7s")[0]
    need(year == 0xFFFF or 1900 <= year <= 2200, "year of the capture")
    technology, vendor, device = cursor.fields("BHH")
    need(technology <= 20, "technology of the device")
    qualities = [cursor.fields("BHH") for _ in range(cursor.number(1))]
    need(all(q[0] <= 100 or q[0] == 255 for q in qualities), "quality score")
    if certified:
        for _ in range(cursor.number(1)):
            need(1 <= cursor.fields("HB")[1] <= 3, "certification scheme")
    position, number, x, y, impression, width, height, shape, count = cursor.fields("BBHHBHHBB")
    need(position <= 10 and number < 16, "position or number")
    need(x >= 99 and y >= 99, "below 250 pixels per inch")
    need(width and height and width < 1 << 14 and height < 1 << 14, "picture size")
    need(shape >> 4 in (5, 6) and shape & 15 <= 2, "minutia length or ridge ending type")
    view = {"position": position, "view": number, "impression": impression, "resolution": (x, y),
            "width": width, "height": height, "device": device,
            "quality": qualities[0][0] if qualities else None}
    view["minutiae"] = [minutia(cursor, width, height, shape >> 4 == 6) for _ in range(count)]
    view["extended"] = extended_areas(cursor.take(cursor.number(2)))
    cursor.end("a representation")
    return view


# ---- ISO/IEC 19794-4, -5, -7 ----

def finger_image(data):
    """Tables 2 and 4 of ISO/IEC 19794-4:2005."""
    cursor = Cursor(data)
    magic, version = cursor.fields("4s4s")
    need(magic == b"FIR\0" and version == b"010\0", "identifier or version")
    need(cursor.number(6) == len(data), "length of the record")
    device, level, count, units, *resolutions, depth, compression, reserved = cursor.fields("HHBBHHHHBBH")
    need(count >= 1 and units in (1, 2) and all(resolutions), "fingers, units or resolution")
    need(1 <= depth <= 16 and compression <= 5 and reserved == 0, "depth or compression")
    views = []
    for _ in range(count):
        length, position, views_of_it, number, quality, impression, width, height, zero = \
            cursor.fields("IBBBBBHHB")
        need(length > 14 and width and height and zero == 0, "finger header")
        need(position <= 15 and 1 <= number <= views_of_it, "position or view")
        need(quality <= 100 or quality == 254, "quality")
        image = cursor.take(length - 14)
        view = {"position": position, "quality": quality, "impression": impression,
                "width": width, "height": height, "size": len(image)}
        check_image(image, {0: None, 2: "wsq", 3: "jpeg", 4: "jp2", 5: "png"}[compression], view)
        views.append(view)
    cursor.end("the last finger")
    return {"units": units, "resolution": tuple(resolutions[:2]), "level": level, "views": views}


def face_image(data):
    """Table 2 of ISO/IEC 19794-5:2005."""
    cursor = Cursor(data)
    magic, version, length, count = cursor.fields("4s4sIH")
    need(magic == b"FAC\0" and version == b"010\0", "identifier or version")
    need(length == len(data) and count >= 1, "length or number of faces")
    faces = []
    for _ in range(count):
        block, points, gender, eyes, hair = cursor.fields("IHBBB")
        start = cursor.at - 9
        mask, expression = cursor.number(3), cursor.number(2)
        pose = cursor.fields("BBBBBB")
        need(gender in (0, 1, 2, 255) and all(p <= 181 for p in pose[:3]), "gender or pose")
        cursor.take(8 * points)
        kind, data_type, width, height, colours, source, device, quality = cursor.fields("BBHHBBHH")
        need(kind <= 2 and data_type <= 1 and colours <= 4 and source <= 7, "image information")
        image = cursor.take(start + block - cursor.at)
        face = {"gender": gender, "type": kind, "width": width, "height": height, "mask": mask,
                "expression": expression, "eyes": eyes, "hair": hair, "size": len(image)}
        check_image(image, ("jpeg", "jp2")[data_type], face)
        faces.append(face)
    cursor.end("the last face")
    return {"faces": faces}


CHANNELS = "X Y Z VX VY AX AY T DT F S TX TY AZ EL R".split()


def signature_series(data):
    """Clauses 7 and 8 of ISO/IEC 19794-7:2007, full format."""
    cursor = Cursor(data)
    magic, version, inclusion = cursor.fields("4s4sH")
    need(magic == b"SDI\0" and version == b" 10\0", "identifier or version")
    channels = []
    for index, name in enumerate(CHANNELS):
        if inclusion & 0x8000 >> index:
            channels.append((name, channel_description(cursor)))
    names = [name for name, _ in channels]
    need("X" in names and "Y" in names and ("T" in names or "DT" in names), "channels")
    need(cursor.number(1) == 0, "reserved byte")
    need(cursor.number(1) & 0x7F == 0, "preamble of the body")
    points = []
    for _ in range(cursor.number(3)):
        point = {}
        for name, description in channels:
            if "constant" not in description:
                signed = name not in ("T", "DT", "F", "S", "AZ", "EL", "R")
                point[name] = cursor.fields("B" if name == "S" else "h" if signed else "H")[0]
                low, high = description.get("minimum"), description.get("maximum")
                as_signed = (lambda v: v - (v >> 15 << 16)) if signed else (lambda v: v)
                need(low is None or point[name] >= as_signed(low), f"{name} below its minimum")
                need(high is None or point[name] <= as_signed(high), f"{name} above its maximum")
        points.append(point)
    cursor.end("the last point")
    times = [point["T"] for point in points if "T" in point]
    need(times == sorted(times), "points out of the order of time")
    return {"channels": dict(channels), "points": points}


def channel_description(cursor):
    preamble, description = cursor.number(1), {}
    need(preamble & 0x01 == 0, "reserved bit of a channel")
    for bit, name in ((0x80, "scaling"), (0x40, "minimum"), (0x20, "maximum"), (0x10, "mean"),
                      (0x08, "deviation")):
        if preamble & bit:
            description[name] = cursor.number(2)
    if "scaling" in description:
        bits = description["scaling"]
        description["scaling"] = (1 + (bits & 0x7FF) / 2048) * 2.0 ** ((bits >> 11) - 16)
    if preamble & 0x04:
        description["constant"] = True
    return description


# ---- ANSI/NIST-ITL, traditional encoding ----

def an2k(data):
    """Annex B of NIST SP 500-290e2."""
    first, at = tagged_record(data, 0, 1)
    contents = [subfield.split(b"\x1f") for subfield in first[3].split(b"\x1e")]
    need(contents[0] == [b"1", str(len(contents) - 1).encode()], "1.003 does not count its entries")
    need(first[2] in (b"0400", b"0500", b"0501", b"0502"), "version of the standard")
    records = [(1, first)]
    for kind, idc in contents[1:]:
        kind, idc = int(kind), int(idc)
        if 3 <= kind <= 8:
            length = int.from_bytes(data[at:at + 4], "big")
            need(length >= 5 and at + length <= len(data), "binary record cut short")
            need(data[at + 4] == idc, "designation of a binary record")
            records.append((kind, data[at + 5:at + length]))
            at += length
        else:
            record, at = tagged_record(data, at, kind)
            need(int(record[2]) == idc, "designation of a tagged record")
            records.append((kind, record))
    need(at == len(data), "bytes behind the last record")
    return {"records": [(kind, judge_record(kind, record)) for kind, record in records]}


def tagged_record(data, at, kind):
    head = f"{kind}.001:".encode()
    need(data[at:at + len(head)] == head, f"no record of type {kind}")
    digits = data[at + len(head):data.find(b"\x1d", at)]
    need(digits.isdigit(), "length of a tagged record")
    length = int(digits)
    need(at + length <= len(data) and data[at + length - 1] == 0x1C, "tagged record cut short")
    rest, record = data[at:at + length - 1], {}
    while rest:
        tag, _, rest = rest.partition(b":")
        need(tag.startswith(f"{kind}.".encode()), f"tag {tag!r} in a record of type {kind}")
        number = int(tag.split(b".")[1])
        if number == 999:
            value, rest = rest, b""
        else:
            value, _, rest = rest.partition(b"\x1d")
        record[number] = value
    need(list(record) == sorted(record), "fields out of order")
    return record, at + length


def judge_record(kind, record):
    if kind == 4:
        cursor = Cursor(record)
        impression, *positions = cursor.fields("B6B")
        resolution, width, height, compression = cursor.fields("BHHB")
        need(positions[1:] == [255] * 5 and resolution <= 1, "positions or resolution of type 4")
        view = {"position": positions[0], "impression": impression, "width": width, "height": height}
        check_image(record[cursor.at:], {0: None, 1: "wsq"}[compression], view)
        return view
    if kind in (10, 14):
        width, height = int(record[6]), int(record[7])
        need(int(record[8]) in (0, 1, 2) and int(record[9]) and int(record[10]), "resolution")
        need(len(record[5]) == 8 and record[5].isdigit(), "date of the capture")
        view = {"width": width, "height": height, "position": int(record[13]) if kind == 14 else None}
        check_image(record[999], {b"NONE": None, b"WSQ20": "wsq", b"JPEGB": "jpeg", b"JP2": "jp2",
                                  b"PNG": "png"}[record[11]], view)
        return view
    if kind == 9:
        rows = [[int(item) for item in row.split(b"\x1f")] for row in record[137].split(b"\x1e")]
        need(len(rows) == int(record[136]), "9.136 does not count the minutiae")
        for number, (index, x, y, angle, minutia_type, quality) in enumerate(rows):
            need(index == number + 1 and angle < 180 and minutia_type < 3 and quality <= 100, "minutia")
            need(x < int(record[128]) and y < int(record[129]), "minutia outside of the picture")
        return {"position": int(record[134]), "minutiae": rows}
    return {}


# ---- the pictures inside ----

def check_image(image, kind, view):
    size = {"wsq": wsq_size, "jpeg": jpeg_size, "jp2": jp2_size, "png": png_size, None: None}[kind]
    if size is None:
        need(len(image) == view["width"] * view["height"], "pixels that are not width times height")
    else:
        need(size(image) == (view["width"], view["height"]), "the picture has another size than told")


def wsq_size(data):
    """Marker segments of IAFIS-IC-0110: SOI, tables, one frame, blocks, EOI."""
    cursor, size, seen = Cursor(data), None, []
    need(cursor.number(2) == 0xFFA0, "start of image")
    while True:
        marker = cursor.number(2)
        if marker == 0xFFA1:
            break
        need(0xFFA2 <= marker <= 0xFFA8, f"marker {marker:04X}")
        length = cursor.number(2)
        need(length >= 2, "length of a segment")
        body = Cursor(cursor.take(length - 2))
        seen.append(marker)
        if marker == 0xFFA2:
            black, white, height, width = body.fields("BBHH")
            need(black < white, "black above white")
            size = (width, height)
        if marker == 0xFFA3:  # a block: entropy-coded bytes up to the next marker, FF00 is a byte FF
            at = cursor.at
            while not (data[at:at + 1] == b"\xff" and data[at + 1:at + 2] not in (b"\0", b"")):
                need(at < len(data), "no end of image")
                at += 1
            cursor.at = at
    need(size is not None and seen.count(0xFFA2) == 1, "not one frame")
    need(seen.count(0xFFA3) == 3, "not three blocks")
    need({0xFFA4, 0xFFA5, 0xFFA6} <= set(seen), "filters, quantisation or Huffman tables missing")
    cursor.end("the end of the image")
    return size


def jpeg_size(data):
    cursor = Cursor(data)
    need(cursor.number(2) == 0xFFD8, "start of image")
    while True:
        marker = cursor.number(2)
        length = cursor.number(2)
        body = Cursor(cursor.take(length - 2))
        if 0xFFC0 <= marker <= 0xFFC2:
            _, height, width = body.fields("BHH")
            need(data.endswith(b"\xff\xd9"), "no end of image")
            return width, height
        need(marker >> 8 == 0xFF and marker != 0xFFDA, "no frame before the scan")


def jp2_size(data):
    cursor, boxes = Cursor(data), []
    while cursor.at < len(data):
        start = cursor.at
        length, kind = cursor.fields("I4s")
        body = cursor.take((length or len(data) - start) - 8)
        boxes.append((kind, body))
    kinds = [kind for kind, _ in boxes]
    need(kinds[:3] == [b"jP  ", b"ftyp", b"jp2h"] and b"jp2c" in kinds, "boxes of a JP2 file")
    need(boxes[2][1][4:8] == b"ihdr", "image header box")
    height, width, _, depth, kind = struct.unpack(">IIHBB", boxes[2][1][8:20])
    stream = dict(boxes)[b"jp2c"]
    need(stream[:4] == b"\xff\x4f\xff\x51" and stream[-2:] == b"\xff\xd9", "code stream")
    x, y, left, top = struct.unpack(">IIII", stream[8:24])
    need((x - left, y - top) == (width, height) and depth == 7 and kind == 7, "SIZ against ihdr")
    return width, height


def png_size(data):
    need(data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR", "PNG header")
    need(data[-8:-4] == b"IEND", "PNG end")
    return struct.unpack(">II", data[16:24])


# ---- Doc 9303-10, biometric information templates ----

def tlvs(data):
    cursor, result = Cursor(data), []
    while cursor.at < len(data):
        tag = cursor.number(1)
        if tag & 0x1F == 0x1F:
            tag = tag << 8 | cursor.number(1)
        length = cursor.number(1)
        if length > 0x80:
            length = cursor.number(length & 0x7F)
        result.append((tag, cursor.take(length)))
    return result


def biometric_group(data):
    """7F61 of DG2 and DG3 with ISO/IEC 19794 inside."""
    (group_tag, group), = tlvs(data)
    need(group_tag == 0x7F61, "no group template")
    (count_tag, count), *templates = tlvs(group)
    need(count_tag == 0x02 and count == bytes([len(templates)]), "number of instances")
    records = []
    for tag, template in templates:
        (header_tag, header), (data_tag, record) = tlvs(template)
        need((tag, header_tag, data_tag) == (0x7F60, 0xA1, 0x5F2E), "tags of an instance")
        values = dict(tlvs(header))
        need(values[0x87] == b"\x01\x01" and values[0x80] == b"\x01\x01", "owner or version")
        kind = values[0x81]
        need((kind, values[0x88]) in ((b"\x02", b"\0\x08"), (b"\x08", b"\0\x07")), "type and format")
        records.append((face_image if kind == b"\x02" else finger_image)(record))
    return {"records": records}


def sniff(data):
    for magic, reader in ((b"FMR\0 20\0", minutiae_2005), (b"FMR\x00030\0", minutiae_2011),
                          (b"FIR\0", finger_image), (b"FAC\0", face_image), (b"SDI\0", signature_series),
                          (b"1.001:", an2k), (b"\x7f\x61", biometric_group)):
        if data.startswith(magic):
            return reader
    raise Refused("of no format that is known here")


def read(data):
    """What DATA says; every way to be wrong is a Refused."""
    try:
        return sniff(data)(data)
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise Refused(f"malformed: {error!r}") from error
