"""What an entry says, field by field, in words: what was given or corrected, what the program added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from letters.check import rules
from workflow.base.errors import DisclosureError
from workflow.base.masking import WHOLE
from workflow.base.messages import N_, listed, pick, translate
from workflow.base.names import name, word
from workflow.cases.case import CaseFile
from workflow.cases.entry import Entry
from workflow.cases.reply import DraftItem
from workflow.casework import assignment
from workflow.casework.given_persons import PERSONAL
from workflow.office.who import People
from workflow.procedure import act_forms
from workflow.procedure.act_forms import Field
from workflow.reports.views import facts_beside
from workflow.reports.views.facts_beside import Told, letter_name
from workflow.reports.views.receipt_facts import added, agent, attach, joined, receive, taken_over

Telling = Callable[[Entry, People, CaseFile], Iterator[Told]]
# Addresses are no matter for a list; whoever needs them asks with a reason (disclosure reveal).
SILENT = frozenset({*PERSONAL, "file"})


def told(entry: Entry, people: People, case: CaseFile) -> list[Told]:
    """Label and text of everything that an entry says; personal data is left out."""
    telling = _TOLD.get(entry.event, _by_fields)
    return [(label, text) for label, text in telling(entry, people, case) if text]


def label(field: Field) -> str:
    """What a field is called, without what is to be known when it is typed."""
    return re.split(r"[（(：]|: ", field.label)[0].strip()


def draft_item(row: DraftItem) -> list[Told]:
    """What the draft says to one item, field by field."""
    return list(_draft_fields(vars(row)))


def _by_fields(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    spec = act_forms.specs().get(entry.event)
    for field in spec.fields if spec else ():
        value = entry.payload.get(field.name)
        if value not in (None, "", []) and field.name not in SILENT:
            yield label(field), _said(field, value, people, case)


def _said(field: Field, value: Any, people: People, case: CaseFile) -> str:
    if isinstance(value, list) and field.type not in ("letters", "pair"):
        return listed(_said(field, one, people, case) for one in value)
    match field.type:
        case "choice":
            return act_forms.choice_name(str(value))
        case "outcome" | "ground":
            return name("outcome", value)
        case "unit":
            return people.unit(value)
        case "officer":
            return people.person(value)
        case "bool":
            return translate(N_("yes") if value else N_("no"))
        case "letters":
            return _letters(value, case)
    if field.name == "letter":
        return _letters(value, case)
    if field.name == "rule":
        return _rule(str(value))
    return str(value)


def _letters(value: Any, case: CaseFile) -> str:
    codes = {made["letter"]: made["code"] for made in case.letters}
    given = value if isinstance(value, list) else [value]
    return listed(letter_name(codes.get(one, str(one))) for one in given)


def _rule(key: str) -> str:
    try:
        return rules.rule(key).name
    except DisclosureError:
        return key


# --- acts that say more than their fields


def _assign(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    """What was taken, and what the office's rules had proposed."""
    yield from _by_fields(entry, people, case)
    proposed = entry.payload.get("proposed")
    if proposed and proposed["because"] in (assignment.KEYWORD, assignment.AREA):
        handler = proposed.get("handler")
        named = listed([people.unit(proposed["unit"]), *([people.name(handler)] if handler else [])])
        why = assignment.why(proposed["because"], proposed["words"], bool(handler))
        yield translate(N_("proposed")), pick(f"{named}（{why}）", f"{named} ({why})")


