"""A new office by question and answer: each question explained, each answer checked at once and kept, so that
an interrupted founding goes on where it stopped. What is founded is what an office file with these answers
would found.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from workflow import law
from workflow.base import dates, names, tables
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import word
from workflow.base.screen import fields
from workflow.commands.asking import kept, staff
from workflow.commands.asking.lines import Reader, Stopped
from workflow.commands.asking.questions import BACK, Back, Choice, choose, line, named, say, several, yes
from workflow.office import founding, office_file, profile, review_bodies
from workflow.reports.views import case_text

TABLE = os.path.join(os.path.dirname(__file__), "founding.toml")
CHOSEN = {"kind": ("office_kind", profile.kinds), "level": ("office_level", lambda: office_file.LEVELS)}
# What stands for answers that are still to come while one is checked.
_ANY = {**dict.fromkeys(profile.NEEDED, "x"), "kind": "department", "level": "county", "code": "x复"}
CHANNELS = ["in_person", "post"]

Answers = dict[str, Any]


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = tables.read(TABLE)
    return found


def ask(reader: Reader) -> Answers:
    """The office as its file would describe it. Stopped where he breaks off; the answers are kept."""
    answers = _earlier(reader)
    steps: list[tuple[str, Callable[[Reader, Answers], Any]]] = [
        *((name, _text_of(name)) for name in _table()["question"]),
        ("related", _related),
        ("channels", _channels),
        ("unit", staff.units),
        ("officer", staff.officers),
    ]
    try:
        say([_(N_("Each answer is kept at once; {back} goes back to the question before."), back=BACK)])
        _walk(reader, answers, steps)
        while not _agreed(reader, answers, steps):
            continue
    except (Stopped, KeyboardInterrupt):
        say(
            [
                "",
                _(
                    N_("Nothing was founded. The answers are kept in {path}; go on with: disclosure init"),
                    path=kept.path(),
                ),
            ]
        )
        raise Stopped from None
    return _raw(answers)


def _raw(answers: Answers) -> Answers:
    """The answers without what was left out."""
    return {name: value for name, value in answers.items() if value and name != "related"}


def _earlier(reader: Reader) -> Answers:
    answers = kept.read()
    if answers:
        said = _(
            N_("An earlier run kept {n} answers ({name})."), n=len(answers), name=answers.get("name", "-")
        )
        say([said])
        if not yes(reader, _(N_("Go on with them?"))):
            kept.forget()
            return {}
    return answers


def _walk(
    reader: Reader, answers: Answers, steps: list[tuple[str, Callable[[Reader, Answers], Any]]]
) -> None:
    """Ask what is not answered yet, in its order; going back asks the question before again."""
    at = 0
    while at < len(steps):
        name, question = steps[at]
        if name in answers:
            at += 1
            continue
        try:
            answers[name] = question(reader, answers)
        except Back:
            at = max(at - 1, 0)
            answers.pop(steps[at][0], None)
            continue
        kept.keep(answers)
        at += 1


# --- one question


def _text_of(name: str) -> Callable[[Reader, Answers], str]:
    return lambda reader, answers: _text(reader, answers, name)


def _text(reader: Reader, answers: Answers, name: str) -> str:
    """One entry of the office file, explained, and asked again until it can be."""
    row = _table()["question"][name]
    optional = bool(row.get("optional"))
    note = _(N_("Enter: leave it out")) if optional else _(N_("needed"))
    say(["", pick(f"{word('office', name)}（{note}）", f"{word('office', name)} ({note})")])
    say(["  " + pick(row["zh"], row["en"]), "  " + _(N_("For example: {example}"), example=row["example"])])
    while True:
        value = _chosen(reader, name) if name in CHOSEN else line(reader)
        if not value and optional:
            return ""
        wrong = _wrong(answers, name, value, row)
        if not wrong:
            return value
        say(wrong)


def _chosen(reader: Reader, name: str) -> str:
    kind, known = CHOSEN[name]
    return choose(reader, named(names.both(kind, known()))) or ""


def _wrong(answers: Answers, name: str, value: str, row: dict[str, Any]) -> list[str]:
    """What is wrong with an answer: by its form, and by the rules of the office file."""
    if not value:
        return [_(N_("An answer is needed here; {back} goes back."), back=BACK)]
    if "pattern" in row and not re.fullmatch(row["pattern"], value):
        return [pick(row["wrong"]["zh"], row["wrong"]["en"])]
    texts = {key: one for key, one in answers.items() if key in profile.TEXTS and one}
    whole = {**_ANY, **texts, name: value}
    try:
        checked, _officers_of_it = office_file.checked(whole)
        if name == "court":
            review_bodies.require_court(checked, dates.today())
    except DisclosureError as fault:
        return case_text.fault_lines(fault) if fault.field == name else []
    return []


def _related(reader: Reader, answers: Answers) -> bool:
    """The organs above this one, as many as the rule on reconsideration needs."""
    while True:
        profile_so_far, _none = office_file.checked(
            {**_ANY, **_raw({k: v for k, v in answers.items() if k in profile.TEXTS})}
        )
        try:
            organs = founding.propose_reconsideration(profile_so_far, dates.today())
        except DisclosureError as fault:
            if fault.field not in profile.RELATED:
                raise
            about = _table()["related"]
            say(
                [
                    "",
                    pick(
                        f"{word('office', fault.field)}（{_(N_('needed'))}）",
                        f"{word('office', fault.field)} ({_(N_('needed'))})",
                    ),
                ]
            )
            say(["  " + pick(about["zh"], about["en"])])
            answers[fault.field] = line(reader) or ""
            continue
        say([_(N_("Reconsideration: {names}"), names=listed(one["name"] for one in organs))])
        return True


def _channels(reader: Reader, answers: Answers) -> list[str]:
    say(["", word("office", "channels")])
    say(["  " + _(N_("By which ways applications may come, as the office's guide publishes them."))])
    return several(reader, named(names.both("channel", law.bundled().channels())), CHANNELS)


# --- the summary


def _agreed(
    reader: Reader, answers: Answers, steps: list[tuple[str, Callable[[Reader, Answers], Any]]]
) -> bool:
    """Show everything and ask; what is to be changed is asked again."""
    shown = {name: value for name, value in answers.items() if value and name != "related"}
    say(
        [
            "",
            _(N_("This would be founded:")),
            *fields((_called(name), _said(name, value)) for name, value in shown.items()),
        ]
    )
    if yes(reader, _(N_("Found the office?"))):
        return True
    say([_(N_("What is to be changed? (Enter: nothing)"))])
    key = choose(
        reader, [Choice(name, {"zh": _called(name), "en": _called(name)}) for name in shown], optional=True
    )
    if key is None:
        raise Stopped
    for name in {key, "related"} | (set(profile.RELATED) if key in ("kind", "level") else set()):
        answers.pop(name, None)
    _walk(reader, answers, steps)
    return False


def _called(name: str) -> str:
    return {"unit": word("office", "units"), "officer": _(N_("officers"))}.get(name) or word("office", name)


def _said(name: str, value: Any) -> str:
    if name in CHOSEN:
        return word(CHOSEN[name][0], value)
    if name == "channels":
        return listed(word("channel", one) for one in value)
    if name == "unit":
        return listed(
            pick(f"{one['name']}（{one['key']}）", f"{one['name']} ({one['key']})") for one in value
        )
    if name == "officer":
        return "\n".join(
            pick(f"{one['name']}（{one['key']}）：", f"{one['name']} ({one['key']}): ")
            + listed(word("role", role) for role in one["roles"])
            for one in value
        )
    return str(value)
