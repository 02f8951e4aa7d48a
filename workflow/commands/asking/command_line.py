"""The command line that would have done the same as a guided act."""

from __future__ import annotations

import shlex
from datetime import date
from typing import Any

from workflow.base import names, typed_words
from workflow.base.messages import pick
from workflow.procedure.act_forms import Field, Spec


def of_act(spec: Spec, number: str, given: dict[str, Any], on: date | None, more: list[str]) -> str:
    """The command of an act in the language in force; no `on` for today, and `more` at the end."""
    words = ["disclosure", pick(names.both("event", [spec.event])[spec.event]["zh"], spec.command), number]
    for field in spec.fields:
        for value in _values(given.get(field.name)):
            words += [field.option, _typed(field, value)]
    return written([*words, *(["--on", on.isoformat()] if on else []), *more])


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


def _typed(field: Field, value: Any) -> str:
    """A value as the officer would type it: by its name where that means nothing else."""
    if field.type not in ("choice", "outcome", "ground"):
        return str(value)
    kind = "choice" if field.type == "choice" else "outcome"
    words = names.both(kind, field.choice or [str(value)])
    name = pick(words[value]["zh"], str(value))
    return name if typed_words.matches(name, words) == [value] else str(value)
