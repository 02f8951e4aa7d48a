"""Envelopes, address labels, cover sheets for window envelopes, and the posting list, as PDF.

Places and sizes are given as data (millimetres). What does not fit is set smaller, and refused where it would
have to be smaller than can be read: nothing is cut off on an envelope.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from letters.fonts import widths
from letters.pdf import render, structure, weasyprint
from letters.pdf.flush_lines import set_lines
from workflow.base.errors import Damaged, Refused
from workflow.base.messages import N_

Layout = Mapping[str, Any]
LARGEST, SMALLEST, STEP = 6.0, 2.4, 0.2
"""Sizes of addresses in mm."""
_LEADING = 1.25
_A4 = (210.0, 297.0)


def _block(
    texts: Sequence[tuple[str, str]], place: Sequence[float], *, css: str = "", largest: float = LARGEST
) -> dict[str, Any]:
    """Texts (with their classes) in a place (x, y, width, height), as large as fits; Refused if they do not
    fit.
    """
    x, y, width, height = place
    of = widths.of("body")
    size = largest
    while size >= SMALLEST:
        lines = [
            {"text": line.text, "class": style}
            for text, style in texts
            for line in set_lines(text, of, measure=width / size, indent=0)
        ]
        if len(lines) * size * _LEADING <= height:
            return {"x": x, "y": y, "w": width, "size": round(size, 2), "class": css, "lines": lines}
        size -= STEP
    raise Refused(
        N_("The address of {name} is too long for this envelope or label: {text}"),
        field="address",
        name=texts[-1][0][:40],
        text="，".join(text for text, _ in texts)[:200],
        way_on=N_("Choose a larger one (see posting.toml), or shorten the address: disclosure amend"),
    )


def _to(piece: Mapping[str, Any], *, postcode: bool) -> list[tuple[str, str]]:
    """The addressee, as on an envelope: postcode (where it has no boxes), address, name."""
    rows = [(piece["postcode"], "")] if postcode and piece["postcode"] else []
    return [*rows, (piece["address"], ""), (f"{piece['name']}　收", "name")]


def _mark(piece: Mapping[str, Any], x: float, y: float) -> dict[str, Any]:
    return {"text": piece["mark"], "x": x, "y": y}


def _page(
    title: str, office: Mapping[str, Any], size: Sequence[float], sheets: list[dict[str, Any]], day: str
) -> bytes:
    width, height = size
    page = (
        render.templates()
        .get_template("sheets.html")
        .render(title=title, organ=office["name"], width=width, height=height, sheets=sheets)
    )
    css = f"@page {{ size: {width}mm {height}mm; margin: 0 }}\n" + render.stylesheet("sheets.css")
    data = json.dumps({"title": title, "sheets": len(sheets)}, ensure_ascii=False)
    return weasyprint.write(page, css, attachment=data.encode(), created=day)


def envelopes(
    pieces: Iterable[Mapping[str, Any]], office: Mapping[str, Any], layout: Layout, day: str
) -> bytes:
    """One page an envelope: postcode boxes at the upper left, addressee, sender at the lower right, stamp."""
    width, height = layout["size"]
    x, y, w, h, pitch = layout["boxes"]
    sender = [
        (office["name"], ""),
        (office["address"], ""),
        *([(f"邮政编码　{office['postcode']}", "")] if office.get("postcode") else []),
    ]
    sheets = []
    for piece in pieces:
        digits = f"{piece['postcode'][:6]:6}"
        sheets.append(
            {
                "boxes": [
                    {
                        "x": round(x + i * pitch, 2),
                        "y": y,
                        "w": w,
                        "h": h,
                        "size": round(h * 0.62, 2),
                        "text": digit.strip(),
                    }
                    for i, digit in enumerate(digits)
                ],
                "stamp": layout["stamp"],
                "folds": [],
                "mark": _mark(piece, x, height - 8),
                "blocks": [
                    _block(_to(piece, postcode=False), layout["to"]),
                    _block(sender, layout["sender"], css="sender", largest=4.4),
                ],
            }
        )
    return _page("信封", office, (width, height), sheets, day)


def covers(pieces: Iterable[Mapping[str, Any]], office: Mapping[str, Any], layout: Layout, day: str) -> bytes:
    """One A4 page a piece, to be folded so that the addressee shows in the window of the envelope."""
    x, y, width, height = layout["window"]
    left, top = layout["lies"]
    inset = 3.0
    window = (x - left + inset, y - top + inset, width - 2 * inset, height - 2 * inset)
    # The sender is above the window, on the part of the sheet that the envelope hides.
    sheets = [
        {
            "boxes": [],
            "stamp": None,
            "folds": layout["folds"],
            "mark": _mark(piece, 20, _A4[1] - 14),
            "blocks": [
                _block([(office["name"], ""), (office["address"], "")], (20, 12, 100, 14), largest=3.6),
                _block(_to(piece, postcode=True), window, largest=4.8),
            ],
        }
        for piece in pieces
    ]
    return _page("封面页", office, _A4, sheets, day)


def labels(
    pieces: Sequence[Mapping[str, Any]], office: Mapping[str, Any], layout: Layout, day: str, skip: int = 0
) -> bytes:
    """Sheets of labels; `skip` leaves so many places of the first sheet free, where they were used before."""
    columns, rows = layout["grid"]
    left, top = layout["first"]
    across, down = layout["pitch"]
    width, height = layout["size"]
    inset = 4.0
    sheets: list[dict[str, Any]] = []
    for place, piece in enumerate(pieces, skip):
        if place // (columns * rows) == len(sheets) or not sheets:
            sheets.append({"boxes": [], "stamp": None, "folds": [], "mark": None, "blocks": []})
        row, column = divmod(place % (columns * rows), columns)
        x, y = left + column * across + inset, top + row * down + inset
        inner = width - 2 * inset
        sheets[-1]["blocks"] += [
            _block(_to(piece, postcode=True), (x, y, inner, height - 2 * inset - 3), largest=4.4),
            _block([(piece["mark"], "")], (x, y + height - 2 * inset - 2.6, inner, 3.2), largest=2.4),
        ]
    return _page("地址标签", office, _A4, sheets, day)


def posting_list(
    rows: list[dict[str, Any]],
    office: Mapping[str, Any],
    *,
    number: str,
    service: str,
    day: str,
    day_zh: str,
    stamp: Mapping[str, Any] | None = None,
) -> bytes:
    """The list that is handed in with the pieces, with a place for the stamp of the post office; with a
    checkpoint of the record (lines and svg) where one was given out.
    """
    page = (
        render.templates()
        .get_template("posting.html")
        .render(
            title=f"邮件交寄清单 {number}",
            organ=office["name"],
            telephone=office["telephone"],
            rows=rows,
            number=number,
            service=service,
            day=day_zh,
            stamp=stamp,
        )
    )
    css = (
        '@page { size: A4; margin: 20mm 15mm 18mm; @bottom-center { ROLE; content: "第 " counter(page) " 页　共 " counter(pages) " 页"; font-size: 9pt } }\n'
    ).replace(
        "ROLE", render.stylesheet("sheets.css").split("hyphens: none; ", 1)[1].split("; line-height", 1)[0]
    )
    data = json.dumps({"batch": number, "pieces": len(rows)}, ensure_ascii=False)
    return weasyprint.write(
        page, css + render.stylesheet("sheets.css"), attachment=data.encode(), created=day
    )


def merged(pdfs: Iterable[Sequence[bytes]], *, duplex: bool = False, author: str = "") -> bytes:
    """Letters one after the other as one PDF; with `duplex` each begins on a new sheet. The same in, the same
    out.
    """
    from io import BytesIO

    import pikepdf

    whole = pikepdf.new()
    parts: list[structure.Part] = []
    for data in (part for letters in pdfs for part in letters):
        try:
            opened = pikepdf.open(BytesIO(data))
            count, first = len(opened.pages), len(whole.pages)
            whole.pages.extend(opened.pages)
            if duplex and count % 2:
                box = opened.pages[-1].mediabox
                whole.add_blank_page(page_size=(float(box[2] - box[0]), float(box[3] - box[1])))
        except pikepdf.PdfError as fault:
            raise Damaged(
                N_("A letter of this batch is no PDF that can be read: {detail}"),
                detail=str(fault)[:200],
                way_on=N_("Check the file store: disclosure verify --files"),
            ) from None
        title = str(opened.docinfo.get("/Title", "")) or f"信函{len(parts) + 1}"
        parts.append(structure.Part(title, first, count, opened, f"{title}，第{{}}页".format))
    structure.join(whole, parts, title="信函", lang="zh-CN", author=author)
    out = BytesIO()
    whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
