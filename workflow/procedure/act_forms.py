"""What an officer gives for each act: the table acts.toml, and the facts checked against it.

From a command line, a file or a program alike, facts become the payload of a ledger entry only through `facts`.
The help of every command needs this table: what only an act needs is imported when one is done.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from workflow.base import tables
from workflow.base.dates import parse_date
from workflow.base.errors import Malformed, NotFound, OutOfLaw, Refused
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.base.typed_text import clean_text, read_mapping
from workflow.cases import clocks, draft, retention, rulings
from workflow.cases.case import CaseFile
from workflow.cases.context import Context

HERE = os.path.dirname(__file__)


class Field(NamedTuple):
    """One fact that belongs to an act."""

    name: str
    type: str
    zh: str
    en: str
    need: bool = False
    many: bool = False
    ask: bool = False
    choice: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called, in the language in force."""
        return pick(self.zh, self.en)

    @property
    def option(self) -> str:
        """How it is written on the command line."""
        return "--" + self.name.replace("_", "-")


Reader = Callable[[Field, Any], Any]


class Spec(NamedTuple):
    """An act as officers know it."""

    event: str
    command: str
    zh: str
    en: str
    example: str
    fields: tuple[Field, ...]

    @property
    def help(self) -> str:
        """What the act does, in the language in force."""
        return pick(self.zh, self.en)


@cache
def _table() -> dict[str, Any]:
    return tables.read(os.path.join(HERE, "acts.toml"))


@cache
def specs() -> dict[str, Spec]:
    """All acts by event, in the order of the table."""
    made = {}
    for event, row in _table().items():
        if "command" in row:
            fields = tuple(
                Field(**{**item, "choice": tuple(item.get("choice", ()))}) for item in row.get("fields", [])
            )
            made[event] = Spec(event, row["command"], row["zh"], row["en"], row["example"], fields)
    return made


def choice_names(key: str) -> dict[str, str]:
    """The name of a choice in both languages."""
    names: dict[str, str] = _table()["choice"][key]
    return names


def choice_name(key: str) -> str:
    """The name of a choice, in the language in force."""
    entry = _table()["choice"].get(key)
    return pick(entry["zh"], entry["en"]) if entry else key


def amendable() -> dict[str, dict[str, Any]]:
    """What `amend` may correct, by name."""
    table: dict[str, dict[str, Any]] = _table()["amendable"]
    return table


def facts(event: str, given: dict[str, Any]) -> dict[str, Any]:
    """The given values checked against the act's table: unknown, missing or malformed ones are refused."""
    spec = specs().get(event)
    if spec is None:
        raise NotFound(N_("There is no act '{event}'."), event=event)
    known = {item.name: item for item in spec.fields}
    for name in given:
        if name not in known:
            raise Malformed(
                N_("The act '{event}' has no fact '{name}'."),
                field=name,
                event=Named("event", event),
                name=name,
                way_on=N_("See what it takes with: disclosure {command} --help"),
                command=spec.command,
            )
    payload: dict[str, Any] = {}
    for name, item in known.items():
        value = given.get(name)
        if value is None or value == "" or value == () or value == []:
            if item.need:
                raise Malformed(
                    N_("'{option}' is missing: {label}."),
                    field=name,
                    option=item.option,
                    label=item.label,
                    way_on=N_("For example: {example}"),
                    example=spec.example,
                )
            continue
        payload[name] = _many(item, value) if item.many else one(item, value)
    return payload


def _many(item: Field, value: Any) -> list[Any]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    return [one(item, single) for single in values]


def one(item: Field, value: Any) -> Any:
    """One value in the form that the ledger keeps; Malformed names the field."""
    reader: Reader = _READERS.get(item.type) or _text
    return reader(item, value)


def _text(item: Field, value: Any) -> str:
    text = clean_text(value, item.name)
    if not text and item.need:
        raise Malformed(
            N_("'{option}' is missing: {label}."), field=item.name, option=item.option, label=item.label
        )
    return text


