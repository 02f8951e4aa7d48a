"""What the post office takes and brings back: posting a batch, numbers of registered mail, delivery and
return.

Every piece is an act of its own on its case, in its own unit of work: one that is refused does not hold up
the others, and a run that was interrupted is simply repeated.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from workflow.base.errors import Conflict, DisclosureError, NotFound, Refused
from workflow.base.messages import N_, listed, translate
from workflow.cases import letter_life
from workflow.cases.letter_life import Stage
from workflow.cases.states import ClockState
from workflow.casework.desk import Desk
from workflow.casework.opened import Done, open_case
from workflow.delivery import batches, post_lists
from workflow.delivery.post_tracking import Seen
from workflow.delivery.to_be_posted import BATCHES, PIECES, Piece
from workflow.procedure import letter_truth, mail_numbers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


# --- posting a batch


def post(
    desk: Desk, number: str, on: date | None = None, file: Path | None = None, seen: Seen = lambda: None
) -> list[dict[str, Any]]:
    """Record that a batch was posted: one act for each piece; the result of each, in posting order.

    Pieces that were recorded before are left as they are, but take a tracking number that came later.
    """
    batch = batches.open_(desk, number)
    if batch.state == "dropped":
        raise Refused(
            N_("The batch {number} was dropped."),
            rule="house:service",
            number=batch.number,
            way_on=N_("Put its letters together anew: disclosure posting make"),
        )
    day = on or batch.on
    numbers, results, held = _numbers(desk, batch, file)
    for piece in batch.pieces:
        result = {
            "place": piece.place,
            "case": piece.case,
            "letters": piece.names,
            "status": "posted",
            "message": None,
            "late": None,
            "tracking": numbers.get(piece.place) or piece.tracking,
        }
        try:
            if piece.posted_on is not None:
                result["status"] = (
                    "known" if not _later(desk, piece, numbers.get(piece.place)) else "numbered"
                )
            elif piece.place in held:
                # What was handed in under a number that is none, or another's, is not known to have gone.
                result |= {"status": "held", "message": held[piece.place]}
            else:
                result["late"] = _posted(desk, piece, day, numbers.get(piece.place))
        except DisclosureError as fault:
            result |= {"status": "refused", "message": fault.text, "fault": fault}
        results.append(result)
        seen()
    with desk.store.writing() as connection:
        rest = (
            select(func.count())
            .select_from(PIECES)
            .where(PIECES.c.batch_id == batch.id, PIECES.c.posted_on.is_(None))
        )
        if not connection.execute(rest).scalar_one():
            last = select(func.max(PIECES.c.posted_on)).where(PIECES.c.batch_id == batch.id)
            connection.execute(
                update(BATCHES)
                .where(BATCHES.c.id == batch.id, BATCHES.c.state == "made")
                .values(state="posted", posted_on=last.scalar_subquery())
            )
    return results


def _posted(desk: Desk, piece: Piece, day: date, number: str | None) -> str | None:
    """The act for a piece; the last day for the reply, where it was posted after it."""

    def mark(connection: Connection, _: Done) -> None:
        changed = connection.execute(
            update(PIECES)
            .where(PIECES.c.id == piece.id, PIECES.c.posted_on.is_(None))
            .values(posted_on=day, tracking=number)
        )
        if changed.rowcount != 1:
            raise Conflict(
                N_("The piece no. {place} of this batch was changed meanwhile."),
                place=piece.place,
                way_on=N_("See them with: disclosure posting list"),
            )

    _require_true(desk, piece)
    more = {"tracking": number} if number else {}
    if piece.decides:
        done = desk.act(piece.case, "dispatch", {"served_by": "post", **more}, on=day, also=mark)
        clock = next((one for one in done.clocks if one.rule == "reply.limit"), None)
        return (
            clock.deadline.due.isoformat() if clock is not None and clock.state == ClockState.LATE else None
        )
    facts = {"letter": [str(letter.id) for letter in piece.letters], **more}
    desk.act(piece.case, "letter_posted", facts, on=day, also=mark)
    return None


def _require_true(desk: Desk, piece: Piece) -> None:
    """Refused where a letter of the piece says what is no longer so since the batch was made."""
    with desk.store.reading() as connection:
        case = open_case(desk, connection, piece.case).case
    for letter in piece.letters:
        life = letter_life.of_letter(case.lives, letter.id)
        if life is None or life.stage == Stage.VOID:
            continue
        if letter_truth.standing(case, life) != letter_truth.Standing.TRUE:
            raise Refused(
                N_("What {letter} says is no longer so: take it out of the envelope."),
                rule="house:untrue",
                field="letter",
                letter=letter.number or letter.code,
                way_on=N_(
                    "Let go of what was not posted (disclosure posting drop {batch}) and put it together anew."
                ),
                batch="BATCH",
            )


def _later(desk: Desk, piece: Piece, number: str | None) -> bool:
    """A tracking number that came after the posting; Refused where the piece has another."""
    if number is None or number == piece.tracking:
        return False
    if piece.tracking is not None:
        raise Refused(
            N_("The piece no. {place} has the number {known} already."),
            rule="house:amend",
            field="tracking",
            place=piece.place,
            known=piece.tracking,
            way_on=N_("If that one is wrong: disclosure amend {case} --field tracking"),
            case=piece.case,
        )
    if piece.decides:
        desk.amend(piece.case, "tracking", number, "交邮后补录邮件号")
    with desk.store.writing() as connection:
        connection.execute(update(PIECES).where(PIECES.c.id == piece.id).values(tracking=number))
    return True


def _numbers(
    desk: Desk, batch: batches.Batch, file: Path | None
) -> tuple[dict[int, str], list[dict[str, Any]], dict[int, str]]:
    """The tracking number of each piece by its place; the rows of the list that are at fault; and the pieces
    that are not posted for that, each with what is said of it."""
    if file is None:
        return {}, [], {}
    found: dict[int, str] = {}
    faults: list[dict[str, Any]] = []
    held: dict[int, str] = {}
    seen: dict[str, int] = {piece.tracking: piece.place for piece in batch.pieces if piece.tracking}
    for line, row in list(post_lists.read(file, (("tracking",), ("place", "case", "letter")))):
        concerned: set[int] = set()
        try:
            if not row.get("tracking"):
                continue
            concerned.add(_meant(batch, row))
            (place,) = concerned
            number = mail_numbers.number(_not_a_courier(desk, row["tracking"], batch.on))
            concerned |= {seen[number]} if number in seen else set()
            _require_one_each(number, place, seen, found)
            seen[number] = place
            found[place] = number
        except DisclosureError as fault:
            held |= {
                place: translate(N_("not posted: its number is at fault (line {line})"), line=line)
                for place in concerned
            }
            faults.append(
                {
                    "line": line,
                    "status": "refused",
                    "message": fault.text,
                    "fault": fault,
                    "place": None,
                    "case": row.get("case"),
                    "letters": [],
                    "tracking": row.get("tracking"),
                    "late": None,
                }
            )
    return {place: number for place, number in found.items() if place not in held}, faults, held


def _not_a_courier(desk: Desk, text: str, on: date) -> str:
    mail_numbers.require_post(text, on, desk.context.law)
    return text


def _require_one_each(number: str, place: int, seen: dict[str, int], found: dict[int, str]) -> None:
    """Refused where a number stands for two pieces, or a piece has two numbers."""
    if seen.get(number, place) != place:
        raise Refused(
            N_("The number {number} stands for two pieces: no. {one} and no. {other}."),
            rule="house:service",
            field="tracking",
            number=number,
            one=seen[number],
            other=place,
            way_on=N_("Check both against their receipts and repeat."),
        )
    if found.get(place, number) != number:
        raise Refused(
            N_("The piece no. {place} is given two numbers: {one} and {other}."),
            rule="house:service",
            field="tracking",
            place=place,
            one=found[place],
            other=number,
            way_on=N_("Check both against their receipts and repeat."),
        )


def _meant(batch: batches.Batch, row: dict[str, str]) -> int:
    """The place of the piece that a row names: by its place, the number of a letter in it, or its case."""
    pieces = [
        piece
        for piece in batch.pieces
        if (not row.get("place") or row["place"] == str(piece.place))
        and (not row.get("letter") or row["letter"] in piece.names)
        and (not row.get("case") or row["case"] == piece.case)
    ]
    named = [row[name] for name in ("place", "letter", "case") if row.get(name)]
    if not named or not pieces:
        raise NotFound(
            N_("The batch {batch} has no piece {name}."),
            field="case",
            batch=batch.number,
            name=listed(named) or "-",
            way_on=N_("See its pieces with: disclosure posting show {batch}"),
        )
    if len(pieces) > 1:
        raise Refused(
            N_("The batch {batch} has several pieces {name}."),
            rule="house:service",
            field="case",
            batch=batch.number,
            name=listed(named),
            way_on=N_("Name them by their place or by the number of the letter."),
        )
    return pieces[0].place


# --- delivery and return
