"""The volume: one PDF of cover, catalogue, all pieces with their pages numbered, and the last page."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from letters.pdf import archive_pages, structure
from workflow.archive.pieces import Piece, table, word

if TYPE_CHECKING:
    import pypdf

# A4 in points, with the margin in which an image is set.
A4 = (595.28, 841.89)
MARGIN = 40
IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp")
# An image with more pixels than this is damaged or hostile, and is not decoded.
MOST_PIXELS = 100_000_000
# A piece of more pages than this stays a file of its own.
MOST_PAGES = 3000


@dataclass
class Bound:
    """A piece as it stands in the volume: its pages, from which number on; none for what is kept apart."""

    piece: Piece
    file: str
    pages: list[Any]
    start: int = 0
    data: bytes = b""

    @property
    def span(self) -> str:
        """Its page number in the catalogue."""
        if not self.pages:
            return ""
        last = self.start + len(self.pages) - 1
        return str(self.start) if last == self.start else f"{self.start}-{last}"


def bind(pieces: list[tuple[Piece, str, bytes | None]]) -> list[Bound]:
    """The pieces (with their file names and bytes) as pages, numbered through."""
    made, number = [], 1
    for piece, file, data in pieces:
        bound = Bound(piece, file, pages_of(piece, data) if data is not None else [], number, data or b"")
        number += len(bound.pages)
        if data is None:
            piece.remark = piece.remark or word("lost")
        elif not bound.pages:
            piece.remark = word("apart")
        made.append(bound)
    return made


def catalogue(bound: list[Bound]) -> list[list[str]]:
    """The rows of the catalogue, in the order of its columns."""
    return [
        [
            str(no),
            one.piece.number,
            one.piece.responsible,
            one.piece.title,
            one.piece.on.isoformat(),
            one.span,
            one.piece.remark,
        ]
        for no, one in enumerate(bound, 1)
    ]


def pdf(cover: dict[str, Any], listed: dict[str, Any], bound: list[Bound], end: dict[str, Any]) -> bytes:
    """The volume; the same pieces give the same bytes."""
    import pypdf

    writer = pypdf.PdfWriter()
    parts: list[tuple[str, int, int, bytes]] = []

    def append(title: str, pages: Iterable[Any], data: bytes) -> None:
        first = len(writer.pages)
        for page in pages:
            writer.add_page(page)
        parts.append((title, first, len(writer.pages) - first, data))

    for title, made in (
        (table()["cover"]["title"], archive_pages.cover(cover)),
        (word("catalogue"), archive_pages.pdf(listed)),
    ):
        append(title, _pages(made), made)
    front = len(writer.pages)
    for one in bound:
        if one.pages:
            append(_title(one.piece), one.pages, one.data)
    _number(writer, front)
    last = archive_pages.pdf(end)
    append(word("end"), _pages(last), last)
    for page in writer.pages:
        # A volume has no active content: no scripts, no links to missing targets.
        for name in ("/Annots", "/AA", "/StructParents"):
            page.pop(name, None)
    for title, first, count, _ in parts[:-1]:
        if count:
            writer.add_outline_item(title=title, page_number=first)
    out = io.BytesIO()
    writer.write(out)
    return _accessible(out.getvalue(), parts, front, cover)


def _title(piece: Piece) -> str:
    return " ".join(filter(None, (piece.title, piece.number)))


def _accessible(
    data: bytes, parts: list[tuple[str, int, int, bytes]], front: int, cover: dict[str, Any]
) -> bytes:
    """The bound pages with the structure of what they come from, language, title, and numbers as they are
    printed.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as whole:
        made = [
            structure.Part(title, first, count, _opened(source), f"{title}，{word('scan')}".format)
            for title, first, count, source in parts
        ]
        structure.join(whole, made, title=cover["case_title"], lang=cover["lang"], author=cover["organ"])
        number, ending = parts[-1][1], pikepdf.Dictionary(P=pikepdf.String(word("end")))
        labels: list[Any] = [0, pikepdf.Dictionary(S=pikepdf.Name.r)]
        if number > front:
            labels += [front, pikepdf.Dictionary(S=pikepdf.Name.D, St=1)]
        whole.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([*labels, number, ending]))
        out = io.BytesIO()
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _opened(data: bytes) -> Any:
    """A piece as a document, for its structure; None where it is an image or cannot be read."""
    import pikepdf

    try:
        return pikepdf.open(io.BytesIO(data)) if data[:5] == b"%PDF-" else None
    except pikepdf.PdfError:
        return None


