"""Content to HTML and to PDF. WeasyPrint and Jinja2 are loaded here, when the first letter is set.

Nothing is added to the content and nothing is taken from it: what compose wrote is set line by line on the
page of GB/T 9704-2012, as a tagged PDF/A-3u with the decision's data attached. The same content gives the
same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.fonts import faces, widths
from letters.pdf import geometry, pagination, weasyprint
from letters.pdf.flush_lines import Line, set_lines
from workflow import law
from workflow.base import qr_codes
from workflow.base.errors import Malformed, Refused
from workflow.base.line_breaks import pieces
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.law.keys import Provision

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

HERE = Path(__file__).parent
_ANNEX = "附件："
_DRAFT = "草稿"
_HELD = later(r"[·•・‧]|[〔\[［]\d{4}[〕\]］]")
_SHORT = 14
"""Characters of a paragraph ("特此告知。") that does not open a page."""


def html(content: Mapping[str, Any], *, draft: bool | str = False) -> str:
    """The letter as a page of HTML; nothing in the content is ever read as markup or as a template.

    A draft bears a mark on every page: its own words, or 草稿. Malformed where an office's own template
    fails.
    """
    layout = content["layout"]
    form = content["template"] == "form"
    own = content.get("own_templates")
    meta = content["meta"]
    titles = geometry.title_lines(content["organ"], content["title"])
    annexes = geometry.annexes(content["annexes"], _ANNEX)
    signature = geometry.signature(content["signatory"], content["date_zh"])
    head = geometry.head(content["organ"], layout)
    plan = pagination.STANDARD
    if not form and not own:
        plan = pagination.planned(
            list(_ways(content, annexes, signature)), geometry.room(content, len(titles))
        )
    return _marked(
        content,
        "form.html" if form else f"{layout}.html",
        own,
        {
            **content,
            "meta": {**meta, "description": " ".join(filter(None, (meta["number"], meta["subject"])))},
            "draft": content.get("mark") or (draft if isinstance(draft, str) else _DRAFT if draft else ""),
            **head,
            **geometry.number(content["number"], layout, head["head_height"], plan.pitch),
            "title_lines": titles,
            "annexes": annexes,
            "signature": signature,
            "plan": plan,
            "follow": _follow(content),
        },
    )


def _ways(
    content: Mapping[str, Any], annexes: list[dict[str, Any]], signature: Mapping[str, Any]
) -> Iterator[tuple[float, list[pagination.Part], int]]:
    """The letter in lines, with the standard's spacing and with one character more a line."""
    for spacing in (0.0, pagination.TIGHT):
        parts = [pagination.Part(len(_broken(content["addressee"] + "：", 0, spacing, False)), leads=True)]
        for place, block in enumerate(content["blocks"]):
            heading, text = block["type"] == "h1", block["text"]
            lines = 1 if heading else len(_broken(text, 2, spacing, True))
            leads = heading or block.get("part") == "lead"
            parts.append(pagination.Part(lines, leads, not leads and len(text) <= _SHORT and place > 0))
        contact = f"（{content['contact']}）" if content["contact"] else ""
        tail = sum(len(annex["lines"]) for annex in annexes) + bool(annexes)
        tail += 2 + len(signature["lines"]) + 1 + len(_broken(contact, 2, spacing, True))
        tail += geometry.FOLLOW_LINES if "follow" in content else 0
        yield spacing, parts, tail


