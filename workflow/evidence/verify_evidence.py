#!/usr/bin/env python3
"""Checks, with Python alone, that a letter or a figure of an annual report is in the record of an office.

    python3 verify_evidence.py LETTER.pdf LETTER.proof --checkpoint FILE --key KEY [--key KEY ...]
    python3 verify_evidence.py REPORT.json FIGURE.proof --checkpoint FILE --key KEY [--key KEY ...]

FILE is a checkpoint that somebody else countersigned and kept. KEY is a public key in one line
(name+id+base64): the office's own, and that of each who countersigned. How all is made: docs/evidence.md,
C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof, RFC 6962, RFC 8032.

Exit status: 0 proved, 1 not proved, 2 something could not be read.
"""

import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys
from typing import Any, TypeVar

Held = TypeVar("Held")
Point = tuple[int, int, int, int]
Signature = tuple[str, bytes, bytes]
Key = tuple[str, int, bytes, bytes]
Checkpoint = tuple[str, int, bytes]
Entry = tuple[list[Any], dict[str, Any], str]


class NotProved(Exception):
    """The files can be read, and do not prove what they should."""


class Unreadable(Exception):
    """A file is not there, or is not what it should be."""


def require(holds: Held | None, otherwise: str, kind: type[Exception] = NotProved) -> Held:
    """Go on only if this holds, and with it."""
    if not holds:
        raise kind(otherwise)
    return holds


# Ed25519 (RFC 8032), for verifying alone: nothing here is secret, so it may be slow and plain.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a: Point, b: Point) -> Point:
    """The sum of two points, each as X, Y, Z, T."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def times(number: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes stand for; None if none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * ROOT_OF_MINUS_ONE % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    return (x, y, 1, x * y % P) if x & 1 == sign else (P - x, y, 1, (P - x) * y % P)


BASE = require(point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")), "")


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is of this message and key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = times(scalar, BASE), add(commitment, times(int.from_bytes(digest, "little") % Q, key))
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


def decoded(text: str) -> bytes:
    """Bytes from base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Unreadable(f"not base64: {text[:40]}") from None


def key_of(text: str) -> Key:
    """Name, type, 32 bytes and id of a public key."""
    matched = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})", text.strip())
    written = require(matched, f"not a public key: {text[:60]}", Unreadable)
    name, data = written[1], decoded(written[3])
    key_id = sha256(name.encode(), b"\n", data)[:4]
    wrong = f"not a public key, or its id is not its own: {text[:60]}"
    require(data[0] in (1, 4) and key_id.hex() == written[2], wrong, Unreadable)
    return name, data[0], data[1:], key_id


def note_of(text: str) -> tuple[str, list[Signature]]:
    """The text of a signed note and its signatures."""
    body, found, lines = text.rpartition("\n\n")
    signatures = []
    for line in lines.splitlines():
        matched = re.fullmatch(r"— (\S+) (\S+)", line)
        said = require(matched, "a line of signatures cannot be read", Unreadable)
        data = decoded(said[2])
        signatures.append((said[1], data[:4], data[4:]))
    require(found and signatures, "not a signed note", Unreadable)
    return body + "\n", signatures


def checkpoint_of(text: str) -> Checkpoint:
    """Origin, size and root of a checkpoint's text."""
    lines = text.split("\n")
    sound = len(lines) >= 4 and lines[0] and re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1])
    require(sound and len(decoded(lines[2])) == 32, "not a checkpoint", Unreadable)
    return lines[0], int(lines[1]), decoded(lines[2])


def signers(text: str, signatures: list[Signature], keys: list[Key]) -> list[tuple[str, int | None]]:
    """Who of the known keys signed: name, and the moment for a countersignature (None for the office)."""
    found: list[tuple[str, int | None]] = []
    for name, kind, public, key_id in keys:
        for signature in (one[2] for one in signatures if one[:2] == (name, key_id)):
            moment, message = None, text.encode()
            if kind == 4:
                moment = int.from_bytes(signature[:8], "big")
                message = f"cosignature/v1\ntime {moment}\n{text}".encode()
            holds = signature_holds(public, message, signature[-64:])
            require(holds, f"the signature of {name} does not hold")
            found.append((name, moment))
    return found


