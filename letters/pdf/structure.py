"""One tagged document out of several: the structure of each part goes with its pages, what has none is
described.

A volume or a stack of letters is bound from finished PDFs. Binding copies pages and loses what a reader for
the blind goes by; here it is built anew from the structure of each part (PDF 32000-1, 14.7). A page that has
none, such as a scan, becomes one figure with a description.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from letters.pdf import accessible, marked_content
from letters.pdf.standard_elements import STANDARD

if TYPE_CHECKING:
    import pikepdf

_DEEP = 60
"""Levels of a structure that are followed: what is deeper is no structure of a document."""
_KEPT = ("Alt", "ActualText", "E", "Lang")


@dataclass
class Part:
    """Pages of the whole that come from one document: its title, where they begin, how many, and the
    document.

    describe gives the words for a page (from 1) that has no structure of its own.
    """

    title: str
    first: int
    count: int
    source: pikepdf.Pdf | None
    describe: Callable[[int], str]


@dataclass
class _Tree:
    """The structure that is being built, and which element each piece of marked content belongs to."""

    whole: pikepdf.Pdf
    owners: dict[int, dict[int, Any]] = field(default_factory=dict)

    def element(self, kind: str, parent: Any, **more: Any) -> Any:
        import pikepdf

        made = pikepdf.Dictionary(
            Type=pikepdf.Name.StructElem, S=pikepdf.Name("/" + kind), P=parent, K=pikepdf.Array(), **more
        )
        element = self.whole.make_indirect(made)
        parent.K.append(element)
        return element


def join(whole: pikepdf.Pdf, parts: Sequence[Part], *, title: str, lang: str, author: str = "") -> None:
    """Give the whole the structure of its parts, its language and title, and say that it has them."""
    import pikepdf

    root = whole.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array()))
    tree = _Tree(whole)
    document = tree.element("Document", root)
    for part in parts:
        section = tree.element("Sect", document, T=pikepdf.String(part.title))
        pages = range(part.first, part.first + part.count)
        if part.source is None or not _graft(tree, section, part.source, pages):
            for no, place in enumerate(pages, 1):
                _figure(tree, section, place, part.describe(no))
        if not len(section.K):
            document.K = pikepdf.Array([one for one in document.K if one.objgen != section.objgen])
    numbers = pikepdf.Array()
    for place in range(len(whole.pages)):
        owned = tree.owners.get(place, {})
        whole.pages[place].obj.StructParents = place
        numbers.append(place)
        last = max(owned, default=-1)
        numbers.append(whole.make_indirect(pikepdf.Array([owned.get(mcid) for mcid in range(last + 1)])))
    root.ParentTree = whole.make_indirect(pikepdf.Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(whole.pages)
    whole.Root.StructTreeRoot = root
    whole.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
    whole.Root.Lang = pikepdf.String(lang)
    whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    _named(whole, title, author)


def _named(whole: pikepdf.Pdf, title: str, author: str) -> None:
    from xml.sax.saxutils import escape

    import pikepdf

    dc = f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
    if author:
        dc += f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>"
    packet = (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        + dc.encode()
        + b"</rdf:Description>"
        + accessible.CLAIM
        + b'</rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    )
    whole.Root.Metadata = pikepdf.Stream(whole, packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    whole.docinfo["/Title"] = pikepdf.String(title)
    if author:
        whole.docinfo["/Author"] = pikepdf.String(author)
    whole.docinfo["/Producer"] = pikepdf.String("disclosure")


def _graft(tree: _Tree, section: Any, source: pikepdf.Pdf, pages: range) -> bool:
    """Build the source's structure below the section; False if it has none that says anything of its
    pages.
    """
    root = source.Root.get("/StructTreeRoot")
    if root is None or len(source.pages) != len(pages):
        return False
    places = {
        page.objgen: place for page, place in zip((one.obj for one in source.pages), pages, strict=True)
    }
    graft = _Graft(tree, places, root.get("/RoleMap"), f"{pages.start}-")
    for kid in _listed(root.get("/K")):
        graft.put(kid, section, None, 0)
    return any(place in tree.owners for place in pages)


def _listed(kids: Any) -> list[Any]:
    import pikepdf

    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


@dataclass
class _Graft:
    tree: _Tree
    places: dict[tuple[int, int], int]
    roles: Any
    prefix: str
    seen: set[tuple[int, int]] = field(default_factory=set)

    def put(self, kid: Any, parent: Any, page: int | None, deep: int) -> None:
        """One kid of an element, copied below its new parent; page is the place of the page that it
        inherits.
        """
        import pikepdf

        if isinstance(kid, int):
            self._mark(kid, parent, page)
            return
        if not isinstance(kid, pikepdf.Dictionary) or deep > _DEEP:
            return
        own = kid.get("/Pg")
        if own is not None:
            page = self.places.get(own.objgen)
        if "/S" not in kid:
            # Content of a page other than the element's; what refers to an annotation is left out, as those
            # are.
            if isinstance(kid.get("/MCID"), int) and "/Stm" not in kid:
                self._mark(int(kid.MCID), parent, page, apart=True)
            return
        if kid.objgen != (0, 0):
            if kid.objgen in self.seen:
                return
            self.seen.add(kid.objgen)
        role = self._role(str(kid.S)[1:])
        if role == "Document":
            made = parent
        else:
            made = self.tree.element(role, parent, **self._said(kid))
            if page is not None:
                made.Pg = self.tree.whole.pages[page].obj
        for inner in _listed(kid.get("/K")):
            self.put(inner, made, page, deep + 1)

    def _mark(self, mcid: int, parent: Any, page: int | None, *, apart: bool = False) -> None:
        import pikepdf

        if page is None or not 0 <= mcid < 1_000_000:
            return
        owned = self.tree.owners.setdefault(page, {})
        if mcid in owned:
            return
        owned[mcid] = parent
        here = self.tree.whole.pages[page].obj
        if apart or "/Pg" not in parent or parent.Pg.objgen != here.objgen:
            parent.K.append(pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=here, MCID=mcid))
        else:
            parent.K.append(mcid)

    def _role(self, kind: str) -> str:
        for _ in range(5):
            mapped = self.roles.get("/" + kind) if self.roles is not None and kind not in STANDARD else None
            if mapped is None:
                break
            kind = str(mapped)[1:]
        return kind if kind in STANDARD else "NonStruct"

    def _said(self, kid: Any) -> dict[str, Any]:
        """What an element says of itself: other texts, language, attributes; names of cells made unlike
        others'.
        """
        import pikepdf

        made: dict[str, Any] = {
            name: pikepdf.String(str(kid[f"/{name}"])) for name in _KEPT if f"/{name}" in kid
        }
        if "/ID" in kid:
            made["ID"] = pikepdf.String(self.prefix + str(kid.ID))
        attributes = [
            self._plain(one, 0) for one in _listed(kid.get("/A")) if isinstance(one, pikepdf.Dictionary)
        ]
        for one in attributes:
            if "/Headers" in one:
                one.Headers = pikepdf.Array([pikepdf.String(self.prefix + str(name)) for name in one.Headers])
        if attributes:
            made["A"] = attributes[0] if len(attributes) == 1 else pikepdf.Array(attributes)
        return made

    def _plain(self, value: Any, deep: int) -> Any:
        """A copy of an attribute: numbers, names, texts, and lists of them."""
        import pikepdf

        if deep > 4:
            return None
        if isinstance(value, pikepdf.Dictionary):
            return pikepdf.Dictionary({key: self._plain(inner, deep + 1) for key, inner in value.items()})
        if isinstance(value, pikepdf.Array):
            return pikepdf.Array([self._plain(inner, deep + 1) for inner in value])
        if isinstance(value, pikepdf.Name):
            return pikepdf.Name(str(value))
        if isinstance(value, pikepdf.String):
            return pikepdf.String(str(value))
        return value


def _figure(tree: _Tree, section: Any, place: int, words: str) -> None:
    """A page without structure, as one figure that is described in words."""
    import pikepdf

    page = tree.whole.pages[place]
    if "/Contents" not in page.obj:
        return
    content, count = marked_content.as_figure(page)
    figure = tree.element(
        "Figure",
        section,
        Alt=pikepdf.String(words),
        Pg=page.obj,
        A=pikepdf.Dictionary(
            O=pikepdf.Name.Layout,
            BBox=pikepdf.Array([float(edge) for edge in page.mediabox]),
            Placement=pikepdf.Name.Block,
        ),
    )
    for mcid in range(count):
        figure.K.append(mcid)
        tree.owners.setdefault(place, {})[mcid] = figure
    page.obj.Contents = tree.whole.make_stream(content)
