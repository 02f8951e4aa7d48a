"""The desk: the one path by which anything is written. Each act of an officer is one unit of work.

Inside one transaction: the office's chain is locked, the case is folded from its entries, the version is
compared, the day and the guards are asked, the machine moves, the entry is chained, the case's row and clocks are
brought up to date, letters and further work are put down. Then one commit. What has effects outside the database
(making a PDF) happens after it, from the outbox, and can be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from workflow.base import dates, typed_text
from workflow.base.errors import Conflict, Malformed, NotFound, Refused
from workflow.base.messages import N_, listed
from workflow.base.names import Named
from workflow.cases import clocks as case_clocks
from workflow.cases import days, draft, row_report
from workflow.cases.case import CaseFile, Entry
from workflow.cases.clocks import CaseClock
from workflow.cases.context import Act, Actor, Context, Transition
from workflow.cases.fold import apply, fold
from workflow.casework import letter_status, search_index
from workflow.office import imported_notices, profile
from workflow.office.profile import Office, Officer
from workflow.procedure import act_forms, machine
from workflow.storage import encryption, ledger, number_series, sealed_texts
from workflow.storage.database import Store, insert_one
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from letters.content.compose import Content

CASES, CLOCKS, KEYS = TABLES["case_file"], TABLES["clock"], TABLES["case_key"]
REMEDIES = TABLES["remedy"]
SIGNATURES = TABLES["signature"]
LETTERS, FILES, OUTBOX = TABLES["letter"], TABLES["attachment"], TABLES["outbox"]
_KEEP = update(CASES).where(CASES.c.id == bindparam("of_case"), CASES.c.version == bindparam("at_version"))
_CLOCK = and_(
    CLOCKS.c.case_id == bindparam("of_case"),
    CLOCKS.c.rule == bindparam("of_rule"),
    CLOCKS.c.ref == bindparam("of_ref"),
)
_NEW_LETTER, _NEW_WORK = insert(LETTERS), insert(OUTBOX)
_MOVE, _STOP = update(CLOCKS).where(_CLOCK), delete(CLOCKS).where(_CLOCK)
# In the process table: the reply that the draft leads to, whatever its code.
DECISION = "decision"
OVERRIDE = "override_rule"
HANDLER = "handler"
FILINGS, DESTROY = ("file", "file_unserved"), "destroy"
SYSTEM = Actor("system", frozenset({"system"}))
_NOBODY = Officer("system", "system", ("system",))


@dataclass
class Moved:
    """A clock that an act started, moved, stopped or ended."""

    before: CaseClock | None
    after: CaseClock | None


@dataclass
class Done:
    """What an act did."""

    case: CaseFile
    case_id: int
    version: int
    entry: Entry
    seq: int
    hash: str
    clocks: list[CaseClock]
    moved: list[Moved]
    letters: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # Work in the outbox that is no letter: the archive folder of a filed case, the end of a destroyed one.
    errands: list[int] = field(default_factory=list)


@dataclass
class Opened:
    """A case as it stands inside a unit of work."""

    id: int
    version: int
    entries: list[Entry]
    case: CaseFile
    clocks: list[CaseClock]
    # The data key of the case, under which its texts are sealed.
    key: bytes | None = field(default=None, repr=False)


class Desk:
    """An officer at work for an office. `now` and `today` are the clock; tests hand in their own."""

    def __init__(
        self,
        store: Store,
        officer: str | None = None,
        office_key: str | None = None,
        *,
        now: Callable[[], datetime] = dates.now,
        today: Callable[[], date] = dates.today,
        system_of: int | None = None,
    ) -> None:
        """`system_of` is an office for which nobody acts but the program itself (workers)."""
        self.store = store
        self.now, self.today = now, today
        with store.reading() as connection:
            if system_of is None:
                self.office, self.officer = _identify(connection, office_key, officer)
            else:
                self.office, self.officer = profile.by_id(connection, system_of), _NOBODY
            self.notices = imported_notices.imported(connection)
        self._ring: encryption.Keyring | None = None

    # --- what acts look things up in

    @cached_property
    def context(self) -> Context:
        """Law, calendar, process and settings as they are for this office."""
        return self.office.context(self.notices)

    @property
    def ring(self) -> encryption.Keyring:
        """The master keys, read at first use."""
        if self._ring is None:
            self._ring = encryption.load(encryption.key_file(self.store.folder))
        return self._ring

    def case_key(self, connection: Connection, case_id: int) -> bytes:
        """The data key of a case."""
        wrapped = connection.execute(select(KEYS.c.wrapped).where(KEYS.c.case_id == case_id)).scalar()
        return encryption.unwrap(self.ring, case_id, wrapped)

    # --- acts

    def receive(self, application: Any) -> Done:
        """Receive an application (workflow.casework.application.Application): it gets its number and its first entry."""
        from workflow.casework import application as applications

        on, rule, notes = applications.receipt_day(application, self.office, self.context, self.today())
        days.check(CaseFile(), on, self.today(), "receive", True)
        files = applications.keep_files(application, self.store)
        with self.store.writing() as connection:
            head = ledger.head(connection, self.office.id, lock=True)
            number = f"{on.year}-{number_series.take(connection, self.office.id, 'case', on.year):04d}"
            mark = applications.mark(application.personal.get("id_number"), application.name, self.ring)
            notes += applications.likely_duplicates(connection, self.office.id, application, mark)
            payload = applications.payload(
                application, applications.regulations(on, self.context), files, rule
            )
            case = CaseFile(number=number)
            act = Act("receive", on, payload, self.officer.actor)
            row = machine.take(case, act, self.context)
            # The row comes first, for its id binds the sealed values; it is made true below, in the same commit.
            case_id = insert_one(
                connection,
                insert(CASES),
                {
                    "office_id": self.office.id,
                    "number": number,
                    "version": 1,
                    "state": "new",
                    "regulations": "",
                    "received_on": on,
                    "channel": "",
                    "applicant_name": "",
                    "applicant_kind": "",
                    "applicant_mark": mark,
                    "request": "",
                    "last_on": on,
                    "entries": 0,
                    "recorded_at": self.moment(),
                },
            )
            key, wrapped = encryption.new_case_key(self.ring, case_id)
            connection.execute(insert(KEYS).values(case_id=case_id, wrapped=wrapped))
            payload["applicant"] = applications.sealed(payload["applicant"], key)
            opened = Opened(case_id, 0, [], case, [], key)
            done = self._record(connection, head, opened, act, row, payload)
            _insert_files(connection, self.office.id, case_id, files)
        done.notes += notes
        return done

    def act(
        self,
        ref: str,
        event: str,
        facts: dict[str, Any] | None = None,
        *,
        on: date | None = None,
        expect: int | None = None,
        also: Callable[[Connection, Done], None] | None = None,
    ) -> Done:
        """One act on a case. `on` is the legal day (today if left out), `expect` the version looked at; what `also`
        writes of it belongs to the same commit."""
        payload = act_forms.facts(event, facts or {})
        day = on or self.today()
        files = []
        if event == "attach":
            from workflow.casework import application as applications

            files = applications.keep_paths(payload.pop("file"), self.store)
            payload["attachments"] = files
        # Reading all files of a case takes its time: others need not wait for it.
        gone = _archiving().lost(self, ref) if event in FILINGS else []
        with self.store.writing() as connection:
            head = ledger.head(connection, self.office.id, lock=True)
            opened = self.open(connection, ref, expect)
            context = self.context
            self._check_names(connection, payload)
            if event == OVERRIDE:
                from letters.check import rules

                payload["rule"] = rules.require_overridable(payload["rule"]).id
            track = context.process.track_of(event)
            no = int(payload.get("no", 0)) if track != "case" else 0
            payload = act_forms.prepare(event, payload, opened.case, day, context)
            act = Act(event, day, payload, self.officer.actor)
            row = machine.take(opened.case, act, context)
            days.check(opened.case, day, self.today(), event, row.moves, no, track)
            said = None
            if DECISION in row.letters:
                payload, said = self._decide(connection, opened, act)
            if event in FILINGS:
                payload = _archiving().require(connection, opened, payload, gone)
            done = self._record(connection, head, opened, act, row, payload, said)
            _insert_files(connection, self.office.id, opened.id, files)
            self._afterwards(connection, done)
            if event == "undo_extension":
                done.notes += letter_status.after_undoing(done.case)
            if also is not None:
                also(connection, done)
        return done

    def amend(self, ref: str, name: str, new: str, reason: str, *, no: int | None = None) -> Done:
        """Correct what was recorded wrongly: the first value stays, what follows from it is computed anew."""
        from workflow.casework import amendment

        with self.store.writing() as connection:
            head = ledger.head(connection, self.office.id, lock=True)
            opened = self.open(connection, ref, None)
            key = partial(self.case_key, connection, opened.id)
            payload = amendment.prepare(opened, name, new, reason, no, key, self.context)
            act = Act("amend", self.today(), payload, self.officer.actor)
            row = machine.take(opened.case, act, self.context)
            proposed = [*opened.entries, self._entry(opened, act, row, payload)]
            days.check_all(proposed, self.today())
            amendment.require_known(proposed, self.context)
            done = self._record(connection, head, opened, act, row, payload)
            self._mark_again(connection, opened.id, done.case, key)
            done.notes += amendment.consequences(done.case, self.context)
        return done

    def reveal(self, ref: str, reason: str) -> tuple[Done, dict[str, str]]:
        """The applicant's personal data in full; that it was looked at, and why, is recorded first."""
        from workflow.casework import application as applications

        with self.store.writing() as connection:
            head = ledger.head(connection, self.office.id, lock=True)
            opened = self.open(connection, ref, None)
            act = Act(
                "reveal",
                self.today(),
                {"reasons": typed_text.required_text(reason, "reason")},
                self.officer.actor,
            )
            row = machine.take(opened.case, act, self.context)
            plain = applications.opened(opened.case.applicant, self.case_key(connection, opened.id))
            done = self._record(connection, head, opened, act, row, act.payload)
        return done, plain

    def letter_made(self, connection: Connection, letter: Any, sha256: str) -> Done:
        """Record that the PDF of a letter was made (by the system, after the act that called for it)."""
        head = ledger.head(connection, self.office.id, lock=True)
        opened = self._open_row(
            connection, connection.execute(select(CASES).where(CASES.c.id == letter.case_id)).one(), None
        )
        payload = {"code": letter.code, "number": letter.number, "letter": letter.id, "sha256": sha256}
        act = Act("letter_made", self.today(), payload, SYSTEM)
        row = machine.take(opened.case, act, self.context)
        return self._record(connection, head, opened, act, row, payload)

    def mailed(self, connection: Connection, message: Any, on: date | None, person: bool) -> Done:
        """Record that a letter went out by e-mail: by the system that sent it, or on this officer's word."""
        head = ledger.head(connection, self.office.id, lock=True)
        opened = self._open_row(
            connection, connection.execute(select(CASES).where(CASES.c.id == message.case_id)).one(), None
        )
        payload = {
            "letter": message.letter_id,
            "code": message.code,
            "number": message.number,
            "message_id": message.message_id,
        }
        act = Act("mailed", on or self.today(), payload, self.officer.actor if person else SYSTEM)
        row = machine.take(opened.case, act, self.context)
        return self._record(connection, head, opened, act, row, payload)

    def letter_signed(self, ref: str, letter: Any, sha256: str, signer: str) -> Done:
        """Record that a letter's PDF was signed: which letter, by whose certificate, and the SHA-256 of the copy."""
        with self.store.writing() as connection:
            head = ledger.head(connection, self.office.id, lock=True)
            opened = self.open(connection, ref, None)
            payload = {
                "code": letter.code,
                "number": letter.number,
                "letter": letter.id,
                "sha256": sha256,
                "signer": signer,
            }
            act = Act("letter_signed", self.today(), payload, self.officer.actor)
            row = machine.take(opened.case, act, self.context)
            connection.execute(
                insert(SIGNATURES).values(
                    office_id=self.office.id,
                    case_id=opened.id,
                    letter_id=letter.id,
                    sha256=sha256,
                    signer=signer,
                    signed_at=self.moment(),
                )
            )
            return self._record(connection, head, opened, act, row, payload)

    # --- the unit of work

    def open(self, connection: Connection, ref: str, expect: int | None = None) -> Opened:
        """A case by its number, folded from its entries."""
        from workflow.casework import lookup

        return self._open_row(connection, lookup.one(connection, self.office.id, ref), expect)

    def _open_row(self, connection: Connection, row: Any, expect: int | None) -> Opened:
        if expect is not None and row.version != expect:
            raise Conflict(
                N_("{number} was changed meanwhile: you looked at version {expected}, it is at {found}."),
                number=row.number,
                expected=expect,
                found=row.version,
                way_on=N_("Look at it again: disclosure show {number}"),
            )
        entries, key = ledger.keyed(connection, row.id)
        case = fold(entries, number=row.number)
        return Opened(row.id, row.version, entries, case, case_clocks.all_clocks(case, self.context), key)

    def _record(
        self,
        connection: Connection,
        head: ledger.Head,
        opened: Opened,
        act: Act,
        row: Transition,
        payload: dict[str, Any],
        said: Content | None = None,
    ) -> Done:
        """Chain the entry and bring the row, the clocks and the outgoing work up to it. `said` is what the reply says,
        as it was checked."""
        if opened.case.destroyed is not None:
            raise Refused(
                N_("{number} was destroyed on {day}: nothing can be entered any more."),
                rule="house:retention",
                number=opened.case.number,
                day=opened.case.destroyed,
                way_on=N_("Its dates and outcome stay in the statistics: disclosure show {number}"),
            )
        entry = self._entry(opened, act, row, payload)
        opened.key = opened.key or self.case_key(connection, opened.id)
        new_head = ledger.append(
            connection, self.office.id, opened.id, sealed_texts.hide(entry, opened.key), head
        )
        contested = row_report.remedies(opened.case)
        if act.event == "amend":
            case = fold([*opened.entries, entry], number=opened.case.number)
            search_index.keep_again(connection, self.office.id, opened.id, [*opened.entries, entry])
        else:
            case = opened.case
            apply(case, entry)
            search_index.keep(connection, self.office.id, opened.id, entry)
        context = self.context
        made = case_clocks.all_clocks(case, context)
        moved = self._keep_clocks(connection, opened, made)
        self._keep_row(connection, opened, case, made, entry)
        self._keep_remedies(connection, opened, contested, row_report.remedies(case))
        letters = [
            letter
            for code in row.letters
            if (
                letter := self._letter(
                    connection, opened, case, act, entry, code, made, said if code == DECISION else None
                )
            )
            is not None
        ]
        errands = letter_status.keep(self, connection, opened.id, case, entry)
        if act.event == "void_letter" and payload.get("anew") != "no":
            code, called = letter_status.anew(connection, opened, entry)
            letter = self._letter(connection, opened, case, act, called, code, made)
            letters += [letter] if letter is not None else []
        return Done(
            case,
            opened.id,
            opened.version + 1,
            entry,
            new_head.seq,
            new_head.hash,
            made,
            moved,
            letters,
            errands=errands,
        )

    def _entry(self, opened: Opened, act: Act, row: Transition, payload: dict[str, Any]) -> Entry:
        """The entry of an act, as it stands in the ledger."""
        regulations = opened.case.regulations or str(payload.get("regulations", ""))
        return Entry(
            n=len(opened.entries) + 1,
            event=act.event,
            track=row.track,
            on=act.on,
            recorded_at=self.moment(),
            actor=act.actor.key,
            source=row.source,
            dest=row.dest,
            payload=payload,
            article=payload.get("article")
            or self.context.process.provision(
                row, regulations, opened.case.consulted(row.track, int(payload.get("no", 0)))
            )
            or row.article,
        )

    def _keep_row(
        self, connection: Connection, opened: Opened, case: CaseFile, made: list[CaseClock], entry: Entry
    ) -> None:
        values = case_clocks.project(case, made) | {
            "version": opened.version + 1,
            "recorded_at": entry.recorded_at,
        }
        # A new case is at version 1 before its first entry.
        looked_at = {"of_case": opened.id, "at_version": opened.version or 1}
        changed = connection.execute(_KEEP, values | looked_at)
        if changed.rowcount != 1:
            raise Conflict(
                N_("{number} was changed by somebody else at the same moment."),
                number=case.number,
                way_on=N_("Look at it again: disclosure show {number}"),
            )

    def _keep_clocks(self, connection: Connection, opened: Opened, made: list[CaseClock]) -> list[Moved]:
        basis = self.context.basis
        before = {clock.key: clock for clock in opened.clocks}
        after = {clock.key: clock for clock in made}
        moved = [
            Moved(before.get(key), after.get(key))
            for key in dict.fromkeys((*before, *after))
            if columns(before.get(key), basis) != columns(after.get(key), basis)
        ]
        started = []
        for change in moved:
            clock = change.after or change.before
            assert clock is not None
            which = {"of_case": opened.id, "of_rule": clock.rule, "of_ref": clock.ref}
            values = columns(change.after, basis)
            if values is None:
                connection.execute(_STOP, which)
            elif change.before is None:
                started.append({"office_id": self.office.id, "case_id": opened.id, **values})
            else:
                connection.execute(_MOVE, values | which)
        if started:
            connection.execute(insert(CLOCKS), started)
        return moved

    def _keep_remedies(
        self,
        connection: Connection,
        opened: Opened,
        before: list[dict[str, Any]],
        after: list[dict[str, Any]],
    ) -> None:
        """Bring the rows of what was brought against the organ up to the case; most acts touch none."""
        for place, row in enumerate(after):
            if place >= len(before):
                connection.execute(
                    insert(REMEDIES).values(office_id=self.office.id, case_id=opened.id, **row)
                )
            elif row != before[place]:
                where = (REMEDIES.c.case_id == opened.id) & (REMEDIES.c.no == row["no"])
                connection.execute(update(REMEDIES).where(where).values(**row))

    def _afterwards(self, connection: Connection, done: Done) -> None:
        """What an act on a filed case puts down besides, in its commit: its folder, or the end of what is readable."""
        event = done.entry.event
        if event not in (*FILINGS, DESTROY):
            return
        if event == DESTROY:
            from workflow.archive import destruction

            destruction.shred(connection, done.case_id, done.entry.recorded_at)
        work = {
            "office_id": self.office.id,
            "case_id": done.case_id,
            "kind": "shred" if event == DESTROY else "archive",
            "ref": done.entry.n,
            "created_at": done.entry.recorded_at,
            "attempts": 0,
        }
        done.errands.append(insert_one(connection, insert(OUTBOX), work))

    # --- letters

    def _decide(
        self, connection: Connection, opened: Opened, act: Act
    ) -> tuple[dict[str, Any], Content | None]:
        """The facts of the reply, and what its letter says: composed once, with the number that is taken now, and checked
        as it will go out. A letter that the law would fault is refused, and the number with the transaction."""
        from workflow.casework import issue_check, letter_data

        taken = number_series.take(connection, self.office.id, "reply", act.on.year)
        number = self.number("reply", act.on.year, taken)
        checked = issue_check.require(self, connection, opened, act, number)
        payload = {
            "code": checked.code,
            "number": number,
            "series_no": taken,
            "items": draft.as_items(opened.case),
            "outcome": checked.outcome,
            "served_by": act.payload.get("served_by") or letter_data.way_back(opened.case.channel),
        }
        return payload, checked.content

    def number(self, name: str, year: int, taken: int) -> str:
        """The document number of this office: its series ('reply' or another), year and place in it."""
        from letters.content import chinese

        word = self.office.profile["code" if name == "reply" else "notice_code"]
        with_di = bool(self.office.settings.get("number_with_di"))
        return chinese.document_number(word, year, taken, with_di=with_di)

    def _letter(
        self,
        connection: Connection,
        opened: Opened,
        case: CaseFile,
        act: Act,
        entry: Entry,
        code: str,
        made: list[CaseClock],
        said: Content | None = None,
    ) -> dict[str, Any] | None:
        """Put down what a letter of this act says; its PDF is made after the commit."""
        from letters.content import kinds
        from workflow.casework import letter_data

        if not letter_data.wanted(code, case, entry, self.context):
            return None
        number, name, taken = None, "reply", entry.payload.get("series_no")
        if code == DECISION:
            assert case.reply is not None
            code, number = case.reply.code, case.reply.number
        elif name := kinds.get(code).series:
            taken = number_series.take(connection, self.office.id, name, act.on.year)
            number = self.number(name, act.on.year, taken)
        assert opened.key is not None
        if said is None:
            said = letter_data.compose(self, connection, opened.key, case, code, number, entry, made)
        letter = letter_data.row(opened.key, code, number, entry, said)
        place = {"office_id": self.office.id, "case_id": opened.id}
        numbered = {"series": name, "series_year": act.on.year, "series_no": taken} if number else {}
        letter_id = insert_one(
            connection, _NEW_LETTER, {**place, "round": case.round, "entry_n": entry.n, **numbered, **letter}
        )
        connection.execute(
            _NEW_WORK,
            {**place, "kind": "letter", "ref": letter_id, "created_at": entry.recorded_at, "attempts": 0},
        )
        return {"id": letter_id, "code": code, "number": number}

    def _mark_again(
        self, connection: Connection, case_id: int, case: CaseFile, key: Callable[[], bytes]
    ) -> None:
        """By what the same applicant is found again follows the correction of his name or number."""
        from workflow.casework import application as applications

        sealed = case.applicant.get("id_number")
        number = encryption.open_(key(), "applicant.id_number", sealed) if sealed else None
        mark = applications.mark(number, case.applicant["name"], self.ring)
        connection.execute(update(CASES).where(CASES.c.id == case_id).values(applicant_mark=mark))

    # --- small things

    def moment(self) -> str:
        """This moment as the ledger writes it (UTC, microseconds)."""
        return dates.stamp(self.now())

    def _check_names(self, connection: Connection, payload: dict[str, Any]) -> None:
        """A unit or officer that is named has to be one of the office."""
        unit = payload.get("unit")
        if unit is not None and unit not in self.office.units:
            raise NotFound(
                N_("There is no unit '{unit}'."),
                field="unit",
                unit=unit,
                way_on=N_("Units are: {names}"),
                names=listed(f"{key} {name}" for key, name in self.office.units.items()) or "-",
            )
        handler = payload.get("handler")
        if handler is not None:
            known = {officer.key: officer for officer in profile.officers_of(connection, self.office.id)}
            officer = known.get(handler)
            if officer is None or not officer.active:
                raise NotFound(
                    N_("There is no officer '{officer}'."),
                    field="handler",
                    officer=handler,
                    way_on=N_("See who there is with: disclosure officer list"),
                )
            if HANDLER not in officer.roles:
                raise Malformed(
                    N_("{officer} does not have the role '{role}'."),
                    field="handler",
                    officer=handler,
                    role=Named("role", HANDLER),
                    way_on=N_("See who there is with: disclosure officer list"),
                )
            if unit is not None and officer.unit != unit:
                raise Malformed(
                    N_("{officer} does not belong to the unit '{unit}'."),
                    field="handler",
                    officer=handler,
                    unit=unit,
                )


