"""A checkpoint on paper: whoever holds the sheet holds the state of the record of that day.

He can show with it later that nothing before was cut off or rewritten.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, NamedTuple

from workflow.base import dates, qr_codes
from workflow.base.messages import N_, translate
from workflow.evidence import checkpoints, notes

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workflow.office.profile import Office

# More than this is not read from a printed code: the office's own signature is enough then.
_MOST = 1200


class Stamp(NamedTuple):
    """A checkpoint that was given out: what the sheet says of it, and the signed note for its code."""

    lines: list[str]
    note: str

    def block(self, *more: str) -> dict[str, Any]:
        """As pages take it: the lines, then `more`, and the code as a drawing."""
        return {"lines": [*self.lines, *more], "svg": qr_codes.svg(self.note, self.lines[0])}


def newest(connection: Connection, office: Office) -> Stamp | None:
    """What is printed of the newest checkpoint of an office; None where none was given out."""
    kept = checkpoints.newest(connection, office.id)
    return of(connection, office, kept) if kept else None


def of(connection: Connection, office: Office, kept: checkpoints.Kept, *, own_only: bool = False) -> Stamp:
    """What is printed of a checkpoint that was given out; with `own_only` without the signatures of others,
    which come later and would alter a sheet that was made before.
    """
    note = checkpoints.covering(connection, office.id, kept.size, oldest=True)
    assert note is not None
    point = notes.checkpoint_of(note.text)
    others = [] if own_only else [name for name, _, _ in note.signatures if name != point.origin]
    own = notes.Note(note.text, tuple(one for one in note.signatures if one[0] == point.origin))
    whole = str(note)
    said = [
        translate(
            N_("Checkpoint of the record: {size} entries, {moment}"),
            size=point.size,
            moment=dates.china_time(kept.made_at),
        ),
        translate(N_("Log: {origin}"), origin=point.origin),
        translate(N_("Root: {root}"), root=base64.b64encode(point.root).decode()),
    ]
    if others:
        said.append(translate(N_("Countersigned by: {names}"), names=", ".join(others)))
    said.append(
        translate(
            N_(
                "The code holds the signed checkpoint; verify_evidence.html, which lies beside every proof, checks it."
            )
        )
    )
    return Stamp(said, whole if len(whole) <= _MOST and not own_only else str(own))
