"""Content to HTML and to PDF. WeasyPrint and Jinja2 are loaded here, when the first letter is set.

Nothing is added to the content and nothing is taken from it: what compose wrote is set line by line on the page of
GB/T 9704-2012, as a tagged PDF/A-3u with the decision's data attached. The same content gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.fonts import faces, widths
from letters.pdf import weasyprint
from workflow.base.errors import Malformed, Refused
from workflow.base.line_breaks import set_lines
from workflow.base.messages import N_

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

HERE = Path(__file__).parent
MEASURE = 28
"""Characters in a line (GB/T 9704-2012, 5.2.3)."""
_EM = 156 / MEASURE
_TITLE_LINE = 20
"""Characters of the title's size in a line."""
_HEAD_LINE = 28
_HEAD = {"letter": (166, 13.4), "ordinary": (150, 18.0)}
"""Of the organ's name at the head: characters in a line; by format its width and its largest size in mm."""
_ANNEX = "附件："
_DRAFT = "草稿"


def html(content: Mapping[str, Any], *, draft: bool | str = False) -> str:
    """The letter as a page of HTML; nothing in the content is ever read as markup or as a template.

    A draft bears a mark on every page: its own words, or 草稿. Malformed where an office's own template fails.
    """
    layout = content["layout"]
    form = content["template"] == "form"
    name = "form.html" if form else f"{layout}.html"
    own = content.get("own_templates")
    meta = content["meta"]
    return _filled(
        name,
        own,
        {
            **content,
            "meta": {**meta, "description": " ".join(filter(None, (meta["number"], meta["subject"])))},
            "draft": draft if isinstance(draft, str) else _DRAFT if draft else "",
            **_head(content["organ"], layout),
            "title_lines": title_lines(content["organ"], content["title"]),
            "annexes": _annexes(content["annexes"]),
            "signature": _signature(content["signatory"], content["date_zh"]),
        },
    )


def _filled(name: str, own: Mapping[str, str] | None, values: dict[str, Any]) -> str:
    if not own:
        return templates().get_template(name).render(values)
    try:
        return _own_templates(tuple(sorted(own.items()))).get_template(name).render(values)
    except Exception as fault:  # noqa: BLE001  # whatever a template makes of itself, it is the template that is wrong
        raise Malformed(
            N_("The office's own template {name} fails: {detail}"),
            field=name,
            name=name,
            detail=f"{type(fault).__name__}: {fault}"[:200],
        ) from None


def pdf(content: Mapping[str, Any], *, draft: bool | str = False) -> bytes:
    """The letter as PDF/A-3u. Refused when a number is missing (unless it is a draft) or a character has no face."""
    if content["numbered"] and not content["number"] and not draft:
        raise Refused(
            N_("A letter goes out with its document number; this one has none."),
            field="number",
            rule="gbt9704:7",
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
        families = dict.fromkeys((*chosen.families, *faces.rare()))
        listed = ", ".join(f'"{family}"' for family in families)
        return f"font-family: {listed}; font-weight: {'bold' if chosen.bold else 'normal'}"

    return re.sub(r"ROLE\((\w+)\)", role, (HERE / name).read_text(encoding="utf-8"))


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
    """An office's templates over those of this package: in a sandbox, by name only, without file or network."""
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
    return environment


def _lines(text: str, indent: float) -> Markup:
    """The lines of a paragraph, each with its spacing; the text itself is escaped."""
    from markupsafe import Markup

    even, spaced = (
        Markup('<span class="l">{}</span>'),
        Markup('<span class="l" style="letter-spacing:{}em">{}</span>'),
    )
    return Markup("<br>").join(
        spaced.format(line.spacing, line.text) if line.spacing else even.format(line.text)
        for line in set_lines(text, widths.of("body"), measure=MEASURE, indent=indent)
    )


def _head(organ: str, layout: str) -> dict[str, Any]:
    """The organ's name at the head, as large as fits between the ends of the rule; a very long one in two lines."""
    lines = [organ] if len(organ) <= _HEAD_LINE else _halves(organ, _HEAD_LINE)
    # A short name is drawn apart, as official heads are.
    shown = ["\u3000".join(line) if len(line) <= 4 else line for line in lines]
    width, largest = _HEAD.get(layout, _HEAD["letter"])
    size = round(min(width / max(len(line) for line in shown), largest), 2)
    return {"head_lines": shown, "head_size": size, "head_height": round(size * len(shown), 2)}


def title_lines(organ: str, title: str) -> list[str]:
    """The title in lines that keep its words whole: the organ's name above, the name of the letter below."""
    if len(organ) + len(title) <= 16:
        return [organ + title]
    return [*_halves(organ, _TITLE_LINE), *_halves(title, _TITLE_LINE)]


def _halves(text: str, longest: int) -> list[str]:
    if len(text) <= longest:
        return [text]
    middle = len(text) / 2
    ends = [place + 1 for place, char in enumerate(text[:-1]) if char in "省市县区州旗部厅局委会和（"] or [
        int(middle)
    ]
    place = min(ends, key=lambda end: abs(end - middle))
    if max(place, len(text) - place) > longest:
        place = min(int(middle), longest)
    return [text[:place], *_halves(text[place:], longest)]


def _annexes(names: list[str]) -> list[dict[str, str]]:
    """The list of annexes with hanging indents: further lines stand under the first character of the name."""
    width = widths.of("body")
    numbers = [f"{place}." if len(names) > 1 else "" for place in range(1, len(names) + 1)]
    widest = max((sum(map(width, number)) for number in numbers), default=0.0)
    listed: list[dict[str, str]] = []
    for number, name in zip(numbers, names, strict=True):
        label = ("" if listed else _ANNEX) + number
        style = (
            f"padding-left: {2 + len(_ANNEX) + widest:.3f}em; text-indent: -{sum(map(width, label)):.3f}em"
        )
        listed.append({"label": label, "name": name, "style": style})
    return listed


def _signature(name: str, date: str) -> dict[str, str]:
    """Where name and date stand (GB/T 9704-2012, 7.3.5.1): the date four characters from the right, the name
    centred above it; a name too long for that ends at the right edge."""
    width = widths.of("body")
    date_width, name_width = sum(map(width, date)), sum(map(width, name))
    beside = max(name_width - date_width, 0) / 2
    right = max(4 - beside, 0)
    box = min(max(name_width, date_width), MEASURE) + 0.05
    return {
        "block": f"margin: 0 {right:.3f}em 0 auto; width: {box:.3f}em; text-align: center",
        "name": "" if name_width > MEASURE else "white-space: nowrap",
        "date": "white-space: nowrap",
    }