def _archiving() -> Any:
    from workflow.casework import filing_check

    return filing_check


def _identify(connection: Connection, office_key: str | None, officer: str | None) -> tuple[Office, Officer]:
    """Who acts: as named, else DISCLOSURE_OFFICER, else the login name of the machine's user."""
    named = officer or os.environ.get("DISCLOSURE_OFFICER")
    if named is None:
        try:
            import getpass

            named = getpass.getuser()
        except (KeyError, OSError):
            named = ""
        try:
            return profile.find(connection, office_key or os.environ.get("DISCLOSURE_OFFICE"), named)
        except NotFound:
            raise Malformed(
                N_("Who acts? No officer is named, and the login '{login}' is none."),
                field="as",
                login=named,
                way_on=N_("Name the officer with --as KEY or the variable DISCLOSURE_OFFICER."),
            ) from None
    return profile.find(connection, office_key or os.environ.get("DISCLOSURE_OFFICE"), named)


def columns(clock: CaseClock | None, basis: str) -> dict[str, Any] | None:
    """A clock as its row has it; `basis` says by what calendar, law and settings it was computed."""
    if clock is None:
        return None
    deadline = clock.deadline
    return {
        "rule": clock.rule,
        "ref": clock.ref,
        "party": clock.party,
        "start": deadline.start,
        "due": deadline.due,
        "state": clock.state,
        "met_on": clock.met_on,
        "provisional": deadline.provisional,
        "article": deadline.article,
        "length": deadline.length,
        "unit": deadline.unit,
        "calendar": basis,
        "plain": clock.plain,
    }


def _insert_files(connection: Connection, office_id: int, case_id: int, kept: list[dict[str, Any]]) -> None:
    if kept:
        connection.execute(
            insert(FILES), [{"office_id": office_id, "case_id": case_id, **one} for one in kept]
        )
