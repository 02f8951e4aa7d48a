"""The tables of the acts: one file a matter under acts/, with everything that belongs to each act of it.

An act says there what an officer types, who may take it from where to where and on which provision, which of
its facts are kept open, what of it is searched, what its letter tells, and its place on the chart. What
several readers need of it (the process, the forms, the sealing, the search, the chart) is taken from here. A
table that leaves something out is refused, by the name of what is missing.

cells of an act (* always, + where it has a command)
  name*          what it is called, zh and en            chart*    cards of the chart ("card" or "card@state"), "line"
  command+       what an officer types                             (drawn by an arrow), "foot" or "later"
  zh+ en+        help                                    chart_name, periods   short name and periods shown with it
  example+       a command that runs                     offered   "next" (left out), "aside", "always", "letters" or
                                                                   "ready" (only while nothing is in its way)
  fields         facts that are typed                    until     clock by which it has to be done ("": none)
  adds           facts that the program adds             answers   the question that it follows: fact and event
  track          "case" where it is left out             not_before  other days that it cannot lie before
  searched       what of it is found by its words        letters   "sent" or "void": what becomes of the letter
  told           facts that its letter repeats           notice    the letter and act that began the period that is over
  sent_inside    the clock of the case inside which the letter has to be sent to have its effect
  takes_back     the act takes back what letters announced: of those that have gone out it is said
  usual     states ("|") in which it is the step that leads on; of several in one state the first is waited for,
            and a later one takes its place as soon as nothing is in its way (a period that is over);
            "state@returned": in that state, as long as the draft that was sent back is not changed
  drops_mail     mail that still waits is not sent any more
  replaces       what the program adds takes the place of what was typed (it was made of that)
  along          acts that the same person usually does with it, which one line may name besides (`--COMMAND`), in their
                 order: act, value (the fact that the option takes; none: it is a mere word), fields (further facts that
                 the line takes), first (it comes before)
  undo           "no" (cannot be taken back; `undo_why` says what to do instead) or "over" (what is no act of an officer:
                 whoever takes back the last act passes over it)

cells of a row (given once for all rows of the act, or in its `rows`)
  source*        states joined by "|", "*" for every     guard     what the law asks for before, joined by "|"
  dest*          a state, or "=" to stay                 clock     what it does to the clocks, for chart and officer
  roles*         who may, joined by "|"                  letter    letters of the act, joined by "|" ("decision": the
  when           chooses among rows of one source                  reply that the draft leads to)
  article*       the provisions, joined by "|": each stands for the era of the Regulations whose instrument it cites or that
                 is named before it ("ogi2008=term2015:1"; "ogi2008=-": that law knows no such step), any
                 other for every era (workflow/law/eras.toml); of several for the same one the first whose
                 instrument is in force on the day; "house:NAME" is a rule of good order, with its reason in
                 [house.NAME]

a field: name, type (one of TYPES), need, many, ask (asked for at a terminal although it is not always needed), choice, open
(kept open in the ledger; every other text is sealed), zh, en.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.tables import Gathered, Table

ROOM = os.path.dirname(__file__)
HERE = os.path.join(ROOM, "acts")
LAYOUT = os.path.join(ROOM, "chart", "layout.toml")
# What puts them together and checks them: loaded where one of them has changed.
_MAKERS = [os.path.join(ROOM, f"{name}.py") for name in ("act_assembly", "act_table_checks")]
# The letter of an act that sends the reply: which one it is, the draft decides.
DECISION = "decision"


def paths() -> list[str]:
    """The files of the tables."""
    return sorted(os.path.join(HERE, name) for name in os.listdir(HERE) if name.endswith(".toml"))


@cache
def bundled() -> Gathered:
    """All tables, by purpose; checked when a file, or what checks it, changes. Callers must not modify
    them.
    """
    return tables.kept_apart([*paths(), LAYOUT, *_MAKERS], _read, by_entry=("acts",))


def acts() -> dict[str, Table]:
    """The tables of the acts by event, in the order of the procedure."""
    found: dict[str, Table] = bundled()["acts"]
    return found


def act(event: str) -> Table:
    """The table of one act, without those of the others; empty if there is no such act."""
    try:
        found: Table = bundled().entry("acts", event)
    except KeyError:
        return {}
    return found


def commands() -> dict[str, dict[str, str]]:
    """Of each act that officers do, by event: its command, its Chinese name (`called`), its help (zh, en)."""
    found: dict[str, dict[str, str]] = bundled()["commands"]
    return found


@cache
def names(kind: str) -> dict[str, dict[str, str]]:
    """The names of a kind (event, choice, amendable) in both languages, by key."""
    found: dict[str, dict[str, str]] = bundled()[kind]
    return found


def file_of(event: str) -> str:
    """The file of workflow/procedure/acts/ in which an act has its table; '' if there is no such act."""
    name = bundled()["files"].get(event, "")
    return f"{name}.toml" if name else ""


@cache
def having(cell: str, value: Any) -> frozenset[str]:
    """The acts that say this in a cell."""
    return frozenset(event for event, act in acts().items() if act.get(cell) == value)


@cache
def question_of(event: str) -> str | None:
    """The act whose question an act answers."""
    asked: str | None = acts().get(event, {}).get("answers", {}).get("event")
    return asked


@cache
def letters_of(event: str) -> tuple[str, ...]:
    """The letters that an act calls for, by code ("decision": the reply that the draft leads to)."""
    act = acts().get(event, {})
    cells = [act.get("letter", ""), *(row.get("letter", "") for row in act.get("rows", ()))]
    return tuple(dict.fromkeys(code for cell in cells for code in cell.split("|") if code))


def is_open(name: str) -> bool:
    """Whether a fact of this name is kept open in the ledger."""
    return name in _open()


@cache
def _open() -> frozenset[str]:
    return frozenset(bundled()["open"])


def _read(raws: dict[str, bytes]) -> Table:
    from workflow.procedure import act_assembly

    return act_assembly.read(raws, LAYOUT)


def fixed(key: str) -> Table | None:
    """Why a fact of an act ("EVENT.FACT") is not corrected by `amend`, and what to do instead; None where it
    is.
    """
    reasons: Table = bundled()["fixed"]
    found: Table | None = reasons.get(key) or reasons.get(key.partition(".")[0])
    return found
