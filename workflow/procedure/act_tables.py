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
from collections.abc import Iterator
from functools import cache
from typing import Any

from workflow.base import tables
from workflow.base.messages import N_
from workflow.base.tables import Table
from workflow.procedure import act_table_checks
from workflow.procedure.act_table_checks import (
    CELLS,
    TRACKS,
    check_act,
    check_cards,
    facts,
    fault,
    of_review,
    told_of,
)

HERE = os.path.join(os.path.dirname(__file__), "acts")
LAYOUT = os.path.join(os.path.dirname(__file__), "chart", "layout.toml")
# Tables to which several files contribute entries; no entry may occur twice.
SHARED = ("guard", "when", "house", "choice", "amendable", "fixed", "name", "presupposes")
# Tables of which there is exactly one.
SINGLE = ("review", "consulted", "electronic")
# The letter of an act that sends the reply: which one it is, the draft decides.
DECISION = "decision"


def paths() -> list[str]:
    """The files of the tables."""
    return sorted(os.path.join(HERE, name) for name in os.listdir(HERE) if name.endswith(".toml"))


@cache
def bundled() -> Table:
    """All tables, by purpose; checked when a file or this module changes. Callers must not modify them."""
    return tables.remembered([*paths(), LAYOUT, __file__, act_table_checks.__file__], _read)


def acts() -> dict[str, Table]:
    """The tables of the acts by event, in the order of the procedure."""
    found: dict[str, Table] = bundled()["acts"]
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
    files = {
        os.path.splitext(os.path.basename(path))[0]: tables.parse(raw.decode(), os.path.basename(path))
        for path, raw in raws.items()
        if path.endswith(".toml") and path != LAYOUT
    }
    made = assembled(files)
    check_cards(made["acts"], {card["name"] for card in tables.parse(raws[LAYOUT].decode(), LAYOUT)["card"]})
    return made


def assembled(files: dict[str, Table]) -> Table:
    """The files put together; Malformed names the file and what is missing, unknown or said twice."""
    made: Table = {"acts": {}, "files": {}, **{kind: {} for kind in SHARED}, **dict.fromkeys(SINGLE)}
    for name in _order(files):
        _add(made, name, files[name])
    for kind in SINGLE:
        if made[kind] is None:
            raise fault(kind, N_("the table [{name}] is missing"), name=kind)
    commands: dict[str, str] = {}
    for event, act in made["acts"].items():
        with told_of(made["files"][event]):
            check_act(made, event, act)
            other = commands.setdefault(act.get("command", f"no command: {event}"), event)
            if other != event:
                raise fault(event, N_("the act '{other}' has the same command"), other=other)
    for key, row in made["amendable"].items():
        for event in row["event"].split("|"):
            if event not in made["acts"]:
                raise fault(f"amendable.{key}", N_("there is no act '{name}'"), name=event)
    amendable = _amendable(made)
    return {
        "acts": made["acts"],
        "files": made["files"],
        "fixed": made["fixed"],
        "process": _process(made),
        "names": {
            "event": {**{event: act["name"] for event, act in made["acts"].items()}, **made["name"]},
            "choice": made["choice"],
            "amendable": amendable,
        },
        "words": {kind: _worded(made[kind]) for kind in ("guard", "when")},
        "open": sorted(
            {one["name"] for act in made["acts"].values() for one in facts(act) if one.get("open")}
        ),
    }


