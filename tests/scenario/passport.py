# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes passports that a test has need of: good ones, and each kind of bad one.

Everything that a state, a document signer, a chip and an inspection system own, without a line of
Tambo: certificates and revocation lists by python3-cryptography, CMS by the openssl command, card
verifiable certificates by hand from TR-03110-3 appendices C and D.

passport.py state DIR              two CSCAs (old, new), link, signers, lists, a stranger, terminals
passport.py passport DIR OUT [KEY=VALUE...]
  signer=NAME     who signs (signer)        forged=1     a byte of what is signed is changed
  replace=DGn     changed after signing     chip=KIND    ecdh-aes, ecdh-3des, dh-aes, dh-3des, none
  active=KIND     rsa, ecdsa, none          wrong=CA|AA  the chip has another key than was signed
  terminal=FILE   DG3 behind that CVCA      state=UTO
  pace=N          the mapping that DG14 names: 2 generic (default), 6 with chip authentication, none
"""

import datetime
import hashlib
import os
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

NOW = datetime.datetime.utcnow().replace(microsecond=0)
DAY = datetime.timedelta(days=1)
CVCA, DV, IS = "UTTESTCVCA00001", "UTTESTDV00001", "UTTESTIS00001"


def tlv(tag, *parts):
    value = b"".join(parts)
    size = len(value)
    octets = tag.to_bytes((tag.bit_length() + 7) // 8, "big")
    if size < 0x80:
        return octets + bytes([size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return octets + bytes([0x80 | len(length)]) + length + value


def oid(dotted):
    numbers = [int(part) for part in dotted.split(".")]
    octets = [numbers[0] * 40 + numbers[1]]
    for number in numbers[2:]:
        group = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            group.insert(0, 0x80 | number & 0x7F)
        octets += group
    return tlv(0x06, bytes(octets))


def write(folder, name, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stderr=subprocess.DEVNULL)


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


# ---- certificates of the state ----


def name_of(common, country="UT"):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country),
                      x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Holder:
    """A key and its certificate."""

    def __init__(self, common, issuer=None, country="UT", key=None, days=(-30, 3650), signs=True,
                 purpose=None, types=None):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.name = name_of(common, country)
        is_csca = issuer is None
        above = issuer or self
        builder = (x509.CertificateBuilder().subject_name(self.name).issuer_name(above.name)
                   .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(NOW + days[0] * DAY).not_valid_after(NOW + days[1] * DAY)
                   .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()),
                                  False)
                   .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
                       above.key.public_key()), False))
        authority = is_csca or purpose == "link"
        builder = builder.add_extension(x509.KeyUsage(
            signs and not authority, False, not signs, False, False, authority, authority, False,
            False), True)
        if authority:
            builder = builder.add_extension(x509.BasicConstraints(True, 0), True)
        if purpose == "master-list":
            builder = builder.add_extension(x509.ExtendedKeyUsage(
                [ObjectIdentifier("2.23.136.1.1.3")]), True)
        if types:
            value = tlv(0x30, tlv(0x02, b"\0"),
                        tlv(0x31, *[tlv(0x13, one.encode()) for one in types]))
            builder = builder.add_extension(x509.UnrecognizedExtension(
                ObjectIdentifier("2.23.136.1.1.6.2"), value), False)
        self.certificate = builder.sign(above.key, hashes.SHA256())

    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def save(self, folder, name):
        write(folder, name + ".der", self.der())
        write(folder, name + ".pem",
              self.certificate.public_bytes(serialization.Encoding.PEM) + pem(self.key))


def revocation_list(issuer, revoked, days=(-1, 30)):
    builder = (x509.CertificateRevocationListBuilder().issuer_name(issuer.name)
               .last_update(NOW + days[0] * DAY).next_update(NOW + days[1] * DAY))
    for holder in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
            .revocation_date(NOW - DAY).build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def sign_cms(folder, signer, content_type, content):
    source, target = os.path.join(folder, "content.tmp"), os.path.join(folder, "cms.tmp")
    write(folder, "content.tmp", content)
    openssl("cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-md", "sha256",
            "-econtent_type", content_type, "-in", source, "-outform", "DER", "-out", target,
            "-signer", os.path.join(folder, signer + ".pem"))
    cms = read(folder, "cms.tmp")
    os.remove(source)
    os.remove(target)
    return cms


def make_master_list(folder, signer, holders):
    certificates = sorted(holder.der() for holder in holders)
    return sign_cms(folder, signer, "2.23.136.1.1.2",
                    tlv(0x30, tlv(0x02, b"\0"), tlv(0x31, *certificates)))


# ---- card verifiable certificates ----


def cv_point(key):
    return key.public_key().public_bytes(serialization.Encoding.X962,
                                         serialization.PublicFormat.UncompressedPoint)


def cv_parameters():
    """P-256 (SEC 2)."""
    p = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    n = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    g = bytes.fromhex("046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
                      "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5")
    number = lambda value: value.to_bytes(32, "big")
    return [tlv(0x81, number(p)), tlv(0x82, number(p - 3)), tlv(0x83, number(b)), tlv(0x84, g),
            tlv(0x85, number(n))]


def cv_key(key, with_parameters):
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        size = lambda value: value.to_bytes((value.bit_length() + 7) // 8, "big")
        return tlv(0x7F49, oid("0.4.0.127.0.7.2.2.2.1.4"), tlv(0x81, size(numbers.n)),
                   tlv(0x82, size(numbers.e)))
    return tlv(0x7F49, oid("0.4.0.127.0.7.2.2.2.2.3"), *(cv_parameters() if with_parameters else []),
               tlv(0x86, cv_point(key)), *([tlv(0x87, b"\1")] if with_parameters else []))


def cv_sign(key, message):
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def cv_date(days):
    return bytes(int(digit) for digit in (NOW + days * DAY).strftime("%y%m%d"))


def cv_certificate(authority, authority_key, holder, key, rights, days=(-20, 400), link=False):
    own = authority == holder or link
    body = tlv(0x7F4E, tlv(0x5F29, b"\0"), tlv(0x42, authority.encode()), cv_key(key, own),
               tlv(0x5F20, holder.encode()),
               tlv(0x7F4C, oid("0.4.0.127.0.7.3.1.2.1"), tlv(0x53, bytes([rights]))),
               tlv(0x5F25, cv_date(days[0])), tlv(0x5F24, cv_date(days[1])))
    return tlv(0x7F21, body, tlv(0x5F37, cv_sign(authority_key, body)))


def make_terminals(folder, prefix, new_key):
    """CVCA, verifier and terminal; a link to the next CVCA; what must not be let in."""
    cvca, newer, dv, terminal, other = (new_key() for _ in range(5))
    save = lambda name, content: write(folder, prefix + name, content)
    save("CVCA.cvcert", cv_certificate(CVCA, cvca, CVCA, cvca, 0xC3))
    save("dv.cvcert", cv_certificate(CVCA, cvca, DV, dv, 0x83, (-10, 90)))
    save("is.cvcert", cv_certificate(DV, dv, IS, terminal, 0x03, (-5, 30)))
    save("is-iris.cvcert", cv_certificate(DV, dv, IS, terminal, 0x02, (-5, 30)))
    save("dv-expired.cvcert", cv_certificate(CVCA, cvca, DV, dv, 0x83, (-90, -40)))
    save("dv-forged.cvcert", cv_certificate(CVCA, other, DV, dv, 0x83))
    newest = CVCA[:-1] + "2"
    save("link.cvcert", cv_certificate(CVCA, cvca, newest, newer, 0xC3, link=True))
    save("dv-new.cvcert", cv_certificate(newest, newer, DV, dv, 0x83, (-10, 90)))
    save("terminal.pem", pem(terminal))
    save("other.pem", pem(other))
    save("is-other.cvcert", cv_certificate(DV, dv, IS, other, 0x03, (-5, 30)))


def make_state(folder):
    old = Holder("CSCA 1")
    new = Holder("CSCA 2")
    other = Holder("CSCA 1")
    holders = {
        "csca": old, "csca-new": new, "csca-other": other,
        "link": Holder("CSCA 2", old, key=new.key, purpose="link"),
        "signer": Holder("Signer", old, types=["P"]),
        "signer-new": Holder("Signer 2", new),
        "signer-expired": Holder("Signer 3", old, days=(-30, -2)),
        "signer-early": Holder("Signer 4", old, days=(5, 30)),
        "signer-revoked": Holder("Signer 5", old),
        "signer-usage": Holder("Signer 6", old, signs=False),
        "signer-visa": Holder("Signer 7", old, types=["V"]),
        "signer-foreign": Holder("Signer 8", old, country="XA"),
        "list-signer": Holder("Lister", old, purpose="master-list"),
        "stranger": Holder("Lister", other, purpose="master-list"),
    }
    for name, holder in holders.items():
        holder.save(folder, name)
    revoked = [holders["signer-revoked"]]
    write(folder, "crl.der", revocation_list(old, revoked))
    write(folder, "crl-expired.der", revocation_list(old, [], (-30, -1)))
    write(folder, "crl-forged.der", revocation_list(other, []))
    certificates = [old, new, holders["link"]]
    write(folder, "list.ml", make_master_list(folder, "list-signer", certificates))
    write(folder, "list-stranger.ml", make_master_list(folder, "stranger", certificates))
    write(folder, "list-signer.ml", make_master_list(folder, "signer", certificates))
    write(folder, "bundle.pem", b"".join(read(folder, name + ".pem").split(b"-----BEGIN PRIV")[0]
                                         for name in ("csca-new", "csca")))
    make_terminals(folder, "", lambda: ec.generate_private_key(ec.SECP256R1()))
    make_terminals(folder, "rsa-", lambda: rsa.generate_private_key(65537, 2048))


# ---- the passport ----


def check_digit(text):
    values = (ord(letter) - 55 if letter.isalpha() else 0 if letter == "<" else int(letter)
              for letter in text)
    return str(sum(value * (7, 3, 1)[i % 3] for i, value in enumerate(values)) % 10)


def make_mrz(state):
    """The ICAO specimen, who travels until 2032 (Doc 9303-4 section 4.2.2)."""
    number, birth, expiry, personal = "L898902C3", "740812", "320415", "ZE184226B<<<<<"
    checked = [field + check_digit(field) for field in (number, birth, expiry, personal)]
    upper = "P<%sERIKSSON<<ANNA<MARIA" % state
    lower = "%sUTO%sF%s%s" % tuple(checked)
    return (upper.ljust(44, "<") + lower + check_digit("".join(checked))).encode()


def chip_key(kind, folder):
    """The key of chip authentication, and its SecurityInfos."""
    path, public_path = os.path.join(folder, "CA.tmp"), os.path.join(folder, "CA.pub")
    is_dh = kind.startswith("dh")
    if is_dh:
        openssl("genpkey", "-algorithm", "DHX", "-pkeyopt", "dh_rfc5114:3", "-out", path)
    else:
        write(folder, "CA.tmp", pem(ec.generate_private_key(ec.BrainpoolP256R1())))
    private = read(folder, "CA.tmp")
    openssl("pkey", "-in", path, "-pubout", "-outform", "DER", "-out", public_path)
    public = read(folder, "CA.pub")
    os.remove(path)
    os.remove(public_path)
    number = 1 if is_dh else 2
    cipher = 1 if kind.endswith("3des") else 4
    return private, [
        tlv(0x30, oid("0.4.0.127.0.7.2.2.3.%d.%d" % (number, cipher)), tlv(0x02, b"\1")),
        tlv(0x30, oid("0.4.0.127.0.7.2.2.1.%d" % number), public)]


def active_key(kind):
    return (rsa.generate_private_key(65537, 2048) if kind == "rsa"
            else ec.generate_private_key(ec.SECP256R1()))


def make_groups(state, out, wishes):
    keys, groups = os.path.join(out, "keys"), {}
    groups[1] = tlv(0x61, tlv(0x5F1F, make_mrz(wishes.get("state", "UTO"))))
    groups[11] = tlv(0x6B, tlv(0x5C, bytes.fromhex("5F0E")), tlv(0x5F0E, b"ERIKSSON<<ANNA<MARIA"))
    infos = []
    kind = wishes.get("chip", "ecdh-aes")
    if kind != "none":
        private, infos = chip_key(kind, out)
        if wishes.get("wrong") == "CA":
            private = chip_key(kind, out)[0]
        write(keys, "CA.pem", private)
    if wishes.get("terminal"):
        groups[3] = tlv(0x63, tlv(0x7F61, tlv(0x02, b"\0")))
        infos.append(tlv(0x30, oid("0.4.0.127.0.7.2.2.2"), tlv(0x02, b"\1")))
        write(keys, "CVCA.cvcert", read(state, wishes["terminal"]))
    mapping = wishes.get("pace", "2")
    if mapping != "none":
        infos.append(tlv(0x30, oid("0.4.0.127.0.7.2.2.4.%s.2" % mapping), tlv(0x02, b"\2"),
                         tlv(0x02, b"\x0c")))
    if infos:
        groups[14] = tlv(0x6E, tlv(0x31, *sorted(infos)))
    if wishes.get("active", "none") != "none":
        key = active_key(wishes["active"])
        groups[15] = tlv(0x6F, spki(key))
        if wishes.get("wrong") != "AA":
            write(keys, "AA.pem", pem(key))
    return groups


TAGS = {1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 11: 0x6B, 14: 0x6E, 15: 0x6F}


def make_passport(state, out, wishes):
    os.makedirs(os.path.join(out, "keys"), exist_ok=True)
    groups = make_groups(state, out, wishes)
    com = tlv(0x60, tlv(0x5F01, b"0107"), tlv(0x5F36, b"040000"),
              tlv(0x5C, bytes(TAGS[number] for number in sorted(groups))))
    sha256 = tlv(0x30, oid("2.16.840.1.101.3.4.2.1"))
    hashed = [tlv(0x30, tlv(0x02, bytes([number])), tlv(0x04, hashlib.sha256(groups[number]).digest()))
              for number in sorted(groups)]
    cms = sign_cms(state, wishes.get("signer", "signer"), "2.23.136.1.1.1",
                   tlv(0x30, tlv(0x02, b"\0"), sha256, tlv(0x30, *hashed)))
    if wishes.get("forged"):
        # DG11 gets another hash, and the SOD says so; what was signed did not.
        groups[11] = groups[11].replace(b"ANNA", b"EMMA")
        cms = cms.replace(hashed[1 if 3 not in groups else 2],
                          tlv(0x30, tlv(0x02, b"\x0b"),
                              tlv(0x04, hashlib.sha256(groups[11]).digest())))
    if wishes.get("replace") == "DG11":
        groups[11] = groups[11].replace(b"ANNA", b"EMMA")
    lds = os.path.join(out, "lds")
    write(lds, "COM", com)
    write(lds, "SOD", tlv(0x77, cms))
    for number, content in groups.items():
        write(lds, "DG%d" % number, content)


def main(words):
    if words[:1] == ["state"] and len(words) == 2:
        make_state(words[1])
    elif words[:1] == ["passport"] and len(words) >= 3:
        make_passport(words[1], words[2], dict(word.split("=", 1) for word in words[3:]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
