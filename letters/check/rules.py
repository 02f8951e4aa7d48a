"""The check before issue: rules with their articles (compliance.toml), asked of one letter and listed whole.

What is already asked when a draft is handed in (workflow/cases/draft.py) is not asked a second time here: its answers are
handed in, and stand in the list under their rules. What concerns the letter as such is tested here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from letters.check import mentions
from letters.content import chinese, kinds, remedy_notice, typed_text
from letters.content.facts import at
from letters.content.faults import Fault
from workflow import law
from workflow.base import tables
from workflow.base.completeness import require_same
from workflow.base.errors import DisclosureError, NotFound, Refused
from workflow.base.messages import N_, listed, pick
from workflow.base.names import Named
from workflow.law import Law, eras
from workflow.law.eras import Era
from workflow.law.rows import Checked

TABLE = Path(__file__).with_name("compliance.toml")
PASSED, FAILED, WARNED, OVERRIDDEN, IDLE = "passed", "failed", "warned", "overridden", "not_applicable"
_TEXTS = ("facts", "reasons", "means", "part")
_DOCUMENT = re.compile(r"([^〔〕\[\]\s，。；、：（）()“”]+)〔(\d{4})〕(?:第)?(\d+)号")
_ANY = "*"


class Rule(NamedTuple):
    """One rule of the check."""

    id: str
    zh: str
    en: str
    article: Mapping[str, tuple[str, ...] | None]
    test: str
    needs: tuple[str, ...]
    outcomes: tuple[str, ...]
    guard: str
    overridable: bool
    first: date | None
    last: date | None
    do_zh: str
    do_en: str

    @property
    def name(self) -> str:
        """What it wants, in the language in force."""
        return pick(self.zh, self.en)

    @property
    def way_on(self) -> str:
        """What to do, in the language in force."""
        return pick(self.do_zh, self.do_en)

    def provisions(self, era: Era) -> tuple[str, ...] | None:
        """What the rule rests on under the Regulations of an era; None where they know no such rule."""
        refs = era.of(self.article, f"compliance.toml {self.id}")
        return None if refs is None else tuple(era.ref(ref) for ref in refs)

    def holds(self, era: Era, on: date) -> bool:
        """Whether the rule belongs to a letter of that day, under the Regulations of an era."""
        known = self.provisions(era) is not None
        return known and (self.first or date.min) <= on <= (self.last or date.max)


class Answer(Protocol):
    """What the check of a draft said to one question: which, of which need and outcome, and the refusal, if any."""

    @property
    def question(self) -> str: ...
    @property
    def need(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def fault(self) -> DisclosureError | None: ...


@dataclass
class Finding:
    """What came of one rule."""

    rule: Rule
    status: str
    articles: tuple[str, ...]
    faults: list[DisclosureError] = field(default_factory=list)
    override: Mapping[str, Any] | None = None

    @property
    def blocks(self) -> bool:
        """Whether the letter cannot be issued because of it."""
        return self.status == FAILED

    @property
    def warns(self) -> bool:
        """Whether whoever approves should look at it."""
        return self.status == WARNED

    def as_json(self) -> dict[str, Any]:
        """As plain data, in both languages where the table has both."""
        return {
            "rule": self.rule.id,
            "zh": self.rule.zh,
            "en": self.rule.en,
            "status": self.status,
            "articles": list(self.articles),
            "overridable": self.rule.overridable,
            "faults": [
                {"text": fault.text, "field": fault.field, "do": fault.advice} for fault in self.faults
            ],
            "do": self.rule.way_on if self.faults else None,
            "override": dict(self.override) if self.override else None,
        }


@dataclass
class Subject:
    """One letter as it would be issued: the data it is composed of, what came of composing it, and the draft's answers."""

    data: Mapping[str, Any]
    code: str
    law: Law
    # The outcome that the decision as a whole counts as.
    outcome: str = ""
    content: dict[str, Any] | None = None
    refused: DisclosureError | None = None
    faceless: DisclosureError | None = None
    # What the office's own wording lost of this letter; None where the wording is the project's.
    lost: Sequence[Fault] | None = None
    answers: Sequence[Answer] = ()
    guards: Mapping[str, DisclosureError | None] = field(default_factory=dict)
    registered: Callable[[str], bool] = lambda number: False

    @cached_property
    def on(self) -> date:
        """The day of the letter."""
        return _day(at(self.data, "on"))

    @cached_property
    def law_day(self) -> date:
        """The day whose law governs the application."""
        return _day(at(self.data, "case.law_day") or at(self.data, "case.received_on"))

    @cached_property
    def era(self) -> Era:
        """The Regulations that govern the application."""
        return self.law.era_on(self.law_day)

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """The items as decided."""
        return list(at(self.data, "decision.items") or [])

    @cached_property
    def owned(self) -> dict[str, list[DisclosureError | None]]:
        """What the check of the draft answered, by the rule that each question belongs to."""
        found: dict[str, list[DisclosureError | None]] = {}
        for answer in self.answers:
            found.setdefault(_owner(answer), []).append(answer.fault)
        return found

    @cached_property
    def words(self) -> list[tuple[int, str, str]]:
        """The officer's own words: item, field, text."""
        return [
            (int(item["no"]), name, str(text))
            for item in self.items
            for name, text in (
                *((name, item.get(name)) for name in _TEXTS),
                *(item.get("extra") or {}).items(),
            )
            if text
        ]

    @cached_property
    def named(self) -> list[tuple[int, str, mentions.Mention, str]]:
        """What the officer's words cite: item, field, mention, verdict."""
        reader = mentions.Reader(self.law, _table()["words"], self.era)
        days = (self.law_day, self.on)
        return [
            (no, name, mention, reader.verdict(mention, days))
            for no, name, text in self.words
            for mention in reader.find(text)
        ]


