"""The kinds of value that stand in tables, each with its codes and their names in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from letters.check import rules
from letters.content import kinds as letter_kinds
from workflow import law, web
from workflow.base import dates, names, tables
from workflow.cases.context import OF_NO_PERSON
from workflow.casework import identity, search_index
from workflow.clocks import asked
from workflow.delivery import numbers, to_be_posted
from workflow.drafting import precedent_book
from workflow.intake import spoken_words, word_names
from workflow.office import profile_words
from workflow.procedure import act_forms, act_tables, transitions
from workflow.reports.alerts import thresholds
from workflow.reports.board import figures
from workflow.reports.board.sources import newest_format
from workflow.reports.register import columns
from workflow.reports.views import case_list

Words = Mapping[str, Mapping[str, str]]
# The fields of the public form.
FORM = os.path.join(os.path.dirname(web.__file__), "public", "form.toml")

# What an option says of itself (parameter_types.OneOf).
ONE_OF = ("served_by", "page_format", "draft_text", "day_order", "mail_security", "chart_form", "paper")
# The kinds of value whose Chinese names a command takes; of the others only the code is taken.
SPOKEN = {
    *("outcome", "ground", "channel", "applicant", "state", "clock", "alert", "amendable", "search_kind"),
    *("unit", "organ", "handler", "officer", "id_type", "drafted", "fault", "result", "letter_kind", "role"),
    *("form", "told", "deadline", "series", "setting", "where"),
    *("check_rule", "column", "envelope", "label", "mail_service", "figure", "extra"),
    *ONE_OF,
}


def codes(known: Iterable[str]) -> str:
    """The kind of a parameter that takes one of these codes, and no name of one."""
    return "codes:" + "|".join(map(str, known))


def choice(known: Iterable[str]) -> str:
    """The kind of a parameter that takes one of these, by code or by name."""
    return "choice:" + "|".join(map(str, known))


def _named(kind: str, codes: Iterable[str]) -> Words:
    return names.both(kind, codes)


def _entries(found: Mapping[str, Mapping[str, Any]]) -> Words:
    return {code: {"zh": one["zh"], "en": one["en"]} for code, one in found.items()}


def _outcomes() -> Words:
    return _named("outcome", law.bundled().tables["outcomes"]["outcome"])


def _drafted() -> Words:
    """What can be said to one item of a request."""
    rows = law.bundled().outcomes(dates.today())
    return _named("outcome", [one.id for one in rows if one.letter and not one.whole and not one.final])


def _clocks() -> Words:
    return _named("clock", names.bundled()["clock"])


def _letters() -> Words:
    return {kind.code: kind.names for kind in letter_kinds.all()}


def _rules() -> Words:
    return {rule.id: {"zh": rule.zh, "en": rule.en} for rule in rules.rules().values() if rule.answerable}


def setting_values() -> dict[str, Words]:
    """The values of each entry of a profile that is a choice, as kinds of their own: by its name in both
    languages."""
    made: dict[str, Words] = {}
    for key, called in profile_words.entries().items():
        if found := profile_words.values(key):
            made |= dict.fromkeys((f"setting:{key}", f"setting:{called['zh']}"), found)
    return made


def _media() -> Words:
    """The forms in which information is usually wanted, as they are written down: what else is wanted is
    written freely."""
    forms = tables.read(FORM)["choices"]["medium"].values()
    return {one["zh"]: {"zh": one["zh"], "en": one["en"]} for one in forms}


def _legal() -> Words:
    book = law.bundled()
    return _entries({key: book.parameter(key) for key in book.parameters()})


def _why() -> Words:
    every = {rule.id: {"zh": rule.zh, "en": rule.en} for rule in rules.rules().values()}
    return {"last": {"zh": "上次", "en": "the last refusal"}, **_clocks(), **every}


def _posting(part: str) -> Words:
    return _entries(tables.read(to_be_posted.TABLE)[part])


def _choices() -> dict[str, Words]:
    """Every choice of an act, as a kind of its own."""
    made = {}
    for spec in act_forms.specs().values():
        for field in spec.fields:
            if field.choice:
                made[choice(field.choice)] = _named("choice", field.choice)
    return made


def _amendable() -> Words:
    return {key.replace("_", "-"): one for key, one in _named("amendable", act_forms.amendable()).items()}


def _columns() -> Words:
    return {one["id"]: {"zh": one["zh"], "en": one["en"]} for one in tables.read(columns.TABLE)["column"]}


def _roles() -> Words:
    return _named("role", [role for role in names.bundled()["role"] if role not in OF_NO_PERSON])


def _filters() -> Words:
    """The filters of --where; what takes a value ends with its sign."""

    def sign(key: str) -> str:
        return "" if key in case_list.WORDS else "="

    found = {key.removeprefix("only_"): (one, sign(key)) for key, one in case_list.FILTERS.items()}
    return {f"{key}{end}": {"zh": one["zh"] + end, "en": one["en"]} for key, (one, end) in found.items()}


def _further() -> Words:
    """The further facts of a draft, each with the sign that its value follows."""
    found = names.bundled()["need"]
    return {f"{key}=": {"zh": f"{one['zh']}=", "en": one["en"]} for key, one in found.items()}


def _list_columns() -> Words:
    """The entries that a column of a list may fill, each by the first of the words that are understood."""
    found = {
        key: {"zh": words[0], "en": words[-1]}
        for key, words in tables.read(spoken_words.TABLE)["column"].items()
    }
    return {**found, word_names.NOT_USED: {"zh": "不使用", "en": "not used"}}


def _list_values() -> dict[str, Words]:
    """The values that a list may have a word for: each kind a kind of its own."""
    return {"list_value:channel": KINDS["channel"](), "list_value:kind": KINDS["applicant"]()}


def _figures() -> Words:
    return {key: {"zh": one.zh, "en": one.en} for key, one in figures.all_figures().items()}


def _cells() -> Words:
    """The figures of the annual report in the newest form: row and column, of table 4 remedy and result."""
    book = law.bundled()
    form, heads = newest_format(), book.tables["report"]["column"]
    parts = [(row.key, row.zh, row.en, name, heads[name]) for row in form.rows for name in form.columns]
    parts += [
        (remedy.id, remedy.zh, remedy.en, result.id, {"zh": result.zh, "en": result.en})
        for remedy in book.report_remedies()
        for result in book.report_results()
    ]
    return {
        f"{row},{column}": {"zh": f"{zh} {head['zh']}", "en": f"{en} {head['en']}"}
        for row, zh, en, column, head in parts
    }


KINDS: dict[str, Callable[[], Words]] = {
    "outcome": _outcomes,
    "drafted": _drafted,
    "ground": lambda: _named("outcome", law.bundled().tables["grounds"]["ground"]),
    "channel": lambda: _named("channel", law.bundled().channels()),
    "applicant": lambda: _named("applicant", names.bundled()["applicant"]),
    "state": lambda: _named("state", transitions.bundled().states("case")),
    "clock": _clocks,
    "alert": lambda: {key: {"zh": one.zh, "en": one.en} for key, one in thresholds.kinds().items()},
    "amendable": _amendable,
    "search_kind": lambda: _entries(tables.read(search_index.TABLE)["kind"]),
    "id_type": lambda: _entries(identity.kinds()),
    "letter_kind": _letters,
    "check_rule": _rules,
    "setting": profile_words.entries,
    "form": _media,
    "told": lambda: _named("told", names.bundled()["told"]),
    "legal": _legal,
    "deadline": asked.words,
    "why": _why,
    "role": _roles,
    "event": lambda: _named("event", act_tables.acts()),
    "remedy_kind": lambda: _named("remedy", names.bundled()["remedy"]),
    "column": _columns,
    "list_column": _list_columns,
    "figure": _figures,
    "report_cell": _cells,
    "where": _filters,
    "web_form_kind": lambda: _named("web_kind", names.bundled()["web_kind"]),
    "extra": _further,
    "fault": lambda: _entries(tables.read(precedent_book.TABLE)["fault"]),
    "result": lambda: _entries(tables.read(precedent_book.TABLE)["result"]),
    "series": lambda: _named("series", numbers.NAMES),
    "envelope": lambda: _posting("envelope"),
    "label": lambda: _posting("label"),
    "mail_service": lambda: _posting("service"),
}


def bundled() -> dict[str, Words]:
    """The values of every kind that stands in tables."""
    named = {kind: _named(kind, names.bundled()[kind]) for kind in ONE_OF}
    return {
        **{kind: found() for kind, found in KINDS.items()},
        **named,
        **_choices(),
        **setting_values(),
        **_list_values(),
    }
