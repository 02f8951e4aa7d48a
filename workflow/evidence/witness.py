"""A witness: signs that what he is shown continues what he saw last. He keeps nothing but that, for each log.

Needs no database and no network: files on a stick are enough.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflow.base import merkle, whole_files
from workflow.base.errors import Conflict, Damaged, Malformed, Refused
from workflow.base.messages import N_
from workflow.evidence import notes, requests
from workflow.evidence.notes import Checkpoint, Key, Note

RULE = "house:evidence"


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint with the witness's signature, and what he had seen before it."""

    note: Note
    point: Checkpoint
    before: int
    first: bool


def cosign(
    text: str, state: Path, name: str, key: Ed25519PrivateKey, moment: int, log_key: Key | None = None
) -> Cosigned:
    """Check a request against what was seen last, and sign it; `state` is the file of what was seen.

    The first time a log is seen, its key has to be given, as the office printed it; from then on it is
    remembered. Refused where the signature is not that key's, or the log does not continue what was seen;
    Conflict where what was seen last is not what the office thought.
    """
    old, proof, note = requests.read(text)
    point = notes.checkpoint_of(note.text)
    seen = _seen(state)
    last = seen.get(point.origin)
    known = notes.read_key(str(last["key"])) if last else log_key
    if known is None:
        raise Malformed(
            N_("The log {origin} is seen for the first time: its public key is needed."),
            field="log_key",
            origin=point.origin,
            way_on=N_("Give it with --log-key, as the office printed it: disclosure evidence key"),
        )
    if (log_key is not None and log_key != known) or note.signed_by(known) is None:
        raise Refused(
            N_("The checkpoint of {origin} is not signed by the key known for it."),
            rule=RULE,
            origin=point.origin,
            way_on=N_("Ask the office which key is its own, by another way than this file."),
        )
    before = int(last["size"]) if last else 0
    if before > point.size:
        raise Refused(
            N_("{size} entries are fewer than the {before} that were seen of {origin}: entries are missing."),
            rule=RULE,
            size=point.size,
            before=before,
            origin=point.origin,
            way_on=N_("Sign nothing, keep both files, and tell who supervises the office."),
        )
    if last is not None:
        if old != before:
            raise Conflict(
                N_("The request begins with {old} entries; seen were {before}."),
                old=old,
                before=before,
                way_on=N_("Ask for one that begins there: disclosure evidence request --old {before}"),
            )
        root = bytes.fromhex(str(last["root"]))
        if not merkle.continues(before, root, point.size, point.root, proof):
            raise Refused(
                N_("What is shown of {origin} does not continue what was seen: its record was rewritten."),
                rule=RULE,
                origin=point.origin,
                way_on=N_("Sign nothing, keep both files, and tell who supervises the office."),
            )
    made = note.joined_with([notes.cosign(note.text, name, key, moment)])
    # What was seen is written before the signature is given away: he never signs two histories.
    seen[point.origin] = {"key": known.text, "size": point.size, "root": point.root.hex(), "note": str(made)}
    whole_files.write(state, json.dumps(seen, ensure_ascii=False, indent=1).encode(), replace=True)
    return Cosigned(made, point, before, last is None)


def _seen(state: Path) -> dict[str, dict[str, str | int]]:
    try:
        found: dict[str, dict[str, str | int]] = json.loads(state.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        found = {}
    sound = isinstance(found, dict) and all(
        isinstance(one, dict) and {"key", "size", "root"} <= one.keys() for one in found.values()
    )
    if not found or not sound:
        raise Damaged(
            N_("{path} is not what a witness wrote."),
            path=str(state),
            way_on=N_("Put back the copy that was kept of it: without it nothing can be compared."),
        )
    return found
