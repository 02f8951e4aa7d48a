"""The sections of the book of the law: what each lists of the tables on a day, and under which heads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from workflow.base.messages import N_
from workflow.law import Law
from workflow.reports.law.book_rows import (
    ARTICLE,
    DAYS,
    NAME,
    NOTE,
    STATUS,
    WORDS,
    Cells,
    answers,
    cited,
    fees,
    letters,
    notice_faults,
    organs,
    periods,
    routes,
    settled,
    starts,
    texts,
)


class Section(NamedTuple):
    """One page: its file, title, columns with their widths, and what makes its rows, by a key that stays."""

    file: str
    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Callable[[Law, date], dict[str, Cells]]


_COMMON = ((ARTICLE, 22), (WORDS, 30), (DAYS, 15), (STATUS, 12), (NOTE, 24))


SECTIONS = (
    Section("periods", N_("Periods"), ((NAME, 20), (N_("length"), 8), *_COMMON), periods),
    Section("routes", N_("Ways against a decision"), ((NAME, 18), (N_("way"), 14), *_COMMON), routes),
    Section("starts", N_("What starts the time for a remedy"), ((NAME, 26), *_COMMON), starts),
    Section(
        "faulty_notices",
        N_("What follows from a missing or wrong notice"),
        ((NAME, 22), (N_("what follows"), 30), *_COMMON),
        notice_faults,
    ),
    Section(
        "answers", N_("Answers and grounds of refusal"), ((NAME, 18), (N_("letter"), 18), *_COMMON), answers
    ),
    Section("cited", N_("What the program itself cites"), ((NAME, 26), *_COMMON), cited),
    Section("fees", N_("Fees (yuan)"), ((NAME, 12), (N_("bands"), 30), *_COMMON), fees),
    Section(
        "letters",
        N_("Letters"),
        ((NAME, 30), (N_("document"), 10), (ARTICLE, 40), (N_("what has to be given"), 30)),
        letters,
    ),
    Section(
        "organs",
        N_("Who decides on reconsideration"),
        ((NAME, 24), (N_("organ"), 22), (ARTICLE, 20), (WORDS, 28), (DAYS, 15), (STATUS, 12), (NOTE, 24)),
        organs,
    ),
    Section(
        "settings",
        N_("What the law leaves to the office"),
        ((NAME, 28), (N_("default"), 12), (N_("choices"), 18), (ARTICLE, 22), (NOTE, 40)),
        settled,
    ),
    Section(
        "texts",
        N_("Texts"),
        (
            (NAME, 40),
            (N_("number"), 18),
            (N_("promulgated"), 11),
            (DAYS, 16),
            (STATUS, 12),
            (N_("last compared"), 11),
            (NOTE, 30),
        ),
        texts,
    ),
)
