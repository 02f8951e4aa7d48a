"""Applies a change file to the law tables, for a rehearsal or to see what is missing. (File format:
change_file.py.)
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from workflow.base.messages import N_, translate
from workflow.base.tables import Table
from workflow.law import change_file, citations, continuing, era_checks, eras, row_checks
from workflow.law.change_file import KEYS, Change
from workflow.law.row_checks import Checked

CHANGE = "change"
"""The key of the change itself as the instrument that amends, where the file names none."""
_END = "9999-12-31"


class Laid:
    """The tables with a change laid over them, and what is wrong with its rows."""

    def __init__(self, change: Change, tables: dict[str, Table]) -> None:
        self.change = change
        self.tables: dict[str, Table] = copy.deepcopy(tables)
        self.faults: list[Checked] = []
        self.new: list[str] = []  # the instruments that the file brings
        self.ended: list[Table] = []  # the rows of the file that say themselves how long they hold
        rows: dict[str, list[tuple[str, Table]]] = {}
        for name in KEYS:
            rows[name], wrong = change_file.rows(change, name)
            self.faults += wrong
        # Instruments renumbered in place -> the version from the day of effect on.
        self.versions: dict[str, str] = {}
        self.moved = dict(self._moved(rows["amend"]))
        for name, lay in (
            ("instrument", self._instrument),
            ("article", self._article),
            ("amend", self._amend),
            ("route", self._route),
        ):
            for where, row in rows[name]:
                try:
                    lay(where, row)
                except (TypeError, AttributeError, KeyError, ValueError) as fault:
                    # A row of the wrong type: a list for a name, a number for a table.
                    self._fault(where, f"{type(fault).__name__}: {fault}")
        if not self._ends_before_it_begins():
            continuing.extend(self.tables)
        with suppress(TypeError, AttributeError, KeyError, ValueError):
            self._era()

    def _fault(self, where: str, problem: str) -> None:
        self.faults.append(Checked(where, problem))

    def _needs(self, where: str, row: Table, *keys: str) -> bool:
        missing = [key for key in keys if row.get(key) in (None, "", [])]
        for key in missing:
            self._fault(where, translate(N_("{key} is missing"), key=key))
        return not missing

    # ----------------------------------------------------------------------------------- instruments

    def _instrument(self, where: str, row: Table) -> None:
        if not self._needs(where, row, "key"):
            return
        key = str(row.pop("key"))
        complete = row.pop("complete", False)
        known = self.tables["instruments"].get(key)
        first = (known or {"effective_from": self.change.effective, **row}).get("effective_from")
        if str(row.get("effective_until", _END)) < str(first):
            self._fault(where, translate(N_("ends before it begins, on {first}"), first=first))
        if known is not None:
            known.update(row)
            return
        if set(row) <= {"effective_until", "note"}:
            # One that ends is one that there is.
            self._fault(where, translate(N_("no instrument is called {instrument}"), instrument=key))
            return
        zh = str(row.get("zh") or self.change.title)
        self.tables["instruments"][key] = {
            "zh": zh,
            "short": zh,
            "en": str(row.get("en") or zh),
            **self._dated(),
            **row,
        }
        self.new.append(key)
        if not continuing.older(row):
            self.tables[key] = {"complete": complete, "articles": {}}

    def _dated(self) -> Table:
        """The values that a row takes from the head of the file where it does not give them."""
        head, change = self.change.table, self.change
        return {
            "promulgated": change.promulgated,
            "effective_from": change.effective,
            "status": head.get("status", "M"),
            "source": head.get("source") or change.title or CHANGE,
            "checked_on": change.promulgated,
        }

    def _ends_before_it_begins(self) -> bool:
        return any(
            not row_checks.is_day(self.tables["instruments"][key].get("effective_from")) for key in self.new
        )

    def _amending(self, cited: str) -> str:
        """The instrument that amends another: the one of the file that continues nothing, else the change
        itself.
        """
        found = [
            key for key in self.new if not continuing.older(self.tables["instruments"][key]) and key != cited
        ]
        if found:
            return found[0]
        if CHANGE not in self.tables["instruments"]:
            title = self.change.title or CHANGE
            self.tables["instruments"][CHANGE] = {"zh": title, "short": title, "en": title, **self._dated()}
            self.tables[CHANGE] = {"complete": False, "articles": {}}
        return CHANGE

    # -------------------------------------------------------------------------------------- articles

    def _article(self, where: str, row: Table) -> None:
        ref = str(row.get("article", ""))
        if ":" in ref and "instrument" not in row:
            row["instrument"], row["article"] = ref.split(":", 1)
        if not self._needs(where, row, "instrument", "article"):
            return
        key, article = str(row["instrument"]), str(row["article"])
        if key not in self.tables["instruments"]:
            self._fault(where, translate(N_("no instrument is called {instrument}"), instrument=key))
            return
        was = str(row.get("was") or self.moved.get(f"{key}:{article}", ""))
        if was:
            self._renumber(where, key, was, article)
            key = self.versions.get(key, key)
        elif "paragraphs" not in row:
            self._fault(where, translate(N_("{key} is missing"), key="paragraphs"))
        if "paragraphs" in row:
            self._structure(where, key, article, row["paragraphs"])

    def _moved(self, amended: list[tuple[str, Table]]) -> Iterator[tuple[str, str]]:
        """Articles that move: those to which a value goes with an article that its instrument had not, by the
        number under which the value stood."""
        stands = {str(one["id"]): str(one["article"]) for one in self.tables["durations"]["value"]}
        for _, row in amended:
            key, _, place = str(row.get("article", "")).partition(":")
            old_key, _, old_place = stands.get(str(row.get("id")), "").partition(":")
            article, was = place.partition(".")[0], old_place.partition(".")[0]
            known = self.tables.get(key, {}).get("articles", {})
            if key == old_key and known and article != was and article not in known:
                yield f"{key}:{article}", was

    def _renumber(self, where: str, key: str, was: str, article: str) -> None:
        """An article under another number: of a new instrument as it says, of an old one in a version of its
        own.
        """
        row = self.tables["instruments"][key]
        if was == article:
            self._fault(where, translate(N_("Art. {article} bears this number already"), article=article))
            return
        if not continuing.older(row):
            version = f"{key}@{self.change.effective}"
            if version not in self.tables["instruments"]:
                kept = {
                    name: value for name, value in row.items() if name not in ("number", "effective_until")
                }
                self.tables["instruments"][version] = {**kept, **self._dated(), "continues": key}
                self.new.append(version)
                self.versions[key] = version
            key, row = version, self.tables["instruments"][version]
        if was not in self.tables.get(continuing.older(row), {}).get("articles", {}):
            self._fault(
                where,
                translate(
                    N_("{instrument} has no Art. {article}"), instrument=continuing.older(row), article=was
                ),
            )
            return
        row["renumbered"] = {**row.get("renumbered", {}), was: article}

    def _structure(self, where: str, key: str, article: str, paragraphs: Any) -> None:
        """The items of the paragraphs of an article; of an instrument that there is, as many as it had at the
        least.
        """
        numbers = isinstance(paragraphs, list) and all(
            isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in paragraphs
        )
        if not article.isdigit() or not (numbers or paragraphs == citations.UNVERIFIED):
            self._fault(where, translate(N_("Art. {article} is not a list of item counts"), article=article))
            return
        if key not in self.tables:
            self.tables[key] = {"complete": False, "articles": self._taken_over(key)}
        known = self.tables[key]["articles"]
        before = known.get(article)
        if key not in self.new and isinstance(before, list) and isinstance(paragraphs, list):
            longer = max(len(before), len(paragraphs))
            pairs = zip(
                before + [0] * (longer - len(before)),
                paragraphs + [0] * (longer - len(paragraphs)),
                strict=True,
            )
            paragraphs = [max(pair) for pair in pairs]
        known[article] = paragraphs

    def _taken_over(self, key: str) -> dict[str, Any]:
        """The articles that a new instrument has from the one that it continues, under their new numbers."""
        row = self.tables["instruments"][key]
        old = {} if row.get("replaces") else self.tables.get(continuing.older(row), {}).get("articles", {})
        renumbered = {str(before): str(now) for before, now in row.get("renumbered", {}).items()}
        return {renumbered.get(number, number): counts for number, counts in old.items()}

    def _ref(self, ref: Any, first: str) -> Any:
        """A provision as the file writes it: of an instrument renumbered in place, of its version from that
        day.
        """
        instrument, colon, place = str(ref).partition(":")
        version = self.versions.get(instrument)
        return f"{version}{colon}{place}" if version and first >= self.change.effective else ref

    # ---------------------------------------------------------------------------------------- values

    def _amend(self, where: str, row: Table) -> None:
        listed = self.tables["durations"]["value"]
        if not self._needs(where, row, "id", *(() if set(row) - {"id", "note"} else ("value",))):
            return
        id = str(row["id"])
        own = [one for one in listed if one["id"] == id]
        if not own:
            self._fault(where, translate(N_("The law tables have no value called {id}."), id=id))
            return
        first = row.get("effective_from", self.change.effective)
        if not row_checks.is_day(first):
            self._fault(
                where, translate(N_("{key} is not a date: {value}"), key="effective_from", value=first)
            )
            return
        before = max(
            (one for one in own if one["effective_from"] < first),
            key=lambda one: str(one["effective_from"]),
            default=own[0],
        )
        left_out = ("effective_until", "text", "note", "amended_by")
        made = {
            **{name: value for name, value in before.items() if name not in left_out},
            **self._dated(),
            "unit": before["unit"],
            **row,
            "effective_from": first,
        }
        made["article"] = self._ref(made["article"], first)
        self._say_who(made, before, row)
        self._put(listed, own, made, row)

    def _put(self, listed: list[Table], own: list[Table], made: Table, row: Table) -> None:
        """Add a row: those of the same series end before it, unless they are of the file and say their own
        end.
        """
        first = str(made["effective_from"])
        if row_checks.is_day(first):
            day_before = (date.fromisoformat(first) - timedelta(1)).isoformat()
            for one in own:
                fixed = any(one is other for other in self.ended)
                if not fixed and one["effective_from"] < first <= one.get("effective_until", _END):
                    one["effective_until"] = day_before
        listed.append(made)
        if "effective_until" in row:
            self.ended.append(made)

    def _say_who(self, made: Table, before: Table, row: Table) -> None:
        """By which instrument an amended value was given, and when that was promulgated."""
        cited = str(made["article"]).partition(":")[0]
        if "article" not in row and cited == str(before["article"]).partition(":")[0]:
            # Its article continues under a new instrument, and the value with it.
            for key in self.new:
                instrument = self.tables["instruments"][key]
                moved = continuing.moved(str(made["article"]), key, instrument)
                goes_on = continuing.older(instrument) == cited and instrument.get("effective_from")
                if moved and goes_on and str(goes_on) <= made["effective_from"]:
                    made["article"], cited = moved, key
        instrument = self.tables["instruments"].get(cited, {})
        if cited not in self.new and "amended_by" not in made and instrument:
            made["amended_by"] = self._amending(cited)
        given_by = self.tables["instruments"].get(made.get("amended_by", cited), {})
        if "promulgated" not in row and given_by:
            made["promulgated"] = given_by.get("promulgated", self.change.promulgated)

    # ---------------------------------------------------------------------------------------- routes

    def _route(self, where: str, row: Table) -> None:
        if not self._needs(where, row, "outcomes", "kind"):
            return
        first = row.get("effective_from", self.change.effective)
        made = {"status": self.change.table.get("status", "M"), **row, "effective_from": first}
        made["articles"] = [self._ref(ref, str(first)) for ref in row.get("articles", ())]
        listed = self.tables["routes"]["route"]
        for outcome in made["outcomes"]:
            answers = made.get("answer")
            for one in list(listed):
                if outcome in one["outcomes"] and (answers is None or one.get("answer", answers) == answers):
                    self._set_apart(listed, one, outcome)
            own = [
                one
                for one in listed
                if one["outcomes"] == [outcome] and (answers is None or one.get("answer", answers) == answers)
            ]
            self._put([], own, made, row)
        listed.append(made)

    def _set_apart(self, listed: list[Table], row: Table, outcome: str) -> None:
        """A row of routes for several outcomes, as one for this outcome and one for the others."""
        if len(row["outcomes"]) == 1:
            return
        row["outcomes"] = [other for other in row["outcomes"] if other != outcome]
        apart = {**copy.deepcopy(row), "outcomes": [outcome]}
        listed.append(apart)
        if any(row is one for one in self.ended):
            self.ended.append(apart)

    # ----------------------------------------------------------------------------------------- eras

    def _era(self) -> None:
        """The era that begins with new Regulations: those that continue the present ones, or that the limit
        for the reply stands in."""
        table, instruments = self.tables["eras"], self.tables["instruments"]
        owners = {instrument: key for key, row in table.items() for instrument in row["instruments"]}
        limits = [
            str(row["article"]).partition(":")[0]
            for row in self.tables["durations"]["value"]
            if row["id"] == "reply.limit"
        ]
        for key in self.new:
            row = instruments[key]
            before = owners.get(str(row.get("continues")))
            if key in owners or not row_checks.is_day(row.get("effective_from")):
                continue
            if before is not None or key in limits:
                name = {
                    "zh": row["short"],
                    "en": row["en"],
                    "from": row["effective_from"],
                    "instruments": [key],
                }
                table[key] = {**name, **({"continues": before} if before else {})}

    @property
    def eras(self) -> list[eras.Era]:
        """The eras of the tables as laid over; empty where they are broken."""
        table, instruments = self.tables["eras"], self.tables["instruments"]
        with suppress(TypeError, AttributeError, KeyError, ValueError):
            if not list(
                era_checks.faults(table, instruments, str(self.tables["durations"].get("beginning")))
            ):
                return list(eras.read(table, instruments).values())
        return []
