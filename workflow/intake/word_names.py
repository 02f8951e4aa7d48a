"""What the columns and values of lists are called when a person is told of them."""

from __future__ import annotations

from workflow import law
from workflow.base import tables
from workflow.base.messages import pick
from workflow.base.names import Named, word
from workflow.intake.spoken_words import TABLE
from workflow.procedure import transitions

COLUMN, NOT_USED = "column", "-"


# What stands in an old register alone (intake --history).
HISTORY = "history"


def official(kind: str, key: str) -> tuple[str, str]:
    """What the law and the annual report call a value, in both languages."""
    tables_, names = law.bundled().tables, transitions.bundled().names
    outcome, _, ground = key.partition(".")
    match kind:
        case "channel":
            found = tables_["channels"]["channel"][key]
        case "kind":
            found = names["applicant"][key]
        case "outcome" if ground:
            found = tables_["grounds"]["ground"][ground]
        case "outcome":
            found = tables_["outcomes"]["outcome"][outcome]
        case _:
            found = names["choice"][key]
    return found["zh"], found["en"]


def label(kind: str, key: str) -> str:
    """A column or value as a person is told of it."""
    if kind == COLUMN:
        name, table = word(COLUMN, key), tables.read(TABLE)
        return f"{key} ({name if name != key else {**table[HISTORY], **table[COLUMN]}[key][0]})"
    if kind in ("channel", "kind"):
        return format(Named("channel" if kind == "channel" else "applicant", key, typed=True))
    return f"{key} ({pick(*official(kind, key))})"
