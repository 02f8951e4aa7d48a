"""Letters as PDF, against WeasyPrint alone with the same HTML, style sheet and faces; and how large they
are.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.measure import Figure, clocked, in_turns
from benchmarks.world import World

# A disclosure, a partial disclosure, and the receipt that every applicant gets.
MEASURED = ("D1", "D3", "P2")
# kB of a letter of one page, and of one of up to three. A page of 22 lines is to weigh 70 kB; one whose lines
# are drawn together holds up to 28, with the characters of what would else stand on a second page.
MOST_KB = {1: 70 * 28 / 22, 3: 160}


def bare(content: dict[str, Any]) -> Callable[[], bytes]:
    """WeasyPrint as it comes: the style sheet read once and the faces loaded once, as ours are."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    from letters.fonts import fontconfig
    from letters.pdf import render
    from letters.pdf import weasyprint as pages

    page, css = render.html(content), render.stylesheet()
    with fontconfig.only_these():
        configuration = FontConfiguration()
        sheet = weasyprint.CSS(string=css, font_config=configuration)

    def write() -> bytes:
        made: bytes = weasyprint.HTML(string=page).write_pdf(
            stylesheets=[sheet], font_config=configuration, pdf_variant=pages.VARIANT, pdf_tags=True
        )
        return made

    return write


def letters(world: World, rounds: int) -> Iterator[Figure]:
    """The time of a letter in a process that has made one before."""
    from letters.content import specimens
    from letters.pdf import render
    from workflow import law

    for code in MEASURED:
        content = specimens.letter(code, law=law.bundled())
        alone = bare(content)
        found = in_turns(
            {"ours": partial(clocked, partial(render.pdf, content)), "floor": partial(clocked, alone)},
            rounds,
            warm=2,
        )
        pages, size = _extent(render.pdf(content))
        note = f"{pages} p., {size:.0f} kB (WeasyPrint alone: {_extent(alone())[1]:.0f})"
        yield Figure(f"letter {code}", found["ours"].wall, 1.15, found["floor"].wall, note=note)


def sizes(world: World, rounds: int) -> Iterator[Figure]:
    """The largest letter of one page, and of up to three, in the whole catalogue."""
    from letters.content import kinds, specimens
    from letters.pdf import render
    from workflow import law

    found = []
    for kind in kinds.all():
        content = specimens.letter(kind.code, law=law.bundled())
        pages, size = _extent(render.pdf(content, draft=True))
        found.append((size, kind.code, pages))
    for most, limit in MOST_KB.items():
        among = [one for one in found if one[2] <= most]
        size, code, pages = max(among)
        name = "largest letter of one page" if most == 1 else f"largest of up to {most} pages"
        yield Figure(name, size, limit, unit="kB", note=f"{code}, {pages} p., of {len(among)} kinds")


def _extent(pdf: bytes) -> tuple[int, float]:
    import pypdf

    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages), len(pdf) / 1000
