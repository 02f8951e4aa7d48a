"""A rule, a provision or the last refusal explained: what says so and in which words, what the program looks
at, how to go on, and a command to try.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from letters.check import rules
from letters.check.mentions import number
from workflow import law
from workflow.base import last_refusal, names, typed_words
from workflow.base.errors import NotFound, OutOfLaw
from workflow.base.last_refusal import Kept
from workflow.base.messages import N_, listed, pick, translate
from workflow.base.screen import fields, labelled
from workflow.law import citations, spoken_names
from workflow.law.entries import Ground, Outcome
from workflow.procedure import act_forms, act_tables, naming, transitions
from workflow.reports.views.field_names import field_name

LAST = ("last", "上次", "上一次")
# The Regulations that stand for 条例 before there were any.
REGULATIONS = "ogi2019"
_N = "[〇零一二两三四五六七八九十百0-9]{1,6}"
_CITED = re.compile(
    f"《?(?P<name>[^《》第]*)》?第?(?P<article>{_N})条(第(?P<paragraph>{_N})款)?(第[（(]?(?P<item>{_N})[）)]?项)?"
)
_ = translate


@dataclass
class Told:
    """What is said of something; lists that are empty are left out."""

    title: str
    provisions: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    used_by: list[str] = field(default_factory=list)
    way_on: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(vars(self))

    def lines(self) -> list[str]:
        """For a person."""
        said = [self.title]
        for heading, found in (
            (N_("What says so"), [one for one in self.provisions if one != self.title]),
            (N_("In these words"), [pick(f"“{text}”", f'"{text}"') for text in self.words]),
            (N_("What the program looks at"), self.looked_at),
            (N_("Where it is applied"), self.used_by),
            (N_("How to go on"), self.way_on),
            (N_("For example"), self.examples),
        ):
            told = (
                found if len(found) <= MOST else [*found[:MOST], _(N_("and {n} more"), n=len(found) - MOST)]
            )
            said += fields((_(heading) if not place else " ", text) for place, text in enumerate(told))
        return said


# Of one kind at most so many are named on the screen; --json has all of them.
MOST = 6


def of(asked: str, on: date) -> Told:
    """What is asked for, explained as of a day. NotFound where it is no rule, no provision and no refusal."""
    if asked.strip().lower() in LAST:
        return _last(on)
    key = asked.strip()
    for explain in (_rule, _guard, _house, _clock, _value, _decision, _provision):
        found = explain(key, on)
        if found is not None:
            return found
    meant = typed_words.meant(key, _named(), "name")
    if meant != key:
        return of(meant, on)
    raise NotFound(
        N_("There is no rule and no provision '{name}'."),
        field="name",
        name=asked[:60],
        way_on=N_("For example: {example}"),
        example="disclosure why 第三十三条第二款",
    )


def _named() -> dict[str, dict[str, str]]:
    """What has a name: the rules of the check, the clocks, and what has to hold before an act."""
    every = {one.id: {"zh": one.zh, "en": one.en} for one in rules.rules().values()}
    return {**act_tables.bundled()["words"]["guard"], **names.bundled()["clock"], **every}


# --- the last refusal


def _last(on: date) -> Told:
    kept = last_refusal.read()
    if kept is None:
        raise NotFound(
            N_("No refusal is known of."),
            field="name",
            way_on=N_("Name a rule or a provision, for example: {example}"),
            example="disclosure why reply.limit",
        )
    told = _provision(kept.rule, on) or _house(kept.rule, on) if kept.rule else None
    told = told or Told("", [names.article(kept.rule)] if kept.rule else [])
    made = Told(
        _(N_("Refused: {text}"), text=kept.text),
        told.provisions,
        told.words,
        list(_looked_at(kept)),
        [],
        [kept.advice] if kept.advice else [],
    )
    event = _event(kept.command)
    if event is not None:
        made.examples = [act_forms.specs()[event].example]
    elif kept.command:
        made.examples = [f"disclosure {kept.command} --help"]
    return made


def _event(command: str) -> str | None:
    return next((event for event, spec in act_forms.specs().items() if spec.command == command), None)


def _looked_at(kept: Kept) -> Iterator[str]:
    """The field that was named, and what has to hold before the act, as its table says."""
    if kept.field:
        yield _(N_("what was given as '{field}'"), field=field_name(kept.field))
    event = _event(kept.command)
    if event is None:
        return
    rows = [row for row in transitions.bundled().rows if row.event == event]
    roles = list(dict.fromkeys(role for row in rows for role in row.roles))
    yield _(N_("who does it: {roles}"), roles=listed(names.name("role", role) for role in roles))
    sources = list(dict.fromkeys(row.source for row in rows))
    if len(sources) <= MOST:
        yield _(
            N_("where the case stands: {states}"), states=listed(names.name("state", one) for one in sources)
        )
    guards = act_tables.bundled()["words"]["guard"]
    for guard in dict.fromkeys(name for row in rows for name in row.guard):
        if guard in guards:
            yield pick(guards[guard]["zh"], guards[guard]["en"])


# --- rules


def _rule(asked: str, on: date) -> Told | None:
    """A rule of the check before issue, by its id or its name."""
    known = rules.rules()
    found = known.get(asked.replace("-", "_")) or next(
        (one for one in known.values() if one.name == asked), None
    )
    if found is None:
        return None
    refs = [cited.ref for cited in found.article.get(REGULATIONS) or () if cited.on(on)]
    return Told(
        found.name,
        [names.article(ref) for ref in refs],
        list(_quoted(refs)),
        [_(N_("the draft of the case, before the letter goes out: disclosure letter check CASE"))],
        [],
        [found.way_on],
        ["disclosure letter check 2026-0001"],
    )


def _guard(asked: str, on: date) -> Told | None:
    """What has to hold before an act, by its key or its words."""
    known = act_tables.bundled()["words"]["guard"]
    key = asked.replace("-", "_")
    found = key if key in known else next((one for one, row in known.items() if asked in row.values()), None)
    if found is None:
        return None
    refs = _now(_bases(transitions.bundled().guard_basis[found]), on)
    events = dict.fromkeys(row.event for row in transitions.bundled().rows if found in row.guard)
    specs = act_forms.specs()
    return Told(
        pick(known[found]["zh"], known[found]["en"]),
        [names.article(ref) for ref in refs],
        list(_quoted(refs)),
        [],
        [names.name("event", event) for event in events],
        [_(N_("What may be done on a case now: disclosure next CASE"))],
        [specs[event].example for event in events if event in specs][:2],
    )


def _house(asked: str | None, on: date) -> Told | None:
    """A rule of good order: no provision says it; its reason does."""
    name = (asked or "").removeprefix("house:").replace("-", "_")
    if naming.reason(name) is None:
        return None
    ref = f"house:{name}"
    rows = [row for row in transitions.bundled().rows if ref in _bases(row.articles)]
    events = dict.fromkeys(row.event for row in rows)
    return Told(
        names.article(ref),
        [_(N_("a rule of good order of this program; no provision says it"))],
        [],
        [],
        [names.name("event", event) for event in events],
        [],
        [act_forms.specs()[event].example for event in events if event in act_forms.specs()][:2],
    )


def _clock(asked: str, on: date) -> Told | None:
    """A clock, by its rule or its name."""
    known = names.bundled()["clock"]
    rule = (
        asked if asked in known else next((key for key, row in known.items() if asked in row.values()), None)
    )
    if rule is None:
        return None
    made = Told(names.word("clock", rule))
    value = _value(rule, on)
    if value is not None:
        made.provisions, made.words = value.provisions, value.words
    made.looked_at = [_(N_("the entries of the case and the calendar of working days"))]
    made.way_on = [_(N_("Every day that was counted or left out: disclosure explain CASE"))]
    made.examples = [f"disclosure explain 2026-0001 --rule {rule}"]
    return made


def _value(asked: str, on: date) -> Told | None:
    """A value of the law, by its id."""
    tables = law.bundled()
    if asked not in tables.parameters():
        return None
    found = tables.history(asked)
    now = next(
        (one for one in found if one.effective_from <= on <= (one.effective_until or date.max)), found[-1]
    )
    unit = tables.unit(now.unit)
    return Told(
        f"{asked}  {now.value} {pick(unit['zh'], unit['en'])}",
        [names.article(now.article)],
        [now.text] if now.text else [],
        [translate(now.starts)] if now.starts else [],
        [],
        [],
        [f"disclosure law show {asked}"],
    )


def _decision(asked: str, on: date) -> Told | None:
    """An outcome or a ground, by its key or its name."""
    book = law.bundled()
    known: list[Outcome | Ground] = [*book.outcomes(on), *book.grounds(on)]
    named = [one for one in known if asked in (one.id.replace("_", "-"), one.id, one.zh, one.en)]
    part = [one for one in known if asked in one.zh]
    if not named and len(part) != 1:
        return None
    one = (named or part)[0]
    refs = one.basis.split("|")
    needs = _(N_("What the draft has to say: {needs}"), needs=str(names.Named("need", *one.needs)))
    return Told(
        names.word("outcome", one.id),
        [names.article(ref) for ref in refs],
        list(_quoted(refs)),
        way_on=[needs] if one.needs else [],
        examples=[f"disclosure law show {one.id}"],
    )


# --- provisions


def _provision(asked: str | None, on: date) -> Told | None:
    """A provision, as it is cited in Chinese or by its reference (ogi2019:33.2)."""
    ref = _reference(asked or "", on)
    if ref is None:
        return None
    return Told(
        names.article(ref),
        [names.article(ref)],
        list(_quoted([ref])),
        [],
        [*_values(ref), *_acts(ref), *_rules(ref)],
        [],
        list(_examples(ref)),
    )


def _reference(asked: str, on: date) -> str | None:
    """The reference that is meant; None where it is none, or there is no such place in the instrument."""
    book = law.bundled()
    reference = citations.take_apart(asked)
    if reference is None:
        found = _CITED.fullmatch(asked.replace(" ", ""))
        if found is None:
            return None
        parts = [number(found[name]) if found[name] else 0 for name in ("article", "paragraph", "item")]
        key = _instrument(found["name"], on)
        if key is None:
            return None
        places = [str(parts[0])]
        # An article of one paragraph is cited without it, and kept with it.
        places += [str(parts[1] or 1)] if parts[1] or parts[2] else []
        places += [str(parts[2])] if parts[2] else []
        reference = citations.take_apart(f"{key}:{'.'.join(places)}")
    if reference is None or reference.instrument not in book.tables["instruments"]:
        return None
    if citations.fault(reference, book.structure(reference.instrument)):
        return None
    place = ".".join(str(part) for part in reference[1:] if part)
    return f"{reference.instrument}:{place}"


def _instrument(name: str, on: date) -> str | None:
    """The instrument of this name that is in force on a day; the Regulations where none is named."""
    book = law.bundled()
    if name in ("", "条例", "信息公开条例"):
        try:
            return book.value("reply.limit", on).instrument
        except OutOfLaw:
            return REGULATIONS
    return spoken_names.meant(name, book.instruments(), on)


def _now(refs: list[str], on: date) -> list[str]:
    """Of several provisions those of instruments that are in force on a day; all of them where none is."""
    keys = {one.key for one in law.bundled().instruments() if on <= (one.effective_until or date.max)}
    return [ref for ref in refs if ref.partition(":")[0] in keys] or refs


def _below(ref: str) -> Callable[[str], bool]:
    """Whether a reference is this place, or one within it."""
    return lambda other: other == ref or other.startswith(f"{ref}.")


def _rows() -> Iterator[tuple[list[str], str]]:
    """The provisions and the quoted words of every dated row of the law's tables."""
    for table in law.bundled().tables.values():
        for rows in table.values():
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and row.get("text"):
                    yield (
                        [*row.get("articles", [])[:1], *([row["article"]] if "article" in row else [])],
                        row["text"],
                    )


