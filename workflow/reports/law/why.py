"""A rule, a provision or the last refusal explained: what says so and in which words, what the program looks
at, how to go on, and a command to try.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from letters.check import rules
from workflow import law
from workflow.base import chinese_names, last_refusal, names, typed_words
from workflow.base.errors import NotFound
from workflow.base.last_refusal import Kept
from workflow.base.messages import N_, listed, pick, translate
from workflow.law.entries import Ground, Outcome
from workflow.procedure import act_forms, act_tables, naming, transitions
from workflow.reports.law.why_provision import MOST, Told, bases, in_force, provision, quoted, whole
from workflow.reports.views.field_names import field_name

LAST = ("last", "上次", "上一次")


def of(asked: str, on: date) -> Told:
    """What is asked for, explained as of a day. NotFound where it is no rule, no provision and no refusal."""
    if asked.strip().lower() in LAST:
        return _last(on)
    key = asked.strip()
    for explain in (_rule, _guard, _house, _clock, _value, _decision, provision, whole, _act):
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
    """What has a name: the rules of the check, the clocks, what has to hold before an act, and good order."""
    every = {one.id: {"zh": one.zh, "en": one.en} for one in rules.rules().values()}
    house = {f"house:{key}": row for key, row in act_tables.bundled()["process"]["house"].items()}
    return {**house, **act_tables.bundled()["words"]["guard"], **names.bundled()["clock"], **every}


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
    told = provision(kept.rule, on) or _house(kept.rule, on) if kept.rule else None
    told = told or Told("", [names.article(kept.rule)] if kept.rule else [])
    made = Told(
        translate(N_("Refused: {text}"), text=kept.text),
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
    """The field that was named, and what has to hold before the act."""
    if kept.field:
        yield translate(N_("what was given as '{field}'"), field=field_name(kept.field, kept.command))
    event = _event(kept.command)
    if event is not None:
        yield from _beforehand(event)


def _beforehand(event: str) -> Iterator[str]:
    """Who does an act, where the case stands, and what has to hold, as the act's table says."""
    rows = transitions.bundled().rows_of(event)
    roles = list(dict.fromkeys(role for row in rows for role in row.roles))
    yield translate(N_("who does it: {roles}"), roles=listed(names.name("role", role) for role in roles))
    sources = list(dict.fromkeys(row.source for row in rows))
    if len(sources) <= MOST:
        yield translate(
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
    book = law.bundled()
    # Of a day before there were any, the first Regulations.
    refs = list(found.provisions(book.era_on(max(on, book.eras()[0].first)), on))
    return Told(
        found.name,
        [names.article(ref) for ref in refs],
        list(quoted(refs)),
        [translate(N_("the draft of the case, before the letter goes out: disclosure letter check CASE"))],
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
    refs = in_force(bases(transitions.bundled().guard_basis[found]), on)
    events = dict.fromkeys(row.event for row in transitions.bundled().rows if found in row.guard)
    specs = act_forms.specs()
    return Told(
        pick(known[found]["zh"], known[found]["en"]),
        [names.article(ref) for ref in refs],
        list(quoted(refs)),
        [],
        [names.name("event", event) for event in events],
        [translate(N_("What may be done on a case now: disclosure next CASE"))],
        [specs[event].example for event in events if event in specs][:2],
    )


def _house(asked: str | None, on: date) -> Told | None:
    """A rule of good order: no provision says it; its reason does."""
    name = (asked or "").removeprefix("house:").replace("-", "_")
    if naming.reason(name) is None:
        return None
    ref = f"house:{name}"
    rows = [row for row in transitions.bundled().rows if ref in bases(row.articles)]
    events = dict.fromkeys(row.event for row in rows)
    return Told(
        names.article(ref),
        [translate(N_("a rule of good order of this program; no provision says it"))],
        [],
        [],
        [names.name("event", event) for event in events],
        [],
        [act_forms.specs()[event].example for event in events if event in act_forms.specs()][:2],
    )


def _act(asked: str, on: date) -> Told | None:
    """An act, by its command or one of its names: its provisions, and the rules of good order."""
    specs = act_forms.specs()
    called = {event: (specs[event].command, row["zh"]) for event, row in names.both("event", specs).items()}
    event = _event(chinese_names.command(asked, called))
    if event is None:
        return None
    cited = [ref for row in transitions.bundled().rows_of(event) for ref in bases(row.articles)]
    order = [ref for ref in dict.fromkeys(cited) if ref.startswith("house:")]
    refs = in_force([ref for ref in dict.fromkeys(cited) if ref not in order], on)
    return Told(
        names.name("event", event),
        [names.article(ref) for ref in (*refs, *order)],
        list(quoted(refs)),
        list(_beforehand(event)),
        [],
        [translate(N_("What may be done on a case now: disclosure next CASE"))],
        [specs[event].example],
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
    made.looked_at = [translate(N_("the entries of the case and the calendar of working days"))]
    made.way_on = [translate(N_("Every day that was counted or left out: disclosure explain CASE"))]
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
    needs = translate(N_("What the draft has to say: {needs}"), needs=str(names.Named("need", *one.needs)))
    return Told(
        names.word("outcome", one.id),
        [names.article(ref) for ref in refs],
        list(quoted(refs)),
        way_on=[needs] if one.needs else [],
        examples=[f"disclosure law show {one.id}"],
    )


# --- provisions