def _date(item: Field, value: Any) -> str:
    return (value if isinstance(value, date) else parse_date(str(value), item.name)).isoformat()


def _int(item: Field, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        number = -1
    broken = isinstance(value, bool) or (isinstance(value, float) and value != number)
    if broken or not 0 <= number < 10**9:
        raise Malformed(N_("'{value}' is not a whole number."), field=item.name, value=str(value)[:40])
    return number


def _choice(item: Field, value: Any) -> str:
    key = str(value).replace("-", "_")
    if key not in item.choice:
        raise Malformed(
            N_("'{value}' is not one of: {choices}"),
            field=item.name,
            value=str(value)[:40],
            choices=Named("choice", *item.choice, typed=True),
        )
    return key


def _items(item: Field, value: Any) -> list[int]:
    parts = value if isinstance(value, list | tuple) else str(value).replace("，", ",").split(",")
    return sorted({_int(item, str(part).strip()) for part in parts})


def _pair(item: Field, value: Any) -> list[str]:
    name, sep, text = str(value).partition("=")
    if not sep or not name.strip():
        raise Malformed(
            N_("'{value}' is not of the form NAME=VALUE."), field=item.name, value=str(value)[:40]
        )
    return [name.strip().replace("-", "_"), clean_text(text, item.name)]


_READERS: dict[str, Reader] = {"date": _date, "int": _int, "choice": _choice, "items": _items, "pair": _pair}


# --- what an act adds by itself, before the guards are asked


def prepare(
    event: str, payload: dict[str, Any], case: CaseFile, on: date, context: Context
) -> dict[str, Any]:
    """The payload with what follows from the case and the law: numbers, defaults, the parsed draft."""
    preparer = _PREPARERS.get(event)
    return preparer(payload, case, on, context) if preparer else payload


def _consult(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    items = payload.get("items") or list(range(1, len(case.items) + 1))
    for number in items:
        draft.require_item(case, number)
    if payload.get("delivered"):
        _not_before(payload["delivered"], on, "delivered")
    if payload.get("answer_by"):
        _not_before(payload["answer_by"], on, "answer_by")
    return {**payload, "items": items, "no": len(case.consultations) + 1}


def _consult_organ(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """The law sets other organs no period: the office's own, where none is given."""
    return _consult(_with_last_day(payload, on, context, "other_organ_days"), case, on, context)


def _with_last_day(payload: dict[str, Any], on: date, context: Context, setting: str) -> dict[str, Any]:
    if payload.get("answer_by"):
        return payload
    return {**payload, "answer_by": context.calendar.add(on, int(context.settings[setting])).isoformat()}


def _not_before(day: str, on: date, name: str) -> None:
    if day < on.isoformat():
        raise Malformed(
            N_("'{field}' ({day}) lies before the day of the act itself ({on})."), field=name, day=day, on=on
        )


def _ask_correction(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    return _answer_by(_with_last_day(payload, on, context, "correction_days"), case, on, context)


def _answer_by(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    _not_before(payload["answer_by"], on, "answer_by")
    return payload


def _extend(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    most = context.law.value("reply.extension", on=clocks.law_day(case, context)).value
    return {"days": most, **payload}


def _draft(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    from pathlib import Path

    if "file" in payload:
        given = read_mapping(Path(payload["file"])).get("item", [])
        if not isinstance(given, list) or not given:
            raise Malformed(N_("The file names no items ([[item]])."), field="file")
        items = [draft.item(entry, case, context, on) for entry in given]
        seen = [(item["no"], item.get("part", "")) for item in items]
        twice = [
            no
            for no, part in seen
            if seen.count((no, part)) > 1 or (not part and sum(1 for n, _ in seen if n == no) > 1)
        ]
        if twice:
            raise Malformed(
                N_("Item {no} is drafted twice; say with 'part' which part of it each is about."),
                field="part",
                no=twice[0],
            )
        return {"items": items}
    entry = {key: value for key, value in payload.items() if key != "item"}
    entry["no"] = payload.get("item", 1 if len(case.items) == 1 else None)
    entry["extra"] = dict(payload.get("extra", []))
    return {"items": [draft.item(entry, case, context, on)]}


def _fee(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """The amount comes from the scale of the day; by item or by page, never both."""
    law, count = context.law, payload["count"]
    try:
        fee = (
            law.by_page(count, on)
            if payload["basis"] == "by_page"
            else law.by_item(count, payload.get("already", 0), on=on)
        )
    except OutOfLaw as fault:
        fault.way_on = N_("Handle the application without a fee.")
        raise
    if not fee.amount:
        raise Refused(
            N_("For a count of {n} ({basis}) nothing is charged; there is no fee to notify."),
            rule=fee.article,
            field="count",
            n=count,
            basis=Named("choice", payload["basis"]),
            way_on=N_("Handle the application without a fee."),
        )
    payment = payload.get("payment") or context.settings.get("payment")
    if not payment:
        raise Malformed(
            N_("'{option}' is missing: {label}."),
            field="payment",
            option="--payment",
            label=next(item.label for item in specs()["notify_fee"].fields if item.name == "payment"),
            way_on=N_("Give it, or set it once: disclosure office set payment '...'"),
        )
    bands = [[band.first, band.last, band.yuan_each] for band in fee.bands]
    return {**payload, "amount": fee.amount, "article": fee.article, "bands": bands, "payment": payment}


def _remedy(kind: str) -> Callable[[dict[str, Any], CaseFile, date, Context], dict[str, Any]]:
    def prepared(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
        named = payload.get("kind", kind)
        full = "reconsideration" if named == "reconsideration" else f"suit_{named}"
        if payload.get("defence_due"):
            _not_before(payload["defence_due"], on, "defence_due")
        made = _papers({**payload, "kind": full, "no": len(case.remedies) + 1}, case, on, context)
        return _kept_on(made, case, "pending")

    return prepared


def _papers(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """What is named as a paper has to be in the file."""
    known = [file["name"] for file in case.attachments]
    for name in payload.get("papers", ()):
        if name not in known:
            raise NotFound(
                N_("The case {number} has no file '{name}'."),
                field="papers",
                number=case.number,
                name=name,
                way_on=N_("Put it in first: disclosure attach {number} --file {name}"),
            )
    return payload


def _decided(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """What follows from the result: the column of the annual report, the effect, the last day ordered."""
    part = case.part("remedy", payload["no"])
    made = dict(payload)
    orders = "may"
    if "result" in made and part is not None:
        found = rulings.require(made["result"], getattr(part, "kind", ""), on)
        if made.get("outcome", found.outcome) != found.outcome:
            raise Malformed(
                N_("'{result}' counts as: {outcome}."),
                field="outcome",
                result=found.name,
                outcome=Named("choice", found.outcome),
                way_on=N_("Leave --outcome out."),
            )
        made |= {"outcome": found.outcome, "effect": found.effect}
        orders = found.orders
    if "outcome" not in made:
        raise Malformed(
            N_("'{option}' is missing: {label}."),
            field="result",
            option="--result",
            label=next(item.label for item in specs()["remedy_decided"].fields if item.name == "result"),
            way_on=N_("For example: {example}"),
            example=specs()["remedy_decided"].example,
        )
    if made.get("dated", "") > on.isoformat():
        raise Malformed(
            N_("The paper bears the date {dated}, which is later than the day on which it came ({on})."),
            field="dated",
            dated=made["dated"],
            on=on,
        )
    made = _papers(_ordered(made, orders, on, context), case, on, context)
    return _kept_on(made, case, made["outcome"])


def _kept_on(payload: dict[str, Any], case: CaseFile, outcome: str) -> dict[str, Any]:
    """A remedy on a case that was filed already: it may have to be kept longer, never shorter."""
    if case.filed is None or case.retention is None:
        return payload
    key = retention.longer(case.retention, retention.by_remedy(outcome))
    last = retention.until(key, case.filed)
    if last is not None and case.keep_until is not None:
        last = max(last, case.keep_until)
    kept = {"retention": key, **({"keep_until": last.isoformat()} if last else {})}
    return {**payload, **kept}


def _file(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """With the class by which the case is kept."""
    return {**payload, **retention.facts(case, on)}


def _ordered(made: dict[str, Any], orders: str, on: date, context: Context) -> dict[str, Any]:
    """Whether a new decision is ordered, and until when: a day, or days from the receipt of the order."""
    limits = [name for name in ("due", "within", "days") if made.get(name)]
    if len(limits) > 1:
        raise Malformed(N_("Give one of --due, --within and --days."), field=limits[1])
    said = made.pop("redecide", None)
    wanted = orders == "always" or said == "yes" or (bool(limits) and said != "no")
    if wanted and orders == "never":
        raise Malformed(
            N_("With this result no new decision is ordered."),
            field="redecide",
            way_on=N_("Choose the result that the paper states, or leave the order out."),
        )
    if limits and not wanted:
        raise Malformed(N_("A limit was given, but no new decision is ordered."), field=limits[0])
    within, days = made.pop("within", 0), made.pop("days", 0)
    if within:
        made["due"] = context.calendar.add(on, within).isoformat()
    elif days:
        made["due"] = context.calendar.roll(on + timedelta(days=days)).isoformat()
    elif made.get("due"):
        _not_before(made["due"], on, "due")
    return {**made, "redecide": wanted}


def _redecide(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """The limit is the one that was ordered; where none was, the statutory time runs anew."""
    part = case.part("remedy", payload["no"])
    ordered = getattr(part, "ordered_due", None)
    return {**payload, "due": ordered.isoformat()} if ordered and not payload.get("due") else payload


def _delay(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    _not_before(payload["until"], on, "until")
    return payload


def letter_named(case: CaseFile, text: str) -> int:
    """A letter of the case by its number in the register, its document number, or (the last one) its code."""
    void = {one.letter for one in case.voided}
    for made in reversed(case.letters):
        if text == str(made["letter"]) or text == made["number"]:
            return int(made["letter"])
        if text.upper() == str(made["code"]).upper() and made["letter"] not in void:
            return int(made["letter"])
    raise NotFound(
        N_("The case {number} has no letter '{name}' that was made."),
        field="letter",
        number=case.number,
        name=text[:40],
        way_on=N_(
            "See the letters with: disclosure letters {number}. One that waits is made with: disclosure work"
        ),
    )


def _letters(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    named = payload["letter"] if isinstance(payload["letter"], list) else [payload["letter"]]
    return {**payload, "letter": sorted({letter_named(case, text) for text in named})}


def _void_reply(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    reply = case.reply
    return {**payload, "number": reply.number, "code": reply.code} if reply is not None else payload


def _dispatch(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """An office with a mail server of its own sends the letter itself, after the commit."""
    if payload["served_by"] == "email" and context.settings.get("mail"):
        return {**payload, "mail": True}
    return payload


_PREPARERS: dict[str, Callable[[dict[str, Any], CaseFile, date, Context], dict[str, Any]]] = {
    "consult_third_party": _consult,
    "consult_co_maker": _consult,
    "consult_organ": _consult_organ,
    "refer": _consult_organ,
    "ask_correction": _ask_correction,
    "ask_reasons": _answer_by,
    "notify_fee": _fee,
    "extend": _extend,
    "delay": _delay,
    "dispatch": _dispatch,
    "void_reply": _void_reply,
    "void_letter": _letters,
    "letter_posted": _letters,
    "letter_arrived": _letters,
    "letter_returned": _letters,
    "draft": _draft,
    "open_reconsideration": _remedy("reconsideration"),
    "open_suit": _remedy("direct"),
    "defend": _papers,
    "remedy_decided": _decided,
    "appeal": _papers,
    "remand": _papers,
    "redecide": _redecide,
    "file": _file,
    "file_unserved": _file,
}