def _number(writer: pypdf.PdfWriter, front: int) -> None:
    """Stamp the pages of the pieces at their upper right corner."""
    stamped = writer.pages[front:]
    if not stamped:
        return
    sizes = []
    for page in stamped:
        if page.rotation:
            page.transfer_rotation_to_content()
        box = page.mediabox
        sizes.append((round(float(box.width), 2), round(float(box.height), 2)))
    for page, stamp in zip(stamped, _pages(archive_pages.numbers(sizes, 1)), strict=True):
        stamp.pop("/Annots", None)
        box = page.mediabox
        page.merge_translated_page(stamp, float(box.left), float(box.bottom), over=True)


def pages_of(piece: Piece, data: bytes) -> list[Any]:
    """The pages of a piece: of a PDF its own, of an image one each; none for what cannot be shown on a
    page.
    """
    suffix = piece.name[piece.name.rfind(".") :].lower() if "." in piece.name else ""
    if data[:5] == b"%PDF-":
        return _pages(data)
    return _pages(_image(data)) if suffix in IMAGES else []


def _pages(data: bytes) -> list[Any]:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(_singly(data)))
        if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
            return []
        pages = list(reader.pages)
        for page in pages:
            # Read every page now: merging would not notice damage.
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()
            _ = page.mediabox.width
    # PDFs from outside fail in every way; such a one is kept apart.
    except Exception:  # noqa: BLE001
        return []
    return pages


def _singly(data: bytes) -> bytes:
    """The same document with each object by itself, where it is sound and not encrypted. Of objects that are
    packed together pypdf reads all for the sake of one, and packed with a page is the structure of all pages:
    that took as long as to set them.
    """
    import pikepdf

    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as whole:
            if whole.is_encrypted or whole.get_warnings():
                return data
            whole.save(
                out,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
    # What is wrong with a PDF from outside, who reads its pages says.
    except Exception:  # noqa: BLE001
        return data
    return out.getvalue()


def _image(data: bytes) -> bytes:
    """An image (or each of its frames) on A4, upright, as large as fits; nothing if it is none."""
    from PIL import Image, ImageOps, ImageSequence

    frames = []
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                return b""
            for frame in ImageSequence.Iterator(image):
                upright = ImageOps.exif_transpose(frame.copy())
                flat = Image.new("RGB", upright.size, "white")
                seen = upright.convert("RGBA")
                flat.paste(seen, mask=seen.getchannel("A"))
                frames.append(flat)
                if len(frames) >= MOST_PAGES:
                    break
    except Exception:  # noqa: BLE001  # as above: a file that calls itself an image
        return b""
    return _on_a4(frames)


def _on_a4(frames: list[Any]) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter()
    for frame in frames:
        resolution = 72 * max(frame.width / (A4[0] - 2 * MARGIN), frame.height / (A4[1] - 2 * MARGIN))
        raw = io.BytesIO()
        # No creation time: the same image gives the same bytes.
        frame.save(raw, "PDF", resolution=resolution, creationDate=None, modDate=None)
        (drawn,) = pypdf.PdfReader(raw).pages
        page = writer.add_blank_page(*A4)
        left = (A4[0] - float(drawn.mediabox.width)) / 2
        bottom = (A4[1] - float(drawn.mediabox.height)) / 2
        page.merge_translated_page(drawn, left, bottom)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
