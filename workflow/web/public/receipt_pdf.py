"""The receipt as a PDF to keep: what its page says, with the code and the QR code, on one sheet."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from starlette.responses import Response

from workflow.base import dates, follow_codes, qr_codes
from workflow.web.public import face, following, pages, paper
from workflow.web.public.handing_in import APPLICATION

if TYPE_CHECKING:
    from workflow.web.public.asking import Asked, Outer
    from workflow.web.public.card import Card

_WORDS = ("number", "at", "organ", "code", "code_text", "next", "qr", "title_paper", "kept")
_PDF = "application/pdf"


def offered() -> bool:
    """Whether a receipt can be had as a PDF: a Chinese face is installed."""
    return face.there()


def _characters(card: Card, address: str) -> frozenset[str]:
    """Every character that a receipt of this office can hold: all of them are known beforehand."""
    said = [
        string.ascii_letters,
        string.digits,
        string.punctuation,
        " ：，",
        address,
        card.name,
        *(one.name for one in card.organs),
        *card.contact.values(),
        *(pages.word(f"receipt.{key}", lang) for key in _WORDS for lang in pages.LANGUAGES),
        *(pages.word(f"contact.{key}", lang) for key in card.contact for lang in pages.LANGUAGES),
        *(pages.word("site.contact", lang) for lang in pages.LANGUAGES),
    ]
    return frozenset("".join(said)) - {"\n"}


def _shown(outer: Outer, code: str, lang: str, receipt: str, at: str, organ: str) -> bytes | None:
    """The sheet; none where no face has every character."""
    cut = face.cut(_characters(outer.card, outer.address))
    if cut is None:
        return None
    colon = "：" if lang == "zh" else ": "

    def w(key: str) -> str:
        return pages.word(f"receipt.{key}", lang)

    contact = [
        f"{pages.word(f'contact.{key}', lang)} {value}" for key, value in outer.card.contact.items() if value
    ]
    address = f"{outer.address}{pages.place('/s/' + code, lang)}"
    comma = "，" if lang == "zh" else ", "
    blocks: list[paper.Line | paper.Code] = [
        paper.Line("H1", w("title_paper"), 20),
        paper.Line("P", w("number") + colon + receipt),
        paper.Line("P", w("at") + colon + at),
        paper.Line("P", w("organ") + colon + organ),
        paper.Line("P", w("code") + colon + code, 14),
        paper.Code(qr_codes.modules(address), w("qr")),
        paper.Line("P", w("kept") + colon + outer.address + pages.place("/follow", lang)),
        paper.Line("P", w("code_text")),
        paper.Line("P", w("next")),
        paper.Line(
            "P", pages.word("site.contact", lang) + colon + comma.join([outer.card.name, *contact]), 10
        ),
    ]
    return paper.pdf(cut, w("title_paper"), "zh-CN" if lang == "zh" else "en", blocks)


def receipt(asked: Asked) -> Response:
    """The receipt of an application, for who has its code."""
    found = following.find(asked, asked.text("code"))
    if isinstance(found, Response):
        return found
    outer = asked.outer
    one = next((one for one in found.sent if one.kind == APPLICATION), None)
    if one is None or not offered():
        return asked.refused("missing", 404)
    made = _shown(
        outer,
        follow_codes.code(found.secret),
        asked.lang,
        one.receipt,
        dates.china_time(one.at),
        outer.organs.get(asked.text("organ"), outer.card.name),
    )
    if made is None:
        return asked.refused("missing", 404)
    headers = {"Content-Disposition": f'attachment; filename="{one.receipt}.pdf"'}
    return Response(made, media_type=_PDF, headers=headers)


PAGES = [("/receipt", "POST", receipt)]
