"""The words of lists: which column, which value is meant; the project's own and those that the office has
added.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from workflow.base import tables
from workflow.base.errors import Malformed
from workflow.base.messages import N_, listed
from workflow.base.patterns import later
from workflow.base.sheets import headings
from workflow.intake.spoken_words import SPOKEN, TABLE
from workflow.intake.word_names import COLUMN, HISTORY, NOT_USED, label, official
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from workflow.casework.desk import Desk

WORDS = TABLES["list_word"]
_BRACKETS = later(r"[(（\[【][^)）\]】]*[)）\]】]")
_JOINED = later(r"[-—–:：/／]+")
_INSIDE = later(r"[(（\[【]([^)）\]】]+)[)）\]】]")
LONGEST_BLANK = 8
# Signs that stand for nothing; a point may be the name of a folder, a quotation mark repeats what is above.
_SIGNS = later(r"[\s/\\|\-—–－_*＊~～、，,。#…]*")
KINDS = (COLUMN, *SPOKEN)


@cache
def _signs() -> frozenset[str]:
    """The characters of which nothing is left where a cell is compared."""
    plane = map(chr, (*range(0x3100), *range(0xFF00, 0xFFF0)))
    return frozenset(sign for sign in plane if not sign.isalnum() and not headings.whole(sign))


class Vocabulary:
    """What is understood in the lists of an office."""

    def __init__(self, desk: Desk, *, history: bool = False) -> None:
        """With `history` also of the columns of an old register."""
        self._desk = desk
        self.history = history
        self._added = self._remembered()

    def _remembered(self) -> dict[tuple[str, str], str]:
        query = select(WORDS.c.kind, WORDS.c.word, WORDS.c.means).where(
            WORDS.c.office_id == self._desk.office.id
        )
        with self._desk.store.reading() as connection:
            return {(row.kind, row.word): row.means for row in connection.execute(query)}

    @cached_property
    def table(self) -> dict[str, Any]:
        """The project's own words."""
        return tables.read(TABLE)

    @property
    def keys(self) -> list[str]:
        """The columns that a list may have."""
        return [*self._columns]

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        columns: dict[str, list[str]] = self.table[COLUMN]
        if not self.history:
            return columns
        unclear = self.table["unclear"]["words"]
        plain = {key: [one for one in names if one not in unclear] for key, names in columns.items()}
        return {**plain, **self.table[HISTORY]}

    def columns(self) -> headings.Words:
        """The names of columns: the office's own come before the project's."""
        known: dict[str, list[str]] = {}
        for (kind, said), means in self._added.items():
            if kind == COLUMN and means in self._columns:
                known.setdefault(means, []).append(said)
        # A word of old registers means nothing in another list.
        own = {
            said
            for (kind, said), means in self._added.items()
            if kind == COLUMN and (means in self._columns or means == NOT_USED)
        }
        for key, words in self._columns.items():
            known.setdefault(key, []).extend(one for one in (key, *words) if headings.whole(one) not in own)
        forms = {key: form for key, form in self.table["form"].items() if key in self._columns}
        return headings.Words(known, forms, self.table["form_others"]["form"])

    def unused(self, title: str) -> bool:
        """Whether a column is known to belong to no application."""
        if self._added.get((COLUMN, headings.whole(title))) == NOT_USED:
            return True
        return headings.whole(title) in self._unused or headings.bare(title) in self._unused

    @cached_property
    def _unused(self) -> set[str]:
        return {headings.whole(one) for one in self.table["unused"]["words"]}

    def value(self, kind: str, text: str) -> str | None:
        """The key that a value of this kind means, or None."""
        known = self._values[kind]
        if (exact := known.get(headings.whole(text))) is not None:
            return exact
        return self._parts(kind, text)

    def _parts(self, kind: str, text: str) -> str | None:
        """What a value means by what stands outside and inside its brackets; none where the two differ."""
        heads = self._heads if kind == "outcome" else ()
        outside = _BRACKETS.sub("", text)
        parts = [outside] if self._plainly(kind, headings.bare(text)) else _JOINED.split(outside)
        found: set[str] = set()
        for part in map(headings.whole, (*parts, *_INSIDE.findall(text))):
            if part in heads:
                continue
            if (means := self._plainly(kind, part)) is not None:
                found.add(means)
            elif part and len(parts) > 1:
                return None
        withheld = {one for one in found if one.startswith("withheld.")}
        if len(found) == 2 and len(withheld) == 1 and "partial" in found:
            # "部分公开（个人隐私）": the ground is that of what is kept back.
            return withheld.pop().replace("withheld", "partial")
        # "不予公开（个人隐私）": the one says more of the other.
        found -= {one.partition(".")[0] for one in found if "." in one}
        return found.pop() if len(found) == 1 else None

    def _plainly(self, kind: str, part: str) -> str | None:
        known = self._values[kind]
        if part in known or kind not in self._affixes:
            return known.get(part)
        inner = self._affixes[kind].fullmatch(part)
        if inner and inner[1] in known:
            return known[inner[1]]
        forms = self.table["value_form"].get(kind, {})
        found = next((key for key, form in forms.items() if re.fullmatch(form, part)), None)
        return found or self._together(kind, part)

    def _together(self, kind: str, part: str) -> str | None:
        """What words written on end mean, where all of them mean the same: "来人来访"."""
        found = {key for key, form in self._strings.get(kind, ()) if form.fullmatch(part)}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _strings(self) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
        said: dict[str, list[str]] = {}
        for word_, key in self._values["channel"].items():
            said.setdefault(key, []).append(re.escape(word_))
        return {"channel": [(key, re.compile(f"(?:{'|'.join(ones)}){{2,3}}")) for key, ones in said.items()]}

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(self.table["outcome_heads"]["words"])

    def still_open(self, text: str) -> bool:
        """Whether an old register says that an application is not ended: "办理中"."""
        return headings.whole(text) in self.table["open"]["words"]

    @cached_property
    def _affixes(self) -> dict[str, re.Pattern[str]]:
        return {kind: re.compile(form) for kind, form in self.table["affix"].items()}

    def says_nothing(self, cell: str) -> bool:
        """Whether a cell only says that there is nothing: "无", "/", "不详"."""
        if len(cell) > LONGEST_BLANK or cell[:1] not in self.begin:
            return False
        return _SIGNS.fullmatch(cell) is not None or headings.whole(cell) in self._blank

    def of_another_row(self, cell: str) -> bool:
        """Whether a cell refers to the row above: "同上"."""
        if len(cell) > LONGEST_BLANK or cell[:1] not in self.begin:
            return False
        return cell.strip() in self.table["ditto"]["words"] or headings.whole(cell) in self._ditto

    @cached_property
    def _blank(self) -> frozenset[str]:
        return frozenset(headings.whole(one) for one in self.table["blank"]["words"]) - {""}

    @cached_property
    def _ditto(self) -> frozenset[str]:
        return frozenset(headings.whole(one) for one in self.table["ditto"]["words"]) - {""}

    @cached_property
    def begin(self) -> frozenset[str]:
        """With what such cells begin: most cells of a long list are passed by their first character."""
        words = [*self.table["blank"]["words"], *self.table["ditto"]["words"]]
        return frozenset(_signs() | {form for one in words for form in (one[0], one[0].upper())} | {"", "…"})

    def organisation(self, text: str) -> bool:
        """Whether a kind of applicant is an organisation's, and not which."""
        return headings.whole(text) in self._organisations

    @cached_property
    def _organisations(self) -> frozenset[str]:
        return frozenset(headings.whole(one) for one in self.table["organisation"]["words"])

    @cached_property
    def _values(self) -> dict[str, dict[str, str]]:
        made: dict[str, dict[str, str]] = {}
        for kind, choices in self.table["value"].items():
            known = made[kind] = {}
            for key, words in choices.items():
                for one in (key, key.replace("_", "-"), *official(kind, key), *words):
                    known[headings.whole(one)] = key
            for (of, said), means in self._added.items():
                if of == kind:
                    known[said] = means
        return made

    def choices(self, kind: str) -> list[str]:
        """What may be meant: the columns, or the keys of a value."""
        return self.keys if kind == COLUMN else [*self.table["value"][kind]]

    @cached_property
    def _by_name(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{form})" for form in self.table["by_name"].values()))

    def kind_by_name(self, name: str) -> str | None:
        """The kind of applicant that a name tells; "unsure" for an organisation of unknown kind; None for a
        person.
        """
        if self._by_name.search(name) is None:
            return None
        return next((key for key, form in self.table["by_name"].items() if re.search(form, name)), None)

    def remember(self, kind: str, said: str, means: str) -> None:
        """Keep what the office means by a word; Malformed where that is nothing that can be meant."""
        if means not in (*self.choices(kind), *([NOT_USED] if kind == COLUMN else [])):
            raise Malformed(
                N_("'{value}' is not one of: {choices}"),
                field=kind,
                value=means[:40],
                choices=listed(label(kind, key) for key in self.choices(kind)),
            )
        plain = headings.whole(said)
        desk = self._desk
        with desk.store.writing() as connection:
            connection.execute(
                delete(WORDS).where(
                    WORDS.c.office_id == desk.office.id, WORDS.c.kind == kind, WORDS.c.word == plain
                )
            )
            connection.execute(
                insert(WORDS).values(
                    office_id=desk.office.id,
                    kind=kind,
                    word=plain,
                    means=means,
                    told_at=desk.moment(),
                    told_by=desk.officer.key,
                )
            )
        self._added[kind, plain] = means
        self.__dict__.pop("_values", None)
        self.__dict__.pop("_strings", None)


def said(text: str, field: str) -> tuple[str, str]:
    """'申请日期=on' parted; Malformed where it is no such pair."""
    one, sign, other = text.partition("=")
    if not sign or not one.strip() or not other.strip():
        raise Malformed(
            N_("'{value}' has to be NAME=MEANING."),
            field=field,
            value=text[:40],
            way_on=N_("For example: --column 来件日=on, or --value channel:专人送达=in_person"),
        )
    return one.strip(), other.strip()