def _quoted(refs: list[str]) -> Iterator[str]:
    """The words of provisions, as far as the tables quote them."""
    seen: set[str] = set()
    for ref in refs:
        within = _below(ref)
        for cited, text in _rows():
            if text not in seen and any(map(within, cited)):
                seen.add(text)
                yield text


def _values(ref: str) -> Iterator[str]:
    within, book = _below(ref), law.bundled()
    for id_ in book.parameters():
        for value in book.history(id_):
            if within(value.article):
                unit = book.unit(value.unit)
                called = names.word("clock", id_)
                if called == id_:
                    row = book.parameter(id_)
                    called = pick(row["zh"], row["en"])
                yield labelled(called, f"{value.value} {pick(unit['zh'], unit['en'])}")


def _acts(ref: str) -> Iterator[str]:
    within = _below(ref)
    for event in dict.fromkeys(
        row.event for row in transitions.bundled().rows if any(map(within, _bases(row.articles)))
    ):
        yield names.name("event", event)


def _bases(articles: Iterable[str]) -> list[str]:
    """The references of a cell, without the eras for which they stand."""
    return [one.rpartition("=")[2] for one in articles]


def _rules(ref: str) -> Iterator[str]:
    within = _below(ref)
    for one in rules.rules().values():
        if any(within(cited.ref) for era in one.article.values() for cited in era or ()):
            yield one.name


def _examples(ref: str) -> Iterator[str]:
    within, book, specs = _below(ref), law.bundled(), act_forms.specs()
    ids = [id_ for id_ in book.parameters() if any(within(value.article) for value in book.history(id_))]
    yield from (f"disclosure law show {id_}" for id_ in ids[:1])
    for row in transitions.bundled().rows:
        if row.event in specs and any(map(within, _bases(row.articles))):
            yield specs[row.event].example
            return
