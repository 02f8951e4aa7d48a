"""What `law show` is asked for: a value of the law, the ways against an answer, or what follows from a faulty
notice; by its id, its name in either language, or the code of the letter that tells the answer.
"""

from __future__ import annotations

from workflow import law
from workflow.base import typed_words
from workflow.base.errors import NotFound
from workflow.base.messages import N_
from workflow.law import routes
from workflow.reports.views import faulty_notices

_FAULTY = {"zh": "未告知、错误告知的后果", "en": "faulty notices"}


def key_of(asked: str) -> str:
    """The id that is meant; Ambiguous where it may be several, NotFound where it is none."""
    book = law.bundled()
    plain = asked.strip().replace("-", "_")
    if plain in book.contested() or plain == faulty_notices.ID:
        return plain
    values = {id: dict(book.tables["durations"]["parameter"][id]) for id in book.parameters()}
    if asked.strip() in values:
        return asked.strip()
    answers = {id: dict(routes.head(book.tables, id) or {}) for id in book.contested()}
    names = {
        id: {"zh": str(head.get("zh", "")), "en": str(head.get("en", ""))}
        for id, head in {**answers, **values, faulty_notices.ID: _FAULTY}.items()
    }
    # A letter may tell several answers: then all of them are named for choice.
    code = asked.strip().upper()
    told = {id: {**names[id], "letter": code} for id, head in answers.items() if head.get("letter") == code}
    if len(told) == 1:
        return next(iter(told))
    found = typed_words.meant(code if told else asked, told or names, "name")
    if found not in names:
        raise NotFound(
            N_("The law tables have no value called {id}."),
            field="name",
            id=asked[:60],
            way_on=N_("For example: {example}"),
            example="disclosure law at 2026-07-01",
        )
    return found
