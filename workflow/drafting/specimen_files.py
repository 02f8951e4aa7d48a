"""Specimens as files: any letter of the catalogue with invented data, in the law of any day, for a lawyer to
read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from letters.content import compose, kinds, specimens
from letters.content.letter_content import Content
from letters.pdf import render
from workflow import law
from workflow.base import file_names, whole_files
from workflow.base.errors import Refused
from workflow.cases import draft
from workflow.drafting import catalogue

_REFUSAL = "withheld"


def resolved(code: str, ground: str | None, outcome: str | None) -> tuple[str, str | None, str | None]:
    """The letter that is meant: 'D4' with a ground is the letter of that ground; names may be typed with
    '-'.
    """
    ground = ground.replace("-", "_") if ground else None
    outcome = outcome.replace("-", "_") if outcome else None
    refusals = [kind for kind in kinds.all() if _REFUSAL in kind.outcomes]
    if code.upper() in {kind.code[:-1] for kind in refusals}:
        known = [key for kind in refusals for key in kind.grounds]
        if ground not in known:
            raise draft.no_ground(ground, known)
        return kinds.of_item(_REFUSAL, ground).code, ground, None
    return kinds.get(code).code, ground, outcome


def composed(
    code: str,
    ground: str | None = None,
    *,
    outcome: str | None = None,
    on: date,
    served_by: str | None = None,
    page: str = "letter",
) -> Content:
    """What the specimen says. Refused or OutOfLaw, with the reason, where the law of the day knew no such
    letter.
    """
    code, ground, outcome = resolved(code, ground, outcome)
    data = specimens.data(code, ground, on=on, served_by=served_by, outcome=outcome, page=page)
    # The law of the day of receipt governs what may be decided, so that day is asked.
    catalogue.require(code, date.fromisoformat(data["case"]["received_on"]), ground, outcome, written=on)
    return compose.letter(code, data, law.bundled())


def write(out: Path, code: str, ground: str | None = None, **choices: Any) -> dict[str, Any]:
    """Set a specimen and write it, whole or not at all; what was written, as plain data."""
    content = composed(code, ground, **choices)
    pdf = render.pdf(content)
    whole_files.write(out, pdf, replace=True)
    return {
        "path": str(out),
        "code": content["code"],
        "number": content["number"],
        "title": content["title"],
        "date": content["date"],
        "remedy": content["remedy"]["kind"],
        "bytes": len(pdf),
    }


def wanted(on: date) -> list[tuple[str, str | None, str | None]]:
    """Every (code, ground, outcome) of which a specimen of that day can be made."""
    found = []
    for kind in kinds.all():
        for outcome in kind.outcomes or (None,):
            received = specimens.received(on, kind.code, outcome)
            for ground in kind.grounds or (None,):
                try:
                    catalogue.require(kind.code, received, ground, outcome, written=on)
                except Refused:
                    continue
                found.append((kind.code, ground, outcome))
    return found


def into(
    folder: Path,
    code: str,
    ground: str | None,
    outcome: str | None,
    *,
    on: date,
    page: str = "letter",
    seen: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """One specimen into a folder, under a name that tells what it is."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = kinds.get(code)
    told = ground if len(kind.grounds) > 1 else outcome if len(kind.outcomes) > 1 else None
    name = file_names.made(code, kind.zh, told, ending=".pdf")
    made = write(folder / name, code, ground, outcome=outcome, on=on, page=page)
    seen()
    return made
