"""What goes to a witness, as text: what he saw last, the proof, the checkpoint (C2SP tlog-witness, the body
of add-checkpoint).
"""

from __future__ import annotations

import base64
import binascii

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.evidence import notes
from workflow.evidence.notes import Note

_OLD = later(r"old (0|[1-9][0-9]{0,18})")
MOST_STEPS = 63


def written(old: int, proof: list[bytes], note: Note) -> str:
    """The text of a request."""
    lines = [f"old {old}", *(base64.b64encode(step).decode() for step in proof)]
    return "\n".join(lines) + "\n\n" + str(note)


def read(text: str) -> tuple[int, list[bytes], Note]:
    """What was seen last, the proof and the checkpoint of a request; Malformed where it is none."""
    above, found, note = text.partition("\n\n")
    first, *steps = above.split("\n")
    matched = _OLD.fullmatch(first)
    try:
        proof = [base64.b64decode(step, validate=True) for step in steps]
    except binascii.Error:
        proof = [b""]
    if matched is None or not found or len(proof) > MOST_STEPS or any(len(step) != 32 for step in proof):
        raise Malformed(
            N_("This is no request to a witness."),
            field="request",
            way_on=N_("It is made by the office: disclosure evidence request --old N --out FILE"),
        )
    return int(matched[1]), proof, notes.read(note)
