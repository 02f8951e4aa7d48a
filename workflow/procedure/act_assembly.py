"""The files of the acts put together to the tables that act_tables hands out, and checked.

Malformed names the file and what is missing, unknown or said twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from workflow.base import tables
from workflow.base.messages import N_
from workflow.base.tables import Table
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

# Tables to which several files contribute entries; no entry may occur twice.
SHARED = ("guard", "when", "house", "choice", "amendable", "fixed", "name", "presupposes")
# Tables of which there is exactly one.
SINGLE = ("review", "consulted", "electronic")


def read(raws: dict[str, bytes], layout: str) -> Table:
    """The tables from the bytes of their files by path; `layout` is that of the chart."""
    files = {
        os.path.splitext(os.path.basename(path))[0]: tables.parse(raw.decode(), os.path.basename(path))
        for path, raw in raws.items()
        if path.endswith(".toml") and path != layout
    }
    made = assembled(files)
    check_cards(made["acts"], {card["name"] for card in tables.parse(raws[layout].decode(), layout)["card"]})
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
    called = {**{event: act["name"] for event, act in made["acts"].items()}, **made["name"]}
    return {
        "acts": made["acts"],
        "commands": {
            event: {"called": called[event]["zh"], **{cell: act[cell] for cell in ("command", "zh", "en")}}
            for event, act in made["acts"].items()
            if "command" in act
        },
        "files": made["files"],
        "fixed": made["fixed"],
        "process": _process(made),
        "event": called,
        "choice": made["choice"],
        "amendable": _amendable(made),
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
