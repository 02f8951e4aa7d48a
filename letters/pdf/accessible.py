"""What a reader for the blind needs besides the renderer's tags (PDF/UA-1): said in the metadata, scopes of
headers.

The renderer tags the page and names its language and title. It does not say that it did (ISO 14289-1, 5),
leaves header cells without their direction, and keeps elements in the structure that hold nothing.
"""

from __future__ import annotations

from typing import Any

_EMPTY_IS_NOTHING = ("/P", "/Span", "/NonStruct", "/Div", "/Sect")
# PDF/A wants the description of every schema that it does not know itself (ISO 19005-3, 6.6.2.3).
CLAIM = b"""<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"\
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def finish(document: Any, pdf: Any) -> None:
    """Put it into a PDF that WeasyPrint is about to write."""
    objects = {entry.reference: entry for entry in pdf.objects if getattr(entry, "reference", None)}
    metadata = objects[pdf.catalog["Metadata"]]
    metadata.stream[0] = metadata.stream[0].replace(b"</rdf:RDF>", CLAIM + b"</rdf:RDF>")
    _scopes(document)
    _furniture(pdf, objects)
    _prune(pdf)


def _scopes(document: Any) -> None:
    """Every header cell says whether it heads its row or its column, and in full what (PDF 32000-1, 14.8.5.7,
    14.9.4).
    """
    import pydyf
    from weasyprint.formatting_structure import boxes

    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001  # there is no other way to its boxes
            if isinstance(box, boxes.TableCellBox) and box.element is not None and box.element_tag == "th":
                mark = getattr(box, "mark", None)
                if mark is not None:
                    row = (box.element.attrib.get("scope") or "").startswith("row")
                    mark["A"]["Scope"] = "/Row" if row else "/Column"
                    if box.element.attrib.get("abbr"):
                        mark["ActualText"] = pydyf.String(box.element.attrib["abbr"])


def _prune(pdf: Any) -> None:
    """Take elements without content out of the structure; an empty cell stays, for it keeps the table's
    form.
    """
    empty: set[bytes] = set()
    # An element is made before those that it holds.
    for entry in reversed(pdf.objects):
        if not isinstance(entry, dict) or entry.get("Type") != "/StructElem":
            continue
        if not empty.isdisjoint(kid for kid in entry["K"] if isinstance(kid, bytes)):
            entry["K"][:] = [kid for kid in entry["K"] if kid not in empty]
        if entry["S"] in _EMPTY_IS_NOTHING and not entry["K"]:
            empty.add(getattr(entry, "reference", b""))


def _furniture(pdf: Any, objects: dict[bytes, Any]) -> None:
    """Page numbers are tagged by the renderer and stand in no structure: they are artifacts (ISO 14289-1,
    7.1).
    """
    root = objects[pdf.catalog["StructTreeRoot"]]
    reached: set[bytes] = set()
    waiting = list(root["K"])
    while waiting:
        reference = waiting.pop()
        reached.add(reference)
        kids = objects[reference].get("K", ())
        waiting += [kid for kid in kids if isinstance(kid, bytes) and kid not in reached]
    numbers = objects[root["ParentTree"]]["Nums"]
    for page, owners in zip(numbers[::2], numbers[1::2], strict=True):
        loose = (
            [mcid for mcid, owner in enumerate(owners) if owner not in reached]
            if isinstance(owners, list)
            else []
        )
        if not loose:
            continue
        for mcid in loose:
            owners[mcid] = "null"
        stream = objects[objects[pdf.page_references[page]]["Contents"]].stream
        wanted = {f"<</MCID {mcid}>>".encode() for mcid in loose}
        for place, part in enumerate(stream):
            if place and getattr(part, "data", part) in wanted:
                stream[place - 1 : place + 2] = [b"/Artifact", b"BMC", b""]
