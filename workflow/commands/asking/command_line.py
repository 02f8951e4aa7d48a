"""The command line that would have done the same as a guided act, or as several of one line."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from workflow.base import names, typed_words
from workflow.base.command_text import Command
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.commands.asking import together
from workflow.office import profile
from workflow.procedure import act_forms
from workflow.procedure.act_forms import Field, Spec

Acts = list[tuple[Spec, dict[str, Any]]]


def of_line(desk: Any, number: str, acts: Acts, on: date | None, more: list[str]) -> str:
    """The command of the acts of one line in the language in force, each with its facts; no `on` for today,
    and `more` at the end.
    """
    events = [spec.event for spec, _given in acts]
    carrier = together.carrier(events)
    own, given = next(one for one in acts if one[0].event == carrier)
    words = ["disclosure", pick(names.both("event", [carrier])[carrier]["zh"], own.command), number]
    # What a later act says too is said once.
    later = {name for spec, facts_of in acts if spec.event != carrier for name in facts_of}
    words += _facts(desk, [field for field in own.fields if field.need or field.name not in later], given)
    said = {field.name for field in own.fields if field.name in given}
    words += beside(desk, carrier, [one for one in acts if one[0].event != carrier], said)
    return written([*words, *(["--on", on.isoformat()] if on else []), *more])


def beside(desk: Any, carrier: str, acts: Acts, said: Iterable[str] = ()) -> list[str]:
    """The words of the acts that a line takes besides the one it is called by; facts that were `said` are not
    repeated.
    """
    along = {one.event: one for one in act_forms.along(carrier)}
    words = []
    for spec, given in acts:
        one = along[spec.event]
        words.append(one.option)
        if one.value is not None:
            words += [_typed(desk, one.value, value) for value in _values(given.get(one.value.name))]
        words += _facts(desk, [field for field in one.fields if field.name not in said], given)
    return words


def _facts(desk: Any, fields: Iterable[Field], given: dict[str, Any]) -> list[str]:
    return [
        word
        for field in fields
        for value in _values(given.get(field.name))
        for word in (field.option, _typed(desk, field, value))
    ]


def shown(command: str) -> list[str]:
    """What is said after an act: the command that would have done the same."""
    return [_(N_("The same as a command:")), Command("  " + command)]


def written(words: list[str]) -> str:
    """Words as a shell reads them: those with blanks or marks in quotes."""
    return " ".join(word if _plain(word) else shlex.quote(word) for word in words)


def _plain(word: str) -> bool:
    """Whether no shell would see more in it than a word."""
    return bool(word) and all(char.isalnum() or char in "-_./=:,@+" for char in word)


def _values(given: Any) -> list[Any]:
    if given in (None, "", []):
        return []
    return list(given) if isinstance(given, list) else [given]


def _typed(desk: Any, field: Field, value: Any) -> str:
    """A value as the officer would type it: by its name where that means nothing else."""
    if field.type == "unit":
        return _named(str(value), desk.office.units)
    if field.type == "officer":
        with desk.store.reading() as connection:
            return _named(
                str(value), {one.key: one.name for one in profile.officers_of(connection, desk.office.id)}
            )
    if field.type not in ("choice", "outcome", "ground"):
        return str(value)
    kind = "choice" if field.type == "choice" else "outcome"
    words = names.both(kind, field.choice or [str(value)])
    return _named(str(value), {key: pick(one["zh"], key) for key, one in words.items()})


def _named(key: str, words: Mapping[str, str]) -> str:
    """The name of a key, where nothing else is called so."""
    name = words.get(key, key)
    return name if typed_words.matches(name, words) == [key] else key
