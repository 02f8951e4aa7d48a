"""Letters and papers as Word documents, for reading and for an office automation system. Never the letter
itself: that is the PDF, and every page of the copy says so.

The content is the same that the PDF is set from. python-docx is an extra (`docx`), loaded when one is wanted.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from workflow.base.errors import Environment
from workflow.base.messages import N_

# Faces that an office's own machine has; of one that it lacks Word takes another.
BODY, TITLE, HEADING = "仿宋_GB2312", "方正小标宋简体", "黑体"
_BODY_SIZE, _TITLE_SIZE, _TABLE_SIZE, _MARK_SIZE = 16.0, 22.0, 12.0, 9.0
_PITCH = 28.9
"""The line of GB/T 9704-2012 (5.2.3), in points."""
_PAGE = {
    "page_width": 210,
    "page_height": 297,
    "top_margin": 37,
    "left_margin": 28,
    "right_margin": 26,
    "bottom_margin": 35,
}
_ANNEX = "附件："


def require() -> None:
    """Environment where python-docx is not installed."""
    try:
        import docx  # noqa: F401
    except ImportError:
        raise Environment(
            N_("A Word document needs python-docx, which is not installed."),
            field="docx",
            way_on=N_("Install it: pip install 'disclosure[docx]'"),
        ) from None


def letter(content: Mapping[str, Any], mark: str) -> bytes:
    """A letter as a Word document; `mark` stands at the head of every page."""
    made = _Document(content["meta"]["title"], content["organ"], content["date"], mark)
    made.line(content["organ"], face=TITLE, size=26, align="center", colour="D7000F")
    if content["number"]:
        made.line(content["number"], align="right" if content["layout"] == "letter" else "center")
    made.heading(content["title"], 1)
    if content["addressee"]:
        made.line(content["addressee"] + "：")
    for block in content["blocks"]:
        if block["type"] == "h1":
            made.heading(block["text"], 2, indent=True)
        elif block["type"] == "table":
            made.table([], block["rows"])
        else:
            made.line(block["text"], indent=not block.get("flush"))
    many = len(content["annexes"]) > 1
    for no, name in enumerate(content["annexes"], 1):
        made.line(("" if no > 1 else _ANNEX) + (f"{no}." if many else "") + name, indent=True)
    made.line(content["signatory"], align="right")
    made.line(content["date_zh"], align="right")
    if content["contact"]:
        made.line(f"（{content['contact']}）", indent=True)
    for line in content.get("follow", {}).get("lines", ()):
        made.line(line, size=_TABLE_SIZE)
    return made.bytes()


def paper(page: Mapping[str, Any]) -> bytes:
    """A paper of the house (`letters.pdf.papers`) as a Word document, to be completed in it."""
    made = _Document(page["title"], page["organ"], page["created"], page["mark"])
    made.line(page["organ"], align="center")
    made.heading(page["title"], 1)
    made.line(page["subtitle"], align="center")
    for block in page["blocks"]:
        if block.get("text"):
            made.heading(block["text"], 2)
        for line in block.get("lines") or ():
            made.line(line, indent=not line.startswith("〔"), bold=block["kind"] == "alert")
        if block.get("rows"):
            made.table(block.get("heads") or [], [_row(row) for row in block["rows"]])
    return made.bytes()


def _row(row: list[str]) -> list[str]:
    """A row of three with a line to sign on holds text and line in one cell."""
    return [row[0], f"{row[1]}\n\n{row[2]}"] if len(row) == 3 and "（签名）" in row[2] else list(row)


class _Document:
    """A Word document in the making."""

    def __init__(self, title: str, author: str, created: str, mark: str) -> None:
        require()
        import docx
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt

        self._qn, self._pt = qn, Pt
        self._doc = docx.Document()
        for name, millimetres in _PAGE.items():
            setattr(self._doc.sections[0], name, Mm(millimetres))
        about = self._doc.core_properties
        about.title, about.author, about.language = title, author, "zh-CN"
        about.created = about.modified = datetime.fromisoformat(created)
        about.comments = mark
        usual = self._doc.styles["Normal"]
        usual.font.size = Pt(_BODY_SIZE)
        self._face(usual, BODY)
        self._language(usual)
        for level, face, size in ((1, TITLE, _TITLE_SIZE), (2, HEADING, _BODY_SIZE)):
            style = self._doc.styles[f"Heading {level}"]
            self._face(style, face)
            style.font.size, style.font.bold = Pt(size), False
            style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        head = self._doc.sections[0].header.paragraphs[0]
        run = head.add_run(mark)
        run.font.size = Pt(_MARK_SIZE)
        self._face(run, HEADING)

    def line(
        self,
        text: str,
        *,
        face: str = BODY,
        size: float = _BODY_SIZE,
        align: str = "left",
        indent: bool = False,
        bold: bool = False,
        colour: str = "",
    ) -> None:
        """A paragraph."""
        from docx.shared import RGBColor

        made = self._doc.add_paragraph()
        run = made.add_run(text)
        run.font.size, run.bold = self._pt(size), bold
        self._face(run, face)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        self._set(made, align, indent, size)

    def heading(self, text: str, level: int, *, indent: bool = False) -> None:
        """A heading, which a reader finds as one."""
        made = self._doc.add_heading(text, level)
        self._set(made, "center" if level == 1 else "left", indent, _BODY_SIZE)

    def table(self, heads: list[str], rows: Iterable[list[str]]) -> None:
        """A table; a first row of heads is repeated on every page."""
        listed = [*([heads] if heads else []), *rows]
        made = self._doc.add_table(rows=0, cols=max(map(len, listed)))
        made.style = "Table Grid"
        for at, row in enumerate(listed):
            new = made.add_row()
            for cell, text in zip(new.cells, row, strict=False):
                cell.text = text
                for paragraph in cell.paragraphs:
                    for run in paragraph.runs:
                        run.font.size = self._pt(_TABLE_SIZE)
            if heads and not at:
                row_element = new._tr  # noqa: SLF001  # python-docx has no public way to repeat a row
                row_element.get_or_add_trPr().append(row_element.makeelement(self._qn("w:tblHeader"), {}))

    def bytes(self) -> bytes:
        """The document."""
        out = io.BytesIO()
        self._doc.save(out)
        return out.getvalue()

    def _set(self, paragraph: Any, align: str, indent: bool, size: float) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING

        kind = paragraph.paragraph_format
        kind.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
        kind.space_before = kind.space_after = self._pt(0)
        kind.line_spacing_rule, kind.line_spacing = WD_LINE_SPACING.AT_LEAST, self._pt(_PITCH)
        if indent:
            kind.first_line_indent = self._pt(2 * size)

    def _face(self, styled: Any, face: str) -> None:
        """The face of Chinese characters has to be named apart."""
        styled.font.name = face
        fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(self._qn("w:eastAsia"), face)

    def _language(self, style: Any) -> None:
        made = style.element.get_or_add_rPr()
        made.append(made.makeelement(self._qn("w:lang"), {self._qn("w:eastAsia"): "zh-CN"}))
