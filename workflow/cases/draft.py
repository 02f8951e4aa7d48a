"""The decision on each item of a request, and what the law requires of it.

Outcomes and grounds, and what each needs, are rows of the law tables; the letter that results is in
letters/content/kinds.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from workflow.base import names, typed_words
from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.base.typed_text import clean_text
from workflow.cases import organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Context
from workflow.cases.draft_complete import REFUSES, TEXTS
from workflow.law import terms
from workflow.law.entries import Outcome as LawOutcome
from workflow.law.setting_keys import SettingKey


def require_item(case: CaseFile, number: Any) -> int:
    """The number of an item of the request; Malformed if the request has no such item."""
    if number is None:
        raise Malformed(
            N_("The request has {n} items; say with --item which one is meant."),
            field="item",
            n=len(case.items),
            way_on=N_("See them with: disclosure show {number}"),
            number=case.number,
        )
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(case.items):
        raise Malformed(
            N_("The request has items 1 to {n}; '{given}' is none of them."),
            field="item",
            n=len(case.items),
            given=number,
            way_on=N_("See them with: disclosure show {number}"),
            number=case.number,
        )
    return number


def item(entry: dict[str, Any], case: CaseFile, context: Context, on: date) -> dict[str, Any]:
    """One drafted item in the form that the ledger keeps; Malformed or NotFound names the field."""
    known = {"no", "outcome", "ground", "attachments", "extra", *TEXTS}
    for name in entry:
        if name not in known:
            raise Malformed(N_("A drafted item has no entry '{name}'."), field=name, name=name)
    number = require_item(case, entry.get("no"))
    received = organ_clocks.law_day(case, context)
    outcome = _outcome_meant(entry, context, received)
    made: dict[str, Any] = {"no": number, "outcome": outcome}
    ground = _ground_meant(entry, context, received, outcome)
    if ground:
        made["ground"] = ground
    made.update(_typed(entry))
    _require_short(made, context)
    wrong = terms.fault(number, outcome, made.get("ground"), made.get("extra", {}), on, context.law)
    if wrong is not None:
        raise wrong
    return made


def outcomes(context: Context, received: date) -> dict[str, LawOutcome]:
    """What an item of an application received on a day may be answered with."""
    return {
        row.id: row
        for row in context.law.outcomes(received)
        if row.letter and not row.whole and not row.final
    }


def _outcome_meant(entry: dict[str, Any], context: Context, received: date) -> str:
    """The outcome that was typed; NotFound where the law of the day of receipt has none of that name."""
    answering = outcomes(context, received)
    if not entry.get("outcome"):
        raise NotFound(
            N_("The outcome is missing (--outcome)."),
            field="outcome",
            rule=answering["granted"].basis.rpartition(".")[0],
            way_on=N_("Outcomes are: {names}"),
            names=Named("outcome", *answering, typed=True),
        )
    outcome = _meant(entry.get("outcome"), answering, "outcome")
    if outcome not in answering:
        raise NotFound(
            N_("There is no outcome '{name}' for an application received on {day}."),
            field="outcome",
            rule=answering["granted"].basis.rpartition(".")[0],
            name=outcome,
            day=received,
            way_on=N_("Outcomes are: {names}"),
            names=Named("outcome", *answering, typed=True),
        )
    return outcome


def _meant(typed: object, known: Mapping[str, Any], field: str) -> str:
    """The outcome or ground that was typed: itself, or a name of it, for which all names are compared."""
    if not typed or (isinstance(typed, str) and typed in known):
        return str(typed or "")
    return typed_words.meant(typed, names.both("outcome", known), field)


def no_ground(named: str | None, grounds: Iterable[str], rule: str | None = None) -> NotFound:
    """The refusal of a ground of `named` that is none of `grounds`, or was not named."""
    unknown = N_("A refusal needs one of the grounds that the law knows; '{name}' is none.")
    return NotFound(
        unknown if named else N_("A refusal needs one of the grounds that the law knows; none is named."),
        field="ground",
        rule=rule,
        name=named or "",
        way_on=N_("Grounds are: {names}"),
        names=Named("outcome", *grounds, typed=True),
    )


def _ground_meant(entry: dict[str, Any], context: Context, received: date, outcome: str) -> str | None:
    """The ground that was typed: a refusal needs one, and nothing else has one."""
    grounds = context.law.grounds_by_id(received)
    ground = _meant(entry.get("ground"), grounds, "ground") or None
    if outcome == REFUSES and ground not in grounds:
        raise no_ground(ground, grounds, context.law.outcome(REFUSES, received).basis)
    if outcome != REFUSES and ground:
        raise Malformed(
            N_("Only a refusal has a ground; '{outcome}' has none."),
            field="ground",
            outcome=Named("outcome", outcome),
            way_on=N_("Leave --ground out, or draft the outcome 'withheld'."),
        )
    return ground


def _typed(entry: dict[str, Any]) -> dict[str, Any]:
    """The texts, attachments and named values of an entry, clean."""
    extra = entry.get("extra") or {}
    if not isinstance(extra, dict):
        raise Malformed(N_("'{field}' has to be named values."), field="extra")
    attachments = entry.get("attachments") or []
    if not isinstance(attachments, list):
        raise Malformed(N_("'{field}' has to be a list."), field="attachments")
    made: dict[str, Any] = {name: clean_text(entry[name], name) for name in TEXTS if entry.get(name)}
    if attachments:
        made["attachments"] = [clean_text(name, "attachments") for name in attachments]
    if extra:
        made["extra"] = {str(key): clean_text(str(value), f"extra.{key}") for key, value in extra.items()}
    return made


def _require_short(made: dict[str, Any], context: Context) -> None:
    """Malformed for a text longer than the office allows in a letter: refused now rather than when the letter
    is issued.
    """
    most = int(context.setting(SettingKey.LONGEST_TEXT))
    texts = {name: made.get(name, "") for name in TEXTS} | made.get("extra", {})
    for name, text in texts.items():
        if len(text) > most:
            raise Malformed(
                N_("'{field}' has {n} characters; one text of a letter has at most {most}."),
                field=name,
                n=len(text),
                most=most,
                rule="house:wording",
                way_on=N_(
                    "Put the long part into a file and name it as an annex: --attachments; the office sets the limit with: disclosure office set settings.longest_text"
                ),
            )


def as_items(case: CaseFile) -> list[dict[str, Any]]:
    """The draft as plain items in order, for the ledger and the letter."""
    return [
        {
            "no": drafted.no,
            "outcome": drafted.outcome,
            "ground": drafted.ground,
            "reasons": drafted.reasons,
            "facts": drafted.facts,
            "means": drafted.means,
            "attachments": drafted.attachments,
            "extra": drafted.extra,
            **({"part": drafted.part} if drafted.part else {}),
        }
        for _, drafted in sorted(case.draft.items())
    ]
