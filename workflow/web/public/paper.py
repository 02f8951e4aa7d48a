"""One sheet of paper as a tagged PDF: lines of text, a heading and a QR code, in a face that is cut down.

Written with pydyf alone: a renderer of whole pages would cost the outer side a hundred megabytes, and who
sends many requests a second of work for each.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

import pydyf

from workflow.base.patterns import later
from workflow.web.public.face import Face

_WIDTH, _HEIGHT, _MARGIN = 595, 842, 64
_LEADING = 1.6
# That the file is made for readers for the blind too (ISO 14289-1, 5), its title and its language.
_METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
# What stays together on a line: a word, and a character with the punctuation that follows it.
_PIECE = later(r"[\x21-\x7e]+ ?|.[，。、；：！？）》”]*", re.DOTALL)


class Line(NamedTuple):
    """A paragraph of the sheet: its tag ('H1', 'P'), its text, its size in points."""

    tag: str
    text: str
    size: float = 12


class Code(NamedTuple):
    """A QR code: its modules, black ones as 1, what it is in words, and its side in points."""

    modules: Sequence[Sequence[int]]
    words: str
    side: float = 150


class _Drawn(NamedTuple):
    """A block on the sheet: its tag, the words for who cannot see it, where a picture stands, how it is
    drawn."""

    tag: str
    words: str
    box: list[float]
    drawn: bytes


def pdf(face: Face, title: str, lang: str, blocks: Sequence[Line | Code]) -> bytes:
    """The sheet as a PDF; every character of the lines has to be in the face."""
    made = pydyf.PDF()
    made.catalog["Lang"] = pydyf.String(lang)
    made.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    made.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    made.info["Title"] = pydyf.String(title)
    told = _METADATA.format(title=escape(title), lang=lang).encode()
    made.catalog["Metadata"] = _added(
        made, pydyf.Stream([told], {"Type": "/Metadata", "Subtype": "/XML"})
    ).reference
    font = _font(made, face)
    drawn = list(_drawn(face, blocks))
    content = _added(made, pydyf.Stream([block.drawn for block in drawn], compress=True))
    page = _added(
        made,
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": made.pages.reference,
                "MediaBox": pydyf.Array([0, 0, _WIDTH, _HEIGHT]),
                "Contents": content.reference,
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})}),
                "StructParents": 0,
                "Tabs": "/S",
            }
        ),
    )
    made.pages["Kids"].append(page.reference)
    made.pages["Count"] = 1
    _tagged(made, page, [block[:3] for block in drawn])
    out = io.BytesIO()
    made.write(out, version=b"1.7")
    return out.getvalue()


def _added(made: Any, what: Any) -> Any:
    made.add_object(what)
    return what


def _drawn(face: Face, blocks: Sequence[Line | Code]) -> Iterator[_Drawn]:
    """The blocks, one below the other."""
    y = float(_HEIGHT - _MARGIN)
    for no, block in enumerate(blocks):
        if isinstance(block, Code):
            body, y = _squares(block, y - 12), y - 12 - block.side
            tag, words, box = "Figure", block.words, [_MARGIN, y, _MARGIN + block.side, y + block.side]
        else:
            lines = list(_broken(face, block))
            body, tag, words, box = b"", block.tag, "", []
            for line in lines:
                y -= block.size * _LEADING
                coded = "".join(f"{face.glyphs[one]:04x}" for one in line)
                body += f"BT /F {block.size} Tf {_MARGIN} {y:.1f} Td <{coded}> Tj ET\n".encode()
            y -= block.size * 0.5
        yield _Drawn(tag, words, box, f"/{tag} <</MCID {no}>> BDC\n".encode() + body + b"EMC\n")


def _broken(face: Face, block: Line) -> Iterator[str]:
    """The lines of a paragraph."""
    room, line = _WIDTH - 2 * _MARGIN, ""
    for word in _PIECE.findall(block.text):
        piece = word
        if line and face.width((line + piece).rstrip(), block.size) > room:
            yield line
            line = ""
        # A word that is longer than a line is broken where the line ends.
        while face.width(piece.rstrip(), block.size) > room:
            most = next(n for n in range(len(piece), 0, -1) if face.width(piece[:n], block.size) <= room)
            yield piece[:most]
            piece = piece[most:]
        line += piece
    yield line


def _squares(code: Code, top: float) -> bytes:
    """The black modules, within the quiet zone of four that readers want."""
    each = code.side / (len(code.modules) + 8)
    return b"".join(
        f"{_MARGIN + (x + 4) * each:.2f} {top - (y + 5) * each:.2f} {each + 0.05:.2f} {each + 0.05:.2f} re f\n".encode()
        for y, row in enumerate(code.modules)
        for x, black in enumerate(row)
        if black
    )


def _font(made: Any, face: Face) -> Any:
    """The face in the PDF: each code is the number of a glyph, and stands for a character."""
    file = _added(made, pydyf.Stream([face.file], {"Length1": len(face.file)}, compress=True))
    flags = 4  # the characters are its own, not those of a Latin face
    described = _added(
        made,
        pydyf.Dictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{face.name}",
                "Flags": flags,
                "FontBBox": pydyf.Array(face.box),
                "ItalicAngle": 0,
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.ascent,
                "StemV": 80,
                "FontFile2": file.reference,
            }
        ),
    )
    widths = pydyf.Array()
    for one, glyph in sorted(face.glyphs.items(), key=lambda entry: entry[1]):
        widths.extend([glyph, pydyf.Array([face.widths[one]])])
    inner = _added(
        made,
        pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": f"/{face.name}",
                "CIDSystemInfo": pydyf.Dictionary(
                    {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": described.reference,
                "CIDToGIDMap": "/Identity",
                "W": widths,
            }
        ),
    )
    spoken = _added(made, pydyf.Stream([_to_unicode(face)], compress=True))
    return _added(
        made,
        pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": f"/{face.name}",
                "Encoding": "/Identity-H",
                "DescendantFonts": pydyf.Array([inner.reference]),
                "ToUnicode": spoken.reference,
            }
        ),
    )


def _to_unicode(face: Face) -> bytes:
    """Which character a code stands for, so that the text can be searched, copied and read out."""
    rows = [f"<{glyph:04x}> <{one.encode('utf-16-be').hex()}>" for one, glyph in sorted(face.glyphs.items())]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CMapName /Receipt def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *("\n".join([f"{len(part)} beginbfchar", *part, "endbfchar"]) for part in parts),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode()


def _tagged(made: Any, page: Any, tags: Sequence[tuple[str, str, list[float]]]) -> None:
    """The structure: the document and under it each block, in the order in which it is read."""
    root = _added(made, pydyf.Dictionary({"Type": "/StructTreeRoot"}))
    whole = _added(made, pydyf.Dictionary({"Type": "/StructElem", "S": "/Document", "P": root.reference}))
    parts = []
    for no, (tag, words, box) in enumerate(tags):
        part = pydyf.Dictionary(
            {"Type": "/StructElem", "S": f"/{tag}", "P": whole.reference, "Pg": page.reference, "K": no}
        )
        if words:
            part["Alt"] = pydyf.String(words)
            part["A"] = pydyf.Dictionary({"O": "/Layout", "BBox": pydyf.Array(box), "Placement": "/Block"})
        parts.append(_added(made, part).reference)
    whole["K"] = pydyf.Array(parts)
    root["K"] = pydyf.Array([whole.reference])
    root["ParentTree"] = _added(
        made, pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Array(parts)])})
    ).reference
    root["ParentTreeNextKey"] = 1
    made.catalog["StructTreeRoot"] = root.reference