Test = Callable[[Subject], Iterable[DisclosureError] | None]
TESTS: dict[str, Test] = {}
ANSWERED = ("answered", "known", "heard", "agreed", "step", "need")
"""Questions that workflow/cases/draft.py answers."""


def _test(function: Test) -> Test:
    TESTS[function.__name__.lstrip("_")] = function
    return function


def _table() -> dict[str, Any]:
    return tables.read(TABLE)


def _named(table: str, key: str) -> str:
    """What a day or a part is called; a key that the table does not have is shown as it is."""
    found = _table()[table].get(key)
    return pick(found["zh"], found["en"]) if found else key


def part(key: str) -> str:
    """What a part of a letter is called, that an office's own wording lost."""
    return _named("part", key)


def mark(state: str) -> str:
    """What is printed over a letter that is not issued, by the state of its draft ("" for a state without one)."""
    return str(_table()["mark"].get(state, ""))


def era_faults(known: Iterable[Era]) -> Iterator[Checked]:
    """Where a rule says nothing of an era of the Regulations."""
    listed_eras = list(known)
    for id, row in _table()["rule"].items():
        yield from eras.cell_faults(f"compliance.toml: {id}", row["article"], listed_eras)


@cache
def rules() -> dict[str, Rule]:
    """All rules by id, in their order; Environment where one says nothing of an era of the Regulations."""
    eras.refuse("compliance.toml", era_faults(law.bundled().eras()))
    tests = (row["test"] for row in _table()["rule"].values())
    require_same("compliance.toml: test", tests, "rules.TESTS", (*TESTS, *ANSWERED, "guard"))
    return {id: _rule(id, row) for id, row in _table()["rule"].items()}


def _rule(id: str, row: Mapping[str, Any]) -> Rule:
    article = {key: None if refs == "-" else tuple(refs) for key, refs in row["article"].items()}
    return Rule(
        id,
        row["zh"],
        row["en"],
        article,
        row["test"],
        tuple(row.get("needs", ())),
        tuple(row.get("outcomes", ())),
        row.get("guard", ""),
        row.get("overridable", False),
        row.get("from"),
        row.get("until"),
        row["do"]["zh"],
        row["do"]["en"],
    )


def rule(id: str) -> Rule:
    """A rule by its id; NotFound with the ids that there are."""
    found = rules().get(id.replace("-", "_"))
    if found is None:
        raise NotFound(
            N_("The check before issue has no rule '{rule_id}'."),
            field="rule",
            rule_id=id[:40],
            way_on=N_("Rules are: {names}"),
            names=listed(rules()),
        )
    return found


def require_overridable(id: str) -> Rule:
    """The rule; Refused where nobody may let a letter go out against it."""
    found = rule(id)
    if not found.overridable:
        raise Refused(
            N_("Nobody may override the rule '{rule_id}': {name}"),
            field="rule",
            rule_id=found.id,
            name=found.name,
            way_on=N_("Only these may be overridden: {names}"),
            names=listed(one.id for one in rules().values() if one.overridable),
        )
    return found