def sha256(*parts: bytes) -> bytes:
    """The hash of some bytes."""
    return hashlib.sha256(b"".join(parts)).digest()


def root_from(data: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root (RFC 6962) to which a path leads from a leaf; None if it is no path in a tree of this size."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, sha256(b"\0", data)
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = sha256(b"\1", step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = sha256(b"\1", found, step)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def included(entry: bytes, index: int, path: list[bytes], point: Checkpoint, other: str = "") -> Entry:
    """What an entry says, as a list, its payload and its hash; NotProved if its path leads elsewhere."""
    said = json.loads(entry)
    require(said[1] == index + 1, "the entry does not stand where the proof says")
    within = root_from(sha256(entry), index, point[1], path) == point[2]
    require(within, other or "an entry is not in the record, or was changed")
    return said, json.loads(said[12]), sha256(entry).hex()


def vouched(note: str, kept: str | None, keys: list[Key]) -> tuple[Checkpoint, list[str]]:
    """Origin, size and root of a proof's checkpoint, and lines on who signed it."""
    text, signatures = note_of(note)
    point, signed = checkpoint_of(text), set(signers(text, signatures, keys))
    if kept is not None:
        kept_text, kept_signatures = note_of(kept)
        origin, size, _ = checkpoint_of(kept_text)
        require(origin == point[0], "the checkpoint that was kept is of another record")
        stands = f"the proof stands on {point[1]} entries, the checkpoint that was kept on {size}"
        require(size == point[1], f"{stands}: ask for a proof against the one that was kept")
        require(kept_text == text, "the office gave out two records of one length: this is not the one kept")
        signed |= set(signers(kept_text, kept_signatures, keys))
    require((point[0], None) in signed, "no signature of the office under a key that was given")
    by_others = sorted(((name, at) for name, at in signed if at is not None), key=str)
    seen = [(name, datetime.datetime.fromtimestamp(at, datetime.timezone.utc)) for name, at in by_others]
    lines = [f"  and was seen and countersigned by {who} at {at:%Y-%m-%d %H:%M} UTC." for who, at in seen]
    alone = ["  and by nobody else: that the office has only one record is NOT proved."]
    return point, ["  the record with this in it is signed by the office,", *(lines or alone)]


def letter(pdf: bytes, proof: str, kept: str | None, keys: list[Key]) -> list[str]:
    """What is proved of a letter, as lines."""
    above, found, note = proof.partition("\n\n")
    lines = above.split("\n")
    require(found and lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 2, "not a proof", Unreadable)
    matched = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[2]) if lines[1].startswith("extra ") else None
    index = int(require(matched, "not a proof of this kind", Unreadable)[1])
    path, digest = [decoded(line) for line in lines[3:]], sha256(pdf).hex()
    place = rb"\"sha256\":\"%s\""  # left out of the proof: put in what this PDF gives
    entry = decoded(lines[1][6:]).replace(place % b"", place % digest.encode(), 1)
    point, lines = vouched(note, kept, keys)
    other = "the proof is of another letter than this PDF, or the PDF or the proof was changed"
    said, payload, _ = included(entry, index, path, point, other)
    require(said[5] == "letter_made" and payload.get("sha256") == digest, other)
    return [
        f"PROVED: this PDF (SHA-256 {digest})",
        f"  is the letter {payload.get('number') or payload.get('code')} in the record of {point[0]},",
        f"  entry {index + 1} of {point[1]}, recorded {said[7]}, legal day {said[6]};",
        *lines,
        "Not proved by this: what the letter says is right, when it was sent, or that it arrived.",
    ]


def figure(report: bytes, proof: str, kept: str | None, keys: list[Key]) -> list[str]:
    """What is proved of a figure of an annual report, as lines: its cases, each with its entries."""
    told = json.loads(proof)
    point, lines = vouched(told["checkpoint"], kept, keys)

    def opened(one: dict[str, Any]) -> Entry:
        return included(decoded(one["text"]), one["index"], [decoded(step) for step in one["path"]], point)

    said, payload, _ = opened(told["report"])
    ours, shown, (table, row, column) = payload["figures"], json.loads(report)["report"], told["cell"]
    same = all(ours[key] == shown[key] for key in ("unit", "year", "table3", "table4"))
    require(said[5] == "report_closed" and same, "the report is not the one recorded, or it was changed")
    root, size, cases, total = payload["cases"]["root"], payload["cases"]["size"], dict[int, str](), 0
    for case in told["cases"]:
        leaf, path = decoded(case["leaf"]), [decoded(step) for step in case["path"]]
        found = root_from(leaf, case["index"], size, path)
        require(found == decoded(root), "a case that is shown is none of those of the report")
        entries, inner = [opened(one) for one in case["entries"]], json.loads(leaf)
        key, course = entries[0][0][2], [(said[2], said[3]) for said, _, _ in entries]
        whole = [[said[1], text] for said, _, text in entries] == inner["entries"]
        whole = whole and course == [(key, n + 1) for n in range(len(entries))]
        require(whole, "the entries that are shown are not those that the case had")
        (times,) = [n for *where, n in inner["cells"] if where == told["cell"]] or [0]
        require(key not in cases and times > 0, "a case is shown twice, or is not counted there")
        cases[key], total = "; ".join(f"{said[6]} {said[5]}" for said, _, _ in entries), total + times
    count = ours[table][row][column]
    require(total == count, f"the report says {count}, the cases that are shown give {total}")
    return [
        f"PROVED: {table}, {row}, {column}: {count} in the report of {ours['unit']}, {ours['year']}, as closed,",
        f"  whose root over {size} cases, as it is printed in it, is {root};",
        f"  entry {said[1]} of {point[1]} in the record of {point[0]}, recorded {said[7]};",
        *lines,
        *(f"Case {key}: {course}" for key, course in cases.items()),
        "Not proved by this: that each case is counted where it should be; its entries are there to be read.",
    ]


def check(file: bytes, proof: str, kept: str | None, keys: list[Key]) -> list[str]:
    """What is proved, as lines; NotProved or Unreadable otherwise."""
    try:
        return (figure if proof.startswith("{") else letter)(file, proof, kept, keys)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise Unreadable("what is in these files cannot be read, or is not of this kind") from None


def main() -> int:
    """The command."""
    asked = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    asked.add_argument("letter", help="the letter (PDF), or the report (JSON)")
    asked.add_argument("proof")
    asked.add_argument("--checkpoint", help="a checkpoint that somebody else countersigned and kept")
    asked.add_argument("--key", action="append", required=True, help="a public key, or a file with some")
    given = asked.parse_args()
    try:
        pdf, proof = pathlib.Path(given.letter).read_bytes(), pathlib.Path(given.proof).read_text("utf-8")
        kept = pathlib.Path(given.checkpoint).read_text("utf-8") if given.checkpoint else None
        texts = [one if "+" in one else pathlib.Path(one).read_text("utf-8") for one in given.key]
        keys = [key_of(line) for text in texts for line in text.splitlines() if line.strip()]
        print("\n".join(check(pdf, proof, kept, keys)))
    except NotProved as fault:
        print(f"NOT PROVED: {fault}")
        return 1
    except (Unreadable, OSError, UnicodeDecodeError) as fault:
        said = "a file that should be text is none" if isinstance(fault, UnicodeDecodeError) else fault
        print(f"CANNOT BE READ: {said}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
