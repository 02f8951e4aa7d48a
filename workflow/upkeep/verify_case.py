"""One case against its entries: its row, its clocks, remedies, people, files, letters and words for the
search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow import clocks as periods
from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.calendar import Calendar
from workflow.cases import case_clock, case_row, clocks, persons, row_report, states
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.entry import Entry
from workflow.casework import given_persons, parties, search_index
from workflow.casework.projections import columns
from workflow.storage import case_keys, sealed_texts, snapshots
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_guards, verify_letters, verify_work
from workflow.upkeep.verify_guards import Refusal
from workflow.upkeep.verify_told import Then

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, CLOCKS, REMEDIES = TABLES["case_file"], TABLES["clock"], TABLES["remedy"]
PARTIES, FILES, KEYS = TABLES["party"], TABLES["attachment"], TABLES["case_key"]
# Statements that are asked of every case are made once.
_CASE = select(CASES).where(CASES.c.id == bindparam("case"))
_KEY = select(KEYS.c.wrapped).where(KEYS.c.case_id == bindparam("case"))
_CLOCKS = select(CLOCKS).where(CLOCKS.c.case_id == bindparam("case"))
_REMEDIES = select(REMEDIES).where(REMEDIES.c.case_id == bindparam("case")).order_by(REMEDIES.c.no)
_PARTIES = select(PARTIES).where(PARTIES.c.case_id == bindparam("case")).order_by(PARTIES.c.no)
_FILES = select(FILES).where(FILES.c.case_id == bindparam("case")).order_by(FILES.c.id)
Key = tuple[str, int]
# How the version of calendar, law and settings is written (workflow.cases.context).
_BASIS = later(r"[^/]+/[0-9a-f]{8}")
WAY_ON = N_("The ledger is the record. Compare the database with a backup.")


@dataclass
class Around:
    """What the check of every case of an office is made with."""

    connection: Connection
    office_id: int
    context: Context
    # The context for a version of calendar and settings that was in force once; None for one that is not
    # known.
    of_basis: Callable[[str], Context | None]
    # Every calendar that there was.
    calendars: Callable[[], Iterable[Calendar]]
    numbers: verify_letters.Numbers


@dataclass
class Seen:
    """What was found of a case that does not make it damaged."""

    stale: bool = False
    unindexed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    readable: bool = True


def differs(number: str, name: str) -> Damaged:
    """A row of a case is not what its entries give: which, by the name of its column or table."""
    return Damaged(
        N_("The row of {number} is not what its entries give: {name}."),
        number=number,
        name=name,
        way_on=WAY_ON,
    )


def check(around: Around, case_id: int, entries: list[Entry], thens: list[Then], number: str) -> Seen:
    """Damaged unless everything of the case is what its entries give. `number` is the one that they give. A
    clock that law or calendar moved is stale, not damaged; what no guard would let through is told
    besides."""
    connection = around.connection
    row = connection.execute(_CASE, {"case": case_id}).one()
    if row.number != number:
        raise differs(row.number, "number")
    ring = case_keys.ring(connection)
    try:
        wrapped = connection.execute(_KEY, {"case": case_id}).scalar()
        key = case_keys.of_wrapped(connection, case_id, wrapped)
        sealed = any(sealed_texts.is_sealed(entry.payload) for entry in entries)
        opened = case_keys.shown(entries, key) if sealed else entries
    except Damaged as fault:
        raise Damaged(
            N_("What is sealed of {number} cannot be read: {detail}"),
            number=row.number,
            detail=fault.text,
            way_on=N_("Keep the database as it is and compare it with a backup."),
        ) from fault
    readable = key is not None or not sealed
    seen = Seen(readable=readable)
    replayed = verify_guards.replay(row.number, opened, thens, readable=readable)
    case, seen.refused = replayed.case, replayed.refused
    # A case has its key until it is destroyed, and not after.
    if bool(wrapped) == (case.destroyed is not None):
        raise differs(row.number, "case_key")
    made = clocks.all_clocks(case, around.context)
    older, seen.stale = _clocks(around, case_id, case, made)
    _row(row, case, made, entries, older, sealed=ring is None)
    _remedies(connection, case_id, case)
    _parties(around, row, case, key, entries[0])
    _files(connection, case_id, case, opened)
    verify_letters.check(around.connection, around.numbers, row, replayed, opened, key)
    verify_work.mail(connection, case_id, row.number, opened, replayed.mailed)
    if not snapshots.holds(connection, row.office_id, case_id, row.number, opened, key):
        raise differs(row.number, "case_snapshot")
    if readable or case.destroyed is not None:
        verify_work.tracked(connection, case, case_id, opened)
    if key is not None:
        seen.unindexed = _unindexed(around, case_id, opened)
    return seen


def _row(
    row: Any, case: CaseFile, made: list[Any], entries: list[Entry], older: set[Key], *, sealed: bool
) -> None:
    wanted = case_row.project(case, made)
    wanted |= {"version": len(entries), "recorded_at": entries[-1].recorded_at}
    unread = {"applicant_name", "request"} if sealed else set()
    if ("reply.limit", 0) in older:
        unread |= {"reply_due", "reply_start", "reply_provisional", "reply_clock", "left_out"}
    for name, value in wanted.items():
        if getattr(row, name) != value and name not in unread:
            raise differs(row.number, name)


# --- clocks


@dataclass(frozen=True)
class _Kept:
    """The clocks of a case as they are kept, and as the entries give them now and gave them once."""

    rows: dict[Key, Any]
    fresh: dict[Key, dict[str, Any]]
    # By the basis that rows of the case name; None where that can no longer be computed.
    then: dict[str, dict[Key, dict[str, Any]] | None]
    older: set[Key]


def _clocks(
    around: Around, case_id: int, case: CaseFile, made: list[case_clock.CaseClock]
) -> tuple[set[Key], bool]:
    """The clocks that were computed from another calendar, law or settings than now, and whether one that
    runs would be another now. Damaged where a clock is not what its own basis gives."""
    rows = around.connection.execute(_CLOCKS, {"case": case_id})
    by_key = {(clock.rule, clock.ref): clock for clock in rows}
    basis = around.context.basis
    fresh = {clock.key: columns(clock, basis) or {} for clock in made}
    older = {key for key, clock in by_key.items() if clock.calendar != basis}
    if set(by_key) != set(fresh) and not older:
        raise differs(case.number, "clock")
    bases = {clock.calendar for clock in by_key.values()} - {basis}
    kept = _Kept(by_key, fresh, {name: _of_basis(around, case, name) for name in bases}, older)
    stale = False
    for key in by_key.keys() | fresh.keys():
        if not _follows(around, case, key, kept):
            raise differs(case.number, key[0])
        stale = stale or _moved(key, kept)
    return older, stale


def _follows(around: Around, case: CaseFile, key: Key, kept: _Kept) -> bool:
    """Whether a clock is what its own basis gives; one that is not kept begins under no basis that a row of
    the case names, or it is missing."""
    row, now = kept.rows.get(key), kept.fresh.get(key)
    if row is None:
        return not all(was is not None and key in was for was in kept.then.values())
    if key not in kept.older:
        return now is not None and (_as(row, now) or _length_of_once(around, case, row, now))
    was = kept.then[row.calendar]
    return _plausible(around, row, now) if was is None else _as(row, was.get(key, {}))


def _moved(key: Key, kept: _Kept) -> bool:
    """Whether a clock of another basis that runs would be another now."""
    row, now = kept.rows.get(key), kept.fresh.get(key)
    if row is not None and key not in kept.older:
        return False
    if row is not None and now is not None and _as(row, {**now, "calendar": row.calendar}):
        return False
    return (row.state if row is not None else (now or {}).get("state", "")) in states.OPEN


def _as(row: Any, wanted: Mapping[str, Any]) -> bool:
    return bool(wanted) and all(getattr(row, name) == value for name, value in wanted.items())


def _length_of_once(around: Around, case: CaseFile, row: Any, now: Mapping[str, Any]) -> bool:
    """Whether a clock up to a day that was named, which a change of the calendar left alone, has the number
    of working days that there were by an earlier one."""
    if row.plain or not _as(row, {**now, "length": row.length}):
        return False
    key = (row.rule, row.ref)
    lengths = {
        clock.deadline.length
        for known in around.calendars()
        for clock in clocks.all_clocks(case, replace(around.context, calendar=known))
        if clock.key == key
    }
    return row.length in lengths


def _of_basis(around: Around, case: CaseFile, name: str) -> dict[Key, dict[str, Any]] | None:
    context = around.of_basis(name)
    if context is None:
        return None
    return {clock.key: columns(clock, name) or {} for clock in clocks.all_clocks(case, context)}


def _plausible(around: Around, row: Any, now: Mapping[str, Any] | None) -> bool:
    """Whether a clock that an earlier version of the law gave may be so: its beginning, its party and
    whether it was met depend on the entries alone, and its last day follows from its length by a calendar
    that there was."""
    if _BASIS.fullmatch(row.calendar) is None:
        return False
    if now is not None and any(getattr(row, name) != now[name] for name in ("party", "start", "met_on")):
        return False
    return not row.plain or any(
        periods.due_again(row.start, row.length, row.unit, known) == row.due for known in around.calendars()
    )


# --- what hangs on the case


def _remedies(connection: Connection, case_id: int, case: CaseFile) -> None:
    rows = connection.execute(_REMEDIES, {"case": case_id})
    kept = [{name: getattr(one, name) for name in row_report.REMEDY} for one in rows]
    if kept != row_report.remedies(case):
        raise differs(case.number, "remedy")


def _parties(around: Around, row: Any, case: CaseFile, key: bytes | None, first: Entry) -> None:
    """Damaged unless who is found again is who the entries name. A telephone of a case from before this
    table, and third parties of cases from before they were kept, are looked up only once the index was made
    again."""
    connection, ring = around.connection, case_keys.ring(around.connection)
    if ring is None or (key is None and case.destroyed is None):
        return
    kept = connection.execute(_PARTIES, {"case": row.id}).all()
    made = sorted(parties.rows(case, key, ring), key=lambda one: one["no"]) if key is not None else []
    if not any(one.role == parties.THIRD_PARTY for one in kept):
        made = [one for one in made if one["role"] != parties.THIRD_PARTY]
    if len(kept) != len(made) or any(
        _another(found, wanted, first) for found, wanted in zip(kept, made, strict=True)
    ):
        raise differs(case.number, "party")
    mark = ""
    if key is not None:
        plain = given_persons.person(persons.applicants(case)[0], key)
        mark = parties.mark(plain.get("id_number"), plain["name"], ring).mark
    if row.applicant_mark != mark:
        raise differs(case.number, "applicant_mark")


def _another(found: Any, wanted: dict[str, Any], first: Entry) -> bool:
    """Whether a row of the people is not as the entries tell; the telephone of an old case may be unknown."""
    unknown = {"phone"} if found.phone is None and first.known is None else set()
    return any(getattr(found, name) != value for name, value in wanted.items() if name not in unknown)


def _files(connection: Connection, case_id: int, case: CaseFile, entries: list[Entry]) -> None:
    """The files that came into the case; of a destroyed one their names are gone."""
    rows = connection.execute(_FILES, {"case": case_id})
    kept = [{"sha256": one.sha256, "name": one.name, "size": one.size} for one in rows]
    told = [
        {name: file[name] for name in ("sha256", "name", "size")}
        for entry in entries
        for file in entry.payload.get("attachments", ())
    ]
    if kept != told:
        raise differs(case.number, "attachment")


def _unindexed(around: Around, case_id: int, entries: list[Entry]) -> int:
    """How many rows of the search are not what the entries say: they are made anew by `search --rebuild`."""
    kept = {row["n"]: row for row in search_index.kept(around.connection, case_id)}
    wanted = {one["n"]: one for one in search_index.documents(around.office_id, case_id, entries)}
    return sum(
        n not in kept or n not in wanted or any(kept[n][name] != value for name, value in wanted[n].items())
        for n in kept.keys() | wanted.keys()
    )