def check(subject: Subject, overrides: Iterable[Mapping[str, Any]] = ()) -> list[Finding]:
    """Every rule with what came of it; overrides name rules that an approver set aside for this draft."""
    set_aside = {str(one["rule"]): one for one in overrides}
    return [_finding(one, subject, set_aside.get(one.id)) for one in rules().values()]


def _finding(one: Rule, subject: Subject, override: Mapping[str, Any] | None) -> Finding:
    articles = one.provisions(subject.era) or ()
    faults = _asked(one, subject) if one.holds(subject.era, subject.on) else None
    if faults is None:
        return Finding(one, IDLE, articles)
    if not faults:
        return Finding(one, PASSED, articles)
    if override is not None and one.overridable:
        return Finding(one, OVERRIDDEN, articles, faults, override)
    return Finding(one, FAILED, articles, faults)


def _asked(one: Rule, subject: Subject) -> list[DisclosureError] | None:
    """The faults under a rule; None where it has nothing to look at in this letter."""
    if one.test in ANSWERED:
        mine = subject.owned.get(one.id)
        return [fault for fault in mine if fault] if mine else None
    if one.test == "guard":
        fault = subject.guards.get(one.guard)
        return [fault] if fault else []
    found = TESTS[one.test](subject)
    return None if found is None else list(found)


def _owner(answer: Answer) -> str:
    """The rule that a question belongs to: one that names its need, rather one that also names its outcome."""
    best = ""
    for one in rules().values():
        if one.test != answer.question:
            continue
        if one.test != "need":
            return one.id
        if answer.need in one.needs and answer.outcome in one.outcomes:
            return one.id
        if (answer.need in one.needs and not one.outcomes) or (_ANY in one.needs and not best):
            best = one.id
    return best


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


# --- the tests of the letter itself: faults, nothing where all is well, None where there is nothing to look at


@_test
def _composed(subject: Subject) -> Iterable[DisclosureError]:
    # What another rule has already named is not said twice.
    told = {str(answer.fault) for answer in subject.answers if answer.fault}
    if subject.refused is not None and not told:
        yield subject.refused


@_test
def _number(subject: Subject) -> Iterable[DisclosureError]:
    number = typed_text.clean(at(subject.data, "number"), "number", longest=100)
    if not number:
        yield Refused(N_("The letter has no document number."), field="number")
        return
    try:
        chinese.check_number(number, with_di="第" in number.partition("〕")[2])
    except DisclosureError as fault:
        yield fault


@_test
def _date(subject: Subject) -> Iterable[DisclosureError]:
    received = _day(at(subject.data, "case.received_on"))
    if subject.on < received:
        yield Refused(
            N_("The letter would bear {on}, before the application came ({received})."),
            field="on",
            on=subject.on,
            received=received,
        )
    if subject.content is not None and subject.content["date"] != subject.on.isoformat():
        yield Refused(N_("The letter bears another day than that of its issue."), field="on")


@_test
def _addressee(subject: Subject) -> Iterable[DisclosureError]:
    if not typed_text.clean(at(subject.data, "case.applicant.name"), "case.applicant.name", longest=200):
        yield Refused(N_("The letter has nobody to go to."), field="case.applicant.name")


@_test
def _contact(subject: Subject) -> Iterable[DisclosureError]:
    if not any(str(at(subject.data, f"office.{name}") or "").strip() for name in ("telephone", "address")):
        yield Refused(
            N_("The letter needs a telephone number or an address of the office."), field="office.telephone"
        )


@_test
def _way_to_serve(subject: Subject) -> Iterable[DisclosureError] | None:
    wanted = {"post": "address", "email": "email"}.get(str(at(subject.data, "served_by") or ""))
    if wanted is None:
        return None
    value = str(at(subject.data, f"case.applicant.{wanted}") or "").strip()
    if wanted == "address" and not value:
        return [
            Refused(N_("The letter is to go by post, and the applicant has no address."), field="address")
        ]
    if wanted == "email" and "@" not in value:
        return [
            Refused(
                N_("The letter is to go by e-mail, and the applicant has no e-mail address."), field="email"
            )
        ]
    return []


