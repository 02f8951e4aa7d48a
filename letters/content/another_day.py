"""A decision with the date of another day, without composing it again.

The day of a decision shows in its date; besides, it chooses the law, and among what the case and the office's
profile hold from or until a day. Where none of these days lies between two, only the date differs.
"""

from __future__ import annotations

from datetime import date

from letters.content import chinese
from letters.content.letter_content import Content
from workflow import law as law_tables
from workflow.base.patterns import later
from workflow.law import Law, terms

# A day as the data of a letter write it.
_DAY = later(r"\d{4}-\d{2}-\d{2}")


def differs_by_date_alone(content: Content, text: str, law: Law, on: date) -> bool:
    """Whether the decision composed of these data (as one text, without its own day) is the same of another
    day but for its date. False also where that would need a closer look.
    """
    # An item whose answer is valid only from or until a day is judged anew by each.
    decided = content["data"]["decision"] or ()
    if not decided or any(terms.bound(item["outcome"], item["ground"]) for item in decided):
        return False
    composed = date.fromisoformat(content["date"])
    first, last = min(composed, on), max(composed, on)
    # The catalogue of letters keeps to the project's own tables.
    if not (law.same(first, last) and law_tables.bundled().same(first, last)):
        return False
    begins, ends = first.isoformat(), last.isoformat()
    return not any(begins <= day <= ends for day in _DAY.findall(text))


def dated(content: Content, on: date) -> Content:
    """What the letter says, with this date in the places where its own stands."""
    day = on.isoformat()
    return {
        **content,
        "date": day,
        "date_zh": chinese.day(on),
        "meta": {**content["meta"], "created": day},
        "data": {**content["data"], "date": day},
    }
