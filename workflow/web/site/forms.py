"""The application as a form to fill in by hand or in Word: the fields of Art. 29, as the counter online asks
them."""

from __future__ import annotations

from datetime import date
from typing import Any

from letters.pdf import papers, word_copy
from workflow.web.public import form
from workflow.web.site.guide import lang
from workflow.web.site.pages import word

KINDS = ("person", "body")
# Asked online only: the organ is the one whose form it is, and notices go out from there.
_ONLINE = ("organ", "notice", "online")
# A line to write on; more for a field of long text, as far as the form stays on one sheet.
_LINE, _MOST_LINES = "\u3000\n", 3


def page(organ: str, kind: str, created: date) -> dict[str, Any]:
    """The form for a person or a body as plain data, as the papers of the house take it."""
    person = [spec for spec in form.table()["person"] if spec.get("of", kind) == kind]
    wanted = [spec for spec in form.table()["wanted"] if spec["id"] not in _ONLINE]
    blocks: list[dict[str, Any]] = []
    for name, specs in (("applicant", person), ("agent", form.table()["agent"]), ("wanted", wanted)):
        rows = [[_label(spec, name), _room(spec)] for spec in specs]
        blocks += [
            {"kind": "heading", "text": word(f"forms.{name}", lang()), "lines": []},
            {"kind": "rows", "rows": rows},
        ]
    signed = [
        [word("forms.sign", lang()), "\u3000" * 14 + word("forms.day", lang()) + word("site.colon", lang())]
    ]
    return {
        "title": word("forms.title", lang()),
        "organ": word("forms.to", lang(), organ=organ),
        "subtitle": word(f"forms.{kind}", lang()),
        "mark": "",
        "lang": "zh-CN" if lang() == "zh" else "en",
        "created": created.isoformat(),
        "blocks": [*blocks, {"kind": "rows", "rows": signed}],
    }


def _label(spec: dict[str, Any], part: str) -> str:
    text = str(spec[lang()])
    # An agent is not always there: nothing of him is required of everyone.
    return word("forms.need", lang(), label=text) if spec.get("need") and part != "agent" else text


def _room(spec: dict[str, Any]) -> str:
    """Room to write in, or boxes to tick."""
    if "choices" not in spec:
        return _LINE * min(int(spec.get("rows", 1)), _MOST_LINES)
    chosen = form.table()["choices"][spec["choices"]]
    return "　".join(f"□ {named[lang()]}" for key, named in chosen.items() if key not in _ONLINE)


pdf, docx = papers.pdf, word_copy.paper