@_test
def _citations_exist(subject: Subject) -> Iterable[DisclosureError]:
    """What the engine cites: the provision exists, and its instrument was in force on the day of the law or letter."""
    cited = subject.content["data"]["basis"] if subject.content is not None else _cited(subject)
    for ref in cited:
        key = ref.partition(":")[0]
        if key == "house":
            continue
        try:
            subject.law.citation(ref)
            one = subject.law.instrument(key)
        except DisclosureError as fault:
            yield fault
            continue
        last = one.effective_until or date.max
        if not any(one.effective_from <= day <= last for day in (subject.law_day, subject.on)):
            yield Refused(
                N_("{name} was not in force on the day of the letter, nor on the day whose law governs."),
                field="citation",
                name=subject.law.citation(ref).zh,
            )


def _cited(subject: Subject) -> Iterator[str]:
    outcomes = {row.id: row for row in subject.law.outcomes(subject.law_day, subject.on)}
    grounds = {row.id: row for row in subject.law.grounds(subject.law_day)}
    for item in subject.items:
        for name, known in ((item.get("outcome"), outcomes), (item.get("ground"), grounds)):
            row = known.get(str(name))
            basis: Any = row.basis if row is not None else ()
            yield from [basis] if isinstance(basis, str) else basis


@_test
def _remedy_matches(subject: Subject) -> Iterable[DisclosureError] | None:
    """The notice is computed once more from outcome, organ and day, and compared with what the letter says."""
    kind = kinds.get(subject.code) if subject.code else None
    if kind is None or kind.remedy == "none":
        return None
    try:
        wanted = remedy_notice.notice(
            subject.items,
            document=kind.document,
            office=subject.data["office"],
            on=subject.on,
            served_by=at(subject.data, "served_by"),
            law=subject.law,
        )
    except DisclosureError as fault:
        return [fault]
    if subject.content is not None:
        told = [block["text"] for block in subject.content["blocks"] if block.get("type") == "remedy"]
        if told != list(wanted.paragraphs):
            return [
                Refused(
                    N_("The letter does not say of remedies what the law gives: {text}"),
                    field="remedy",
                    text="".join(wanted.paragraphs),
                )
            ]
    return []


@_test
def _every_character(subject: Subject) -> Iterable[DisclosureError] | None:
    if subject.content is None:
        return None
    return [subject.faceless] if subject.faceless is not None else []


@_test
def _own_wording(subject: Subject) -> Iterable[DisclosureError] | None:
    if subject.lost is None:
        return None
    return [
        Refused(
            N_("The office's own wording loses a part of the letter ({part}): {text}"),
            field=one.part,
            part=part(one.part),
            text=one.detail[:100],
        )
        for one in subject.lost
    ]


@_test
def _days_in_order(subject: Subject) -> Iterable[DisclosureError]:
    """Pairs of days of which the second cannot lie before the first."""

    def get(path: str) -> Any:
        return at(subject.data, path)

    received = get("case.received_on")
    pairs: list[tuple[str, Any, str, Any]] = [
        ("received_on", received, "corrected_on", get("extra.corrected_on")),
        ("received_on", received, "paid_on", get("extra.paid_on")),
        ("corrected_on", get("extra.corrected_on"), "on", subject.on),
        ("paid_on", get("extra.paid_on"), "on", subject.on),
        ("received_on", received, "extended_on", get("extension.noticed_on")),
        ("extended_on", get("extension.noticed_on"), "on", subject.on),
        ("extended_on", get("extension.noticed_on"), "reply_due", get("extension.due")),
        ("fee_notified_on", get("extra.fee_notified_on"), "paid_on", get("extra.paid_on")),
        ("correction_asked_on", get("extra.correction_asked_on"), "corrected_on", get("extra.corrected_on")),
    ]
    for one in subject.data.get("consultations") or ():
        pairs += [
            ("received_on", received, "consulted_on", one.get("sent")),
            ("consulted_on", one.get("sent"), "answered_on", one.get("answered")),
            ("consulted_on", one.get("sent"), "answer_by", one.get("answer_by")),
            ("answered_on", one.get("answered"), "on", subject.on),
        ]
    for first, earlier, second, later in pairs:
        if earlier and later and _day(later) < _day(earlier):
            yield Refused(
                N_("'{second}' ({later}) lies before '{first}' ({earlier})."),
                field=second,
                first=_named("day", first),
                second=_named("day", second),
                earlier=_day(earlier),
                later=_day(later),
            )