def _amendable(made: Table) -> Table:
    """What `amend` may correct, by name: the facts that the files name, and besides every fact and the day of
    every act that officers do (EVENT.FACT, EVENT.on), but for those of which a file says why not ([fixed]).
    """
    found: Table = dict(made["amendable"])
    there = {(event, row["path"]) for row in found.values() for event in row["event"].split("|")}
    facts: Table = {}
    for event, act in made["acts"].items():
        if "command" not in act:
            continue
        day = {"name": "on", "type": "date", "zh": "日期", "en": "the day"}
        # What replaces what was typed stands where the program has put it: a file names it itself.
        for field in (day, *(() if act.get("replaces") else act.get("fields", ()))):
            facts[f"{event}.{field['name']}"] = act, event, field
    _require_acts(made)
    for key, (act, event, field) in facts.items():
        if made["fixed"].keys() & {key, event} or (event, field["name"]) in there:
            continue
        found[key] = {
            "event": event,
            "path": field["name"],
            "type": field["type"],
            "zh": f"{act['name']['zh']}·{field['zh'].partition('（')[0]}",
            "en": f"{act['name']['en']}: {field['en'].partition(' (')[0]}",
            **{cell: field[cell] for cell in ("many", "choice") if cell in field},
        }
    return found


def _require_acts(made: Table) -> None:
    """Refuse a reason for what is not corrected ([fixed]) that is of no act, or in one language only."""
    for key, words in made["fixed"].items():
        of_act = key in made["acts"] or key.partition(".")[0] in made["acts"]
        if not of_act or not all(words.get(word) for word in ("zh", "en")):
            raise fault(f"fixed.{key}", N_("there is no act '{name}'"), name=key)


def fixed(key: str) -> Table | None:
    """Why a fact of an act ("EVENT.FACT") is not corrected by `amend`, and what to do instead; None where it
    is.
    """
    reasons: Table = bundled()["fixed"]
    found: Table | None = reasons.get(key) or reasons.get(key.partition(".")[0])
    return found


def _worded(rows: Table) -> Table:
    """What a lawyer reads of guards and conditions; one that is asked outside the machine has no words."""
    return {
        key: {"zh": row["zh"], "en": row["en"]}
        for key, row in rows.items()
        if row.get("zh") and row.get("en")
    }


def _order(files: dict[str, Table]) -> list[str]:
    """The files in the order of the procedure: each after the one that it names; of several, those that
    nothing follows come first."""
    followers: dict[str, list[str]] = {}
    for name in sorted(files):
        after = files[name].get("after", "")
        if after and after not in files:
            raise fault(f"{name}.toml", N_("there is no file '{name}' that it could come after"), name=after)
        followers.setdefault(after, []).append(name)

    def chain(after: str) -> Iterator[str]:
        for name in sorted(followers.get(after, ()), key=lambda name: (name in followers, name)):
            yield name
            yield from chain(name)

    order = list(chain(""))
    for name in files:
        if name not in order:
            raise fault(f"{name}.toml", N_("it comes after itself"))
    return order


def _add(made: Table, name: str, file: Table) -> None:
    for kind, rows in file.items():
        if kind == "after":
            continue
        if kind not in ("act", *SHARED, *SINGLE):
            raise fault(f"{name}.toml", N_("unknown table '{name}'"), name=kind)
        if kind in SINGLE:
            if made[kind] is not None:
                raise fault(f"{name}.toml", N_("'{name}' stands twice"), name=kind)
            made[kind] = rows
            continue
        there = made["acts" if kind == "act" else kind]
        for key, row in rows.items():
            if key in there:
                raise fault(f"{name}.toml", N_("'{name}' stands twice"), name=f"{kind}.{key}")
            there[key] = row
            if kind == "act":
                made["files"][key] = name


def _process(made: Table) -> Table:
    """The rows of each track and what they rest on, for workflow.procedure.transitions."""
    rows: dict[str, list[list[str]]] = {track: [] for track in TRACKS}
    for event, act in made["acts"].items():
        if event in of_review(made):
            continue
        for row in act.get("rows", [{}]):
            cells = {**act, **row}
            rows[act.get("track", "case")].append([event, *(cells.get(cell, "") for cell in CELLS)])
    return {
        "tracks": list(TRACKS),
        "columns": ["event", *CELLS],
        **rows,
        **{kind: made[kind] for kind in SINGLE},
        "guard": {name: row.get("article", []) for name, row in made["guard"].items()},
        "presupposes": made["presupposes"],
        "house": made["house"],
    }