def _draft(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    for row in entry.payload.get("items", ()):
        number = translate(N_("item {no}"), no=row["no"])
        yield (
            number,
            pick("；", "; ").join(
                f"{said}{pick('：', ': ')}{text}" for said, text in _draft_fields(row) if text
            ),
        )


def _draft_fields(row: dict[str, Any]) -> Iterator[Told]:
    for field in act_forms.specs()["draft"].fields:
        value = row.get(field.name)
        if not value or field.name in ("item", "file"):
            continue
        if field.name == "extra":
            pairs = value.items() if isinstance(value, dict) else value
            yield from ((word("need", key), act_forms.choice_name(str(text))) for key, text in pairs)
        elif field.many:
            yield label(field), listed(value)
        else:
            yield label(field), name("outcome", value) if field.type in ("outcome", "ground") else str(value)


def _issue(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    yield translate(N_("letter")), letter_name(entry.payload.get("code", ""))
    yield translate(N_("document number")), str(entry.payload.get("number", ""))
    yield translate(N_("outcome of it")), name("outcome", entry.payload.get("outcome"))


def _letter(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    yield translate(N_("letter")), letter_name(entry.payload.get("code", ""))
    yield translate(N_("document number")), str(entry.payload.get("number") or "")
    yield translate(N_("signed by")), str(entry.payload.get("signer") or "")


def _with_fields(more: Telling) -> Telling:
    """The facts of the act's table, and what more there is of it."""

    def telling(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
        yield from _by_fields(entry, people, case)
        yield from more(entry, people, case)

    return telling


def _amend(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    key = entry.payload.get("field", "")
    rows = act_forms.amendable()
    for change in entry.payload.get("changes", ()):
        known = next((name for name, row in rows.items() if row.get("path") == change["path"]), key)
        if known == "channel" and change["path"] in ("article", "status"):
            continue  # the rule by which the day is the day of receipt: it follows the channel
        sealed = bool(rows.get(known, {}).get("sealed"))
        old, new = (_value(known, one, sealed) for one in (change["old"], change["new"]))
        yield word("amendable", known), f"{old} → {new}"
    yield translate(N_("reason")), str(entry.payload.get("reasons", ""))


def _value(key: str, value: Any, sealed: bool) -> str:
    if value in (None, "", []):
        return translate(N_("(empty)"))
    if sealed:
        return WHOLE
    if isinstance(value, list):
        return listed(value)
    kind = {"applicant_kind": "applicant", "channel": "channel"}.get(key)
    return word(kind, str(value)) if kind else word("regulations", str(value))


def correctable(key: str, value: Any) -> str:
    """The present value of a fact that `amend` can correct, as it reads; `key` as the list has it."""
    event, _dot, wanted = key.replace("-", "_").partition(".")
    spec = act_forms.specs().get(event)
    kind = next((one.type for one in spec.fields if one.name == wanted), "") if spec else ""
    if kind == "choice":
        return listed(
            act_forms.choice_name(str(one)) for one in (value if isinstance(value, list) else [value])
        )
    if kind in ("outcome", "ground"):
        return name("outcome", value)
    return _value(event, value, False)


def _recompute(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    for change in entry.payload.get("changes", ()) or ():
        if isinstance(change, dict) and "rule" in change:
            yield (
                word("clock", change["rule"]),
                f"{change.get('before') or '-'} → {change.get('after') or '-'}",
            )


def _fee(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    yield from _by_fields(entry, people, case)
    yield translate(N_("amount")), translate(N_("{amount} yuan"), amount=entry.payload.get("amount", "-"))


def _decided(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    yield from _by_fields(entry, people, case)
    if entry.payload.get("outcome"):
        yield translate(N_("outcome of it")), act_forms.choice_name(entry.payload["outcome"])


def _file(entry: Entry, people: People, case: CaseFile) -> Iterator[Told]:
    yield from _by_fields(entry, people, case)
    yield translate(N_("kept until")), str(entry.payload.get("keep_until") or "")
    yield translate(N_("missing")), listed(map(str, entry.payload.get("missing", ())))


_TOLD: dict[str, Telling] = {
    "take_over": taken_over,
    "receive": receive,
    "add_applicant": added,
    "appoint_agent": agent,
    "joined": joined,
    "answer_jointly": _issue,
    "assign": _assign,
    "attach": attach,
    "draft": _draft,
    "issue": _issue,
    "letter_lapsed": facts_beside.letters_gone,
    "pass_lapsed": facts_beside.passes_lapsed,
    "undo": facts_beside.undone,
    "handed_back": facts_beside.handed_back,
    "reveal": facts_beside.revealed,
    "approve_transfer": facts_beside.transferred,
    "split": _with_fields(facts_beside.other_cases),
    "separate": _with_fields(facts_beside.other_cases),
    "separated": _with_fields(facts_beside.other_cases),
    "letter_made": _letter,
    "letter_signed": _letter,
    "mailed": _letter,
    "amend": _amend,
    "recompute": _recompute,
    "notify_fee": _fee,
    "remedy_decided": _decided,
    "file": _file,
    "file_unserved": _file,
}


def day(value: date | None) -> str:
    """A day, or a dash."""
    return value.isoformat() if value else "-"