def _follow(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The code by which the case is followed, with its picture."""
    from markupsafe import Markup

    told = content.get("follow")
    if told is None:
        return None
    # Drawn by ourselves: the black runs of a code, and its words escaped.
    return {**told, "picture": Markup(qr_codes.svg(told["address"], told["alt"]))}  # noqa: S704


def _marked(
    content: Mapping[str, Any], name: str, own: Mapping[str, str] | None, values: dict[str, Any]
) -> str:
    """The page; the mark of a practice office and the code of the case stand on it also where the office's
    own template has no place for them.
    """
    page = _filled(name, own, values)
    if values["follow"] and '<div class="follow">' not in page:
        block = templates().get_template("follow.html").render(follow=values["follow"])
        page = page.replace("</body>", f"{block}</body>")
    mark = content.get("mark")
    if mark and '<p class="draft">' not in page:
        page = page.replace("</body>", f'<p class="draft">{mark}</p></body>')
    return page


def _filled(name: str, own: Mapping[str, str] | None, values: dict[str, Any]) -> str:
    if not own:
        return templates().get_template(name).render(values)
    try:
        return _own_templates(tuple(sorted(own.items()))).get_template(name).render(values)
    # Whatever exception a template raises, the template is wrong.
    except Exception as fault:  # noqa: BLE001
        raise Malformed(
            N_("The office's own template {name} fails: {detail}"),
            field=name,
            name=name,
            detail=f"{type(fault).__name__}: {fault}"[:200],
        ) from None


def pdf(content: Mapping[str, Any], *, draft: bool | str = False) -> bytes:
    """The letter as PDF/A-3u. Refused when a number is missing (unless it is a draft) or a character has no
    face.
    """
    if content["numbered"] and not content["number"] and not draft:
        raise Refused(
            N_("A letter goes out with its document number; this one has none."),
            field="number",
            rule=law.bundled().provision(Provision.FORM_OF_PAPERS, date.fromisoformat(content["date"])),
            way_on=N_("Issue it first, or render it as a draft."),
        )
    data = json.dumps({**content["data"], "draft": bool(draft)}, ensure_ascii=False, sort_keys=True, indent=1)
    return weasyprint.write(
        html(content, draft=draft), stylesheet(), attachment=data.encode(), created=content["date"]
    )


@cache
def stylesheet(name: str = "page.css") -> str:
    """A style sheet with the families of this machine in it."""

    def role(found: re.Match[str]) -> str:
        chosen = faces.roles()[found[1]]
        listed = ", ".join(f'"{family}"' for family in faces.chain(chosen.name))
        return f"font-family: {listed}; font-weight: {'bold' if chosen.bold else 'normal'}"

    text = (HERE / name).read_text(encoding="utf-8")
    if "DASH" in text:
        text = text.replace("DASH", f"{geometry.dash_above()}mm")
    return re.sub(r"ROLE\((\w+)\)", role, text)


@cache
def templates() -> jinja2.Environment:
    """The templates of this package; whatever is put into one is escaped."""
    import jinja2

    return _dressed(
        jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE.parent / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )


@lru_cache(maxsize=4)
def _own_templates(own: tuple[tuple[str, str], ...]) -> jinja2.Environment:
    """An office's templates over those of this package: in a sandbox, by name only, without file or
    network.
    """
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    bundled = {
        path.name: path.read_text(encoding="utf-8") for path in (HERE.parent / "templates").glob("*.html")
    }
    return _dressed(
        ImmutableSandboxedEnvironment(
            loader=jinja2.DictLoader({**bundled, **dict(own)}),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )


def _dressed(environment: jinja2.Environment) -> jinja2.Environment:
    environment.filters["lines"] = _lines
    environment.filters["joined"] = _joined
    return environment


def _joined(value: object) -> Markup:
    """Text that the renderer breaks into lines: what it would break and may not (〔2026〕1号, a name at its
    dot) held.
    """
    from markupsafe import Markup, escape

    text = str(value)
    if not _HELD.search(text):
        return escape(text)
    return Markup("").join(
        Markup('<span class="l">{}</span>').format(piece) if _HELD.search(piece) else escape(piece)
        for piece in pieces(text)
    )


@lru_cache(maxsize=512)
def _broken(text: str, indent: float, spacing: float, flush: bool) -> tuple[Line, ...]:
    width = widths.of("body")
    return tuple(
        set_lines(
            text,
            (lambda char: width(char) + spacing) if spacing else width,
            measure=geometry.MEASURE,
            indent=indent,
            flush=flush,
        )
    )


def _lines(
    text: str, indent: float, spacing: float = 0.0, turns: Sequence[int] = (), flush: bool = True
) -> Markup:
    """The lines of a paragraph, each with its spacing; the text itself is escaped.

    turns: the lines, after the first, with which a page begins.
    """
    from markupsafe import Markup

    even, spaced = (
        Markup('<span class="l">{}</span>'),
        Markup('<span class="l" style="letter-spacing:{}em">{}</span>'),
    )
    made = [
        spaced.format(round(line.spacing + spacing, 4), line.text)
        if line.spacing + spacing
        else even.format(line.text)
        for line in _broken(text, indent, spacing, flush)
    ]
    edges = [0, *(turn for turn in turns if turn), len(made)]
    first, *others = (Markup("<br>").join(made[start:end]) for start, end in pairwise(edges))
    return first + Markup("").join(Markup('<span class="turn">{}</span>').format(part) for part in others)
