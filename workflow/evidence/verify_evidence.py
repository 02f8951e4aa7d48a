#!/usr/bin/env python3
"""Checks, with Python alone, that the PDF of a letter is in the record of a disclosure office.

    python3 verify_evidence.py LETTER.pdf LETTER.proof --checkpoint FILE --key KEY [--key KEY ...]

LETTER.proof came with the letter. FILE is a checkpoint that somebody else countersigned and kept. KEY is a
public key in one line (name+id+base64): the office's own, and that of each who countersigned. All of it is
text; how it is made is written in docs/evidence.md of the program, and in the public specifications C2SP
signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, and RFC 6962 and RFC 8032.

Exit status: 0 proved, 1 not proved, 2 something could not be read.
"""

import argparse
import base64
import datetime
import hashlib
import json
import re
import sys


class NotProved(Exception):
    """The files can be read, and do not prove what they should."""


class Unreadable(Exception):
    """A file is not there, or is not what it should be."""


# --- Ed25519 (RFC 8032), for verifying alone: nothing here is secret, so it may be slow and plain

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a, b):
    """The sum of two points, each as X, Y, Z, T."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def times(number, point):
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def point_of(data):
    """The point that 32 bytes stand for; None if none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public, message, signature):
    """Whether an Ed25519 signature is of this message and key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = times(scalar, BASE)
    right = add(commitment, times(int.from_bytes(digest, "little") % Q, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- texts


def decoded(text):
    """Bytes from base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unreadable(f"not base64: {text[:40]}") from None


def key_of(text):
    """Name, type, 32 bytes and id of a public key."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Unreadable(f"not a public key: {text[:60]}")
    data = decoded(parts[2])
    key_id = hashlib.sha256(parts[0].encode("utf-8", "replace") + b"\n" + data).digest()[:4]
    if len(data) != 33 or data[0] not in (1, 4) or key_id.hex() != parts[1]:
        raise Unreadable(f"not a public key, or its id is not its own: {text[:60]}")
    return parts[0], data[0], data[1:], key_id


def note_of(text):
    """The text of a signed note and its signatures."""
    body, found, lines = text.rpartition("\n\n")
    signatures = []
    for line in lines.splitlines():
        matched = re.fullmatch(r"— (\S+) (\S+)", line)
        if not matched:
            raise Unreadable("a line of signatures cannot be read")
        data = decoded(matched[2])
        signatures.append((matched[1], data[:4], data[4:]))
    if not found or not signatures:
        raise Unreadable("not a signed note")
    return body + "\n", signatures


def checkpoint_of(text):
    """Origin, size and root of a checkpoint's text."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise Unreadable("not a checkpoint")
    root = decoded(lines[2])
    if len(root) != 32:
        raise Unreadable("not a checkpoint")
    return lines[0], int(lines[1]), root


def signers(text, signatures, keys):
    """Who of the known keys signed: name, and the moment for a countersignature (None for the office)."""
    found = []
    for name, kind, public, key_id in keys:
        for signed_name, signed_id, signature in signatures:
            if (signed_name, signed_id) != (name, key_id):
                continue
            moment, message = None, text.encode()
            if kind == 4:
                moment = int.from_bytes(signature[:8], "big")
                message = f"cosignature/v1\ntime {moment}\n{text}".encode()
            if not signature_holds(public, message, signature[-64:]):
                raise NotProved(f"the signature of {name} does not hold")
            found.append((name, moment))
    return found


def proof_of(text):
    """Entry, index, path and checkpoint of a proof."""
    above, found, note = text.partition("\n\n")
    lines = above.split("\n")
    if not found or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 3:
        raise Unreadable("not a proof")
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[2])
    if not lines[1].startswith("extra ") or not index:
        raise Unreadable("not a proof of this kind")
    return decoded(lines[1][6:]), int(index[1]), [decoded(line) for line in lines[3:]], note


# --- the tree (RFC 6962; the way of checking is that of RFC 9162, 2.1.3.2)


def joined(left, right):
    """The hash of a node over two."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_from(leaf, index, size, path):
    """The root to which a path leads; None if it is no path in a tree of this size."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = joined(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = joined(found, step)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


# --- the check


def check(pdf, proof, kept, keys):
    """What is proved, as lines; NotProved or Unreadable otherwise."""
    entry, index, path, note = proof_of(proof)
    try:
        said = json.loads(entry)
        event, day, recorded, payload = said[5], said[6], said[7], json.loads(said[12])
    except (ValueError, IndexError, TypeError):
        raise Unreadable("the entry in the proof cannot be read") from None
    digest = hashlib.sha256(pdf).hexdigest()
    if event != "letter_made" or payload.get("sha256") != digest:
        raise NotProved("the proof is of another letter than this PDF, or the PDF was changed")
    if said[1] != index + 1:
        raise NotProved("the entry does not stand where the proof says")
    text, signatures = note_of(note)
    origin, size, root = checkpoint_of(text)
    leaf = hashlib.sha256(b"\0" + hashlib.sha256(entry).digest()).digest()
    if root_from(leaf, index, size, path) != root:
        raise NotProved("the path does not lead from the entry to the root of the checkpoint")
    signed = signers(text, signatures, keys)
    if kept is not None:
        kept_text, kept_signatures = note_of(kept)
        if checkpoint_of(kept_text)[0] != origin:
            raise NotProved("the checkpoint that was kept is of another record")
        if checkpoint_of(kept_text)[1] != size:
            raise NotProved(
                f"the proof stands on {size} entries, the checkpoint that was kept on "
                f"{checkpoint_of(kept_text)[1]}: ask for a proof against the one that was kept"
            )
        if kept_text != text:
            raise NotProved(
                "the office gave out two records of the same length: this one is not the one kept"
            )
        signed = sorted({*signed, *signers(kept_text, kept_signatures, keys)}, key=str)
    if not any(moment is None for _, moment in signed):
        raise NotProved("no signature of the office under a key that was given")
    witnesses = [(name, moment) for name, moment in signed if moment is not None]
    lines = [
        f"PROVED: this PDF (SHA-256 {digest})",
        f"  is the letter {payload.get('number') or payload.get('code')} in the record of {origin},",
        f"  entry {index + 1} of {size}, recorded {recorded}, legal day {day};",
        "  the record with this entry in it is signed by the office,",
    ]
    for name, moment in witnesses:
        when = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc)
        lines.append(f"  and was seen and countersigned by {name} at {when:%Y-%m-%d %H:%M} UTC.")
    if not witnesses:
        lines.append("  and by nobody else: that the office has only one record is NOT proved.")
    lines.append("Not proved by this: what the letter says is right, when it was sent, or that it arrived.")
    return lines


def read(path, binary=False):
    """A file's bytes, or its text."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        return data if binary else data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise Unreadable(f"{path}: {fault}") from None


def main():
    """The command."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("letter")
    asked.add_argument("proof")
    asked.add_argument("--checkpoint", help="a checkpoint that somebody else countersigned and kept")
    asked.add_argument("--key", action="append", required=True, help="a public key, or a file with some")
    given = asked.parse_args()
    try:
        keys = []
        for one in given.key:
            lines = [one] if "+" in one else read(one).splitlines()
            keys += [key_of(line) for line in lines if line.strip()]
        kept = read(given.checkpoint) if given.checkpoint else None
        print("\n".join(check(read(given.letter, binary=True), read(given.proof), kept, keys)))
        return 0
    except NotProved as fault:
        print(f"NOT PROVED: {fault}")
        return 1
    except Unreadable as fault:
        print(f"CANNOT BE READ: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
