"""Names in messages: a key of the tables that is put into words only when it is shown, in the language of then."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.errors import DisclosureError
from workflow.base.messages import listed, pick

HERE = os.path.dirname(__file__)


class Named:
    """One or several keys of one kind (state, role, event, outcome ...) as a parameter of a message.

    A key that the tables do not know is shown as it is: a message must never fail itself.
    """

    def __init__(self, kind: str, *keys: str, typed: bool = False) -> None:
        self.kind, self.keys = kind, keys
        # What the reader may have to type himself is shown with its key.
        self.typed = typed

    def __format__(self, spec: str) -> str:
        return listed(self._word(key) for key in self.keys)

    def __str__(self) -> str:
        return format(self)

    def _word(self, key: str) -> str:
        name = word(self.kind, key)
        return pick(f"{key}（{name}）", f"{key} ({name})") if self.typed and name != key else name


def names() -> dict[str, dict[str, dict[str, str]]]:
    """All names of the process in both languages, by kind and key; those of acts and choices stand with the acts."""
    acts = tables.read(os.path.join(os.path.dirname(HERE), "procedure", "acts.toml"))
    events = {event: row["name"] for event, row in acts.items() if "command" in row}
    return {
        **tables.read(os.path.join(HERE, "names.toml")),
        "event": {**events, **acts["name"]},
        "choice": acts["choice"],
        "amendable": acts["amendable"],
    }


_names = cache(names)


def word(kind: str, key: str) -> str:
    """The name of a key in the language in force; the key itself where there is none."""
    found = _OF_THE_LAW[kind](key) if kind in _OF_THE_LAW else _names().get(kind, {}).get(key)
    return pick(found["zh"], found["en"]) if found else key


def article(ref: str | None) -> str:
    """A provision as it is cited; the reason, for a rule of good order."""
    if not ref:
        return "-"
    if ref.startswith("house:"):
        from workflow.procedure import transitions

        return transitions.bundled().reason(ref)
    from workflow import law

    try:
        if ":" not in ref:
            # No article: the whole instrument has none of it.
            instrument = law.bundled().instrument(ref)
            return pick(f"《{instrument.short}》", instrument.en)
        citation = law.bundled().citation(ref)
    except DisclosureError:
        return ref
    return pick(citation.zh, citation.en)


def _outcome(key: str) -> dict[str, Any] | None:
    from workflow import law

    tables = law.bundled().tables
    found: dict[str, Any] | None = tables["outcomes"]["outcome"].get(key) or tables["grounds"]["ground"].get(
        key
    )
    return found


def _channel(key: str) -> dict[str, Any] | None:
    from workflow import law

    found: dict[str, Any] | None = law.bundled().tables["channels"]["channel"].get(key)
    return found


def _instrument(key: str) -> dict[str, Any] | None:
    from workflow import law

    found = law.bundled().tables["instruments"].get(key)
    return {"zh": found["short"], "en": found["en"]} if found else None


def _organ(key: str) -> dict[str, Any] | None:
    from workflow import law

    found: dict[str, Any] | None = law.bundled().tables["remedies"]["roles"].get(key)
    return found


_OF_THE_LAW = {"outcome": _outcome, "channel": _channel, "regulations": _instrument, "organ": _organ}