@_test
def _earlier_reply_number(subject: Subject) -> Iterable[DisclosureError] | None:
    told = _earlier(subject)
    if not told:
        return None
    return [
        Refused(
            N_("Item {no}: the earlier reply is named without its number: {text}"),
            field="earlier_reply",
            no=no,
            text=text[:60],
        )
        for no, text in told
        if not _DOCUMENT.search(text)
    ]


@_test
def _earlier_reply_ours(subject: Subject) -> Iterable[DisclosureError] | None:
    """Numbers with this office's code word are looked up; those of other offices are theirs to know."""
    word = str(at(subject.data, "office.code") or "")
    ours = [
        (no, found)
        for no, text in _earlier(subject)
        for found in _DOCUMENT.finditer(text)
        if found[1].endswith(word) and word
    ]
    if not ours:
        return None
    return [
        Refused(
            N_("Item {no}: this office's register has no letter {number}."),
            field="earlier_reply",
            no=no,
            number=found[0],
        )
        for no, found in ours
        if not any(
            subject.registered(chinese.document_number(word, int(found[2]), int(found[3]) or 1, with_di=di))
            for di in (False, True)
        )
    ]


def _earlier(subject: Subject) -> list[tuple[int, str]]:
    return [(no, text) for no, name, text in subject.words if name == "earlier_reply"]


@_test
def _articles_known(subject: Subject) -> Iterable[DisclosureError] | None:
    return _mentioned(
        subject, mentions.NO_ARTICLE, N_("Item {no}, {name}: there is no such provision: {text}")
    )


@_test
def _instruments_known(subject: Subject) -> Iterable[DisclosureError] | None:
    """An article of an instrument that the tables have not; where the law of others is asked for, it may be any."""
    return _mentioned(
        subject,
        mentions.UNKNOWN,
        N_("Item {no}, {name}: the law tables do not know what is cited: {instrument} {text}"),
        leave_out=_table()["words"]["names_other_law"],
    )


@_test
def _instruments_in_force(subject: Subject) -> Iterable[DisclosureError] | None:
    return _mentioned(
        subject,
        mentions.NOT_IN_FORCE,
        N_("Item {no}, {name}: {instrument} was not in force on the day of the letter."),
    )


def _mentioned(
    subject: Subject, verdict: str, message: str, leave_out: Iterable[str] = ()
) -> list[DisclosureError] | None:
    looked_at = [row for row in subject.named if row[1] not in leave_out]
    if not looked_at:
        return None
    told = dict.fromkeys(
        (no, name, one.text, one.name) for no, name, one, found in looked_at if found == verdict
    )
    return [
        Refused(
            message, field=name, no=no, name=Named("need", name), text=text, instrument=f"《{instrument}》"
        )
        for no, name, text, instrument in told
    ]


def require_articles(written: Mapping[str, Any], law: Law, law_day: date, on: date) -> None:
    """Refused where what an officer wrote for a notice or a consultation names a provision that does not exist.

    There is no draft and no approval on which somebody could look it up: what the tables do not know is let through.
    """
    texts = {name: str(written.get(name) or "") for name in _table()["words"]["of_acts"]}
    if not any("条" in text for text in texts.values()):
        return
    reader = mentions.Reader(law, _table()["words"], law.era_on(law_day))
    for name, text in texts.items():
        for found in reader.find(text):
            if reader.verdict(found, (law_day, on)) == mentions.NO_ARTICLE:
                raise Refused(
                    N_("There is no such provision: {text}"),
                    field=name,
                    text=found.text,
                    rule="house:citation",
                    way_on=N_("Correct the reference and try again."),
                )


def require(findings: Iterable[Finding], number: str) -> None:
    """Refused with every rule that blocks, each with its faults; `number` is the case's."""
    blocking = [one for one in findings if one.blocks]
    if blocking:
        first = blocking[0]
        raise Refused(
            N_("The letter may not be issued; {n} rules of the check are not met: {list}"),
            n=len(blocking),
            number=number,
            rule=first.articles[0] if first.articles else None,
            field=first.faults[0].field or "letter",
            list=_Told(blocking),
            way_on=N_("See all of them with: disclosure letter check {number}"),
        )


class _Told:
    """The rules that block, put into words when they are shown, in the language of then."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings

    def __format__(self, spec: str) -> str:
        return listed(
            f"[{one.rule.id}] " + listed(fault.text for fault in one.faults) for one in self.findings
        )
