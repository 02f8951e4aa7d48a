"""Checkpoints given out by a schedule: to a medium or by mail, to lie where nobody of the office takes
them back. It is remembered where each went and when, so that `doctor` says of one that stayed away.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.base import file_names, merkle, whole_files
from workflow.base.errors import Damaged, Environment, Malformed
from workflow.base.messages import N_, translate
from workflow.evidence import checkpoints, notes
from workflow.office import mail_message, smtp
from workflow.office.smtp_faults import WayOn
from workflow.storage import tree

if TYPE_CHECKING:
    from workflow.evidence.notes import Checkpoint
    from workflow.office.seat import Seat

ENDING = ".checkpoint"
# What may have gone out is given again: two of the same checkpoint do no harm.
_WAY_ON = WayOn(
    "disclosure evidence checkpoint --mail …",
    N_("Ask whoever runs the mail server, or the recipient; or give it once more: {again}"),
)
_MEMORY = "checkpoints-given.json"
_KEEP = N_(
    "Keep this message: with it can be shown later that no entry up to then was cut off or changed (docs/evidence.md)."
)


@dataclass(frozen=True)
class Given:
    """The last checkpoint that went to a place: of which office, how many entries, when (UTC)."""

    office: str
    place: str
    size: int
    at: str


def to_folder(seat: Seat, folder: Path) -> Path:
    """Write the newest checkpoint into a folder on a medium; its file. Damaged where the last one that lies
    there is of another record than ours: then nothing is written.
    """
    if not folder.is_dir():
        raise Environment(
            N_("{path} is not there."),
            field="to",
            path=str(folder),
            way_on=N_("Attach the medium, or name another folder."),
        )
    note = checkpoints.make(seat)
    point = notes.checkpoint_of(note.text)
    _require_continued(seat, folder, point)
    path = folder / _name(seat, point)
    whole_files.write(path, str(note).encode(), replace=True)
    _remember(seat, str(folder.absolute()), point)
    return path


def by_mail(seat: Seat, to: str) -> bool:
    """Mail the newest checkpoint; whether there was one that this address does not have yet. MailFault where
    the server does not take it.
    """
    settings = smtp.settings(seat.office)
    if settings is None:
        raise Environment(
            N_("The office file names no mail server, so that nothing can be sent."),
            field="mail",
            way_on=N_("Set it: disclosure mail setup, see docs/posting.md"),
        )
    note = checkpoints.make(seat)
    point = notes.checkpoint_of(note.text)
    if any((one.place, one.size) == (to, point.size) for one in given(seat.store.folder, seat.office.key)):
        return False
    message = mail_message.compose(
        settings,
        to=to,
        subject=translate(
            N_("Checkpoint of {office}: {size} entries"), office=seat.office.name, size=point.size
        ),
        text=f"{translate(_KEEP)}\n\n{note}",
        id=mail_message.message_id(settings.sender, "checkpoint", note.text, to),
        at=seat.now(),
        attachments=[(_name(seat, point), str(note).encode(), "application/octet-stream")],
    )
    smtp.deliver(settings, message, _WAY_ON)
    _remember(seat, to, point)
    return True


def given(beside: Path, office: str | None = None) -> list[Given]:
    """Where checkpoints went from here, of all offices or one."""
    try:
        found = [Given(**one) for one in json.loads((beside / _MEMORY).read_bytes())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        raise Damaged(
            N_("{path} is not what was written."),
            path=str(beside / _MEMORY),
            way_on=N_("Take it away: checkpoints are then given out anew."),
        ) from None
    return [one for one in found if office in (None, one.office)]


def _require_continued(seat: Seat, folder: Path, point: Checkpoint) -> None:
    """Damaged unless the last checkpoint on the medium is of this record."""
    with seat.store.reading() as connection:
        node = tree.Kept(connection, seat.office.id).node
        for path in sorted(folder.glob(f"*{ENDING}"), reverse=True):
            try:
                last = notes.checkpoint_of(notes.read(path.read_text(encoding="utf-8")).text)
            except (Malformed, OSError, UnicodeDecodeError):
                continue
            if last.origin != point.origin:
                continue
            if last.size > point.size or merkle.root_at(last.size, node) != last.root:
                raise checkpoints.rewritten(last.size)
            return


def _name(seat: Seat, point: Checkpoint) -> str:
    return file_names.made(seat.office.key, f"{point.size:09d}", ending=ENDING)


def _remember(seat: Seat, place: str, point: Checkpoint) -> None:
    now = Given(seat.office.key, place, point.size, seat.moment())
    others = [one for one in given(seat.store.folder) if (one.office, one.place) != (now.office, now.place)]
    whole_files.write_json(seat.store.folder / _MEMORY, [asdict(one) for one in [*others, now]])
