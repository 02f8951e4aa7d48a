"""WeasyPrint under restrictions: our fonts only, no file access, every warning an error, the same bytes each
time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from letters.fonts import faces, fontconfig, subset
from letters.pdf import accessible, libraries, sparing
from workflow.base.errors import Environment, Malformed, Refused
from workflow.base.messages import N_
from workflow.base.patterns import later

VARIANT = "pdf/a-3u"
# Fonts, their configuration and the logger are global to the process: only one thread typesets at a time.
_ONE_AT_A_TIME = threading.Lock()
_MISSING = later(r"\.notdef glyph rendered for Unicode string")


@cache
def _weasyprint() -> Any:
    try:
        with libraries.by_file_name():
            import weasyprint
    except OSError as fault:  # Pango or HarfBuzz is not there
        raise Environment(
            N_("The libraries that set letters are missing: {detail}"),
            detail=str(fault).splitlines()[0],
            way_on=N_("Run: sh scripts/fonts.sh"),
        ) from None
    return weasyprint


@cache
def _nothing() -> Any:
    """A fetcher that fetches nothing: a letter needs no file and no address."""
    return _weasyprint().urls.URLFetcher(allowed_protocols=())


@cache
def _setting() -> tuple[Any, dict[str, Any]]:
    """The fonts of this process, loaded once, and the style sheets made with them."""
    from weasyprint.text.fonts import FontConfiguration

    with fontconfig.only_these():
        return FontConfiguration(), {}


def _style(css: str) -> tuple[Any, Any]:
    configuration, sheets = _setting()
    if css not in sheets:
        sheets[css] = _weasyprint().CSS(string=css, font_config=configuration, url_fetcher=_nothing())
    return sheets[css], configuration


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def _watched() -> Iterator[list[logging.LogRecord]]:
    """Collect what WeasyPrint warns of, instead of printing it; its logger is left as it was."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    before, spread = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [collector], False
    try:
        yield collector.records
    finally:
        logger.handlers, logger.propagate = before, spread


def _refuse_warnings(records: list[logging.LogRecord]) -> None:
    missing = {}
    for record in records:
        if _MISSING.match(str(record.msg)) and isinstance(record.args, tuple) and len(record.args) == 2:
            missing[int(str(record.args[1]))] = str(record.args[0])
    if missing:
        raise Refused(
            N_("No face has the character {characters}: the letter would go out with a blank."),
            field="fonts",
            characters="、".join(f"{char} (U+{code:04X})" for code, char in sorted(missing.items())),
            way_on=N_(
                "Install a face that has it, or write the name another way with the applicant's consent."
            ),
        )
    if records:
        raise Malformed(
            N_("The letter cannot be set: {detail}"), field="letter", detail=records[0].getMessage()[:300]
        )


def _refuse_faces(document: Any) -> None:
    """Refused when a face was used that is not one of the letters' own."""
    strange = sorted({font.family for font in document.fonts.values()} - faces.allowed())
    if strange:
        raise Refused(
            N_("The letter was set in a face that is not allowed: {faces}."),
            field="fonts",
            faces=", ".join(strange),
            way_on=N_("Run: disclosure doctor"),
        )


def _refuse_unembedded(pdf: Any) -> None:
    """Refused when a face is named in the PDF and is not in it: elsewhere another would be shown in its
    place.
    """
    for entry in pdf.objects:
        if not isinstance(entry, dict) or entry.get("Type") != "/FontDescriptor":
            continue
        if not any(name in entry for name in ("FontFile", "FontFile2", "FontFile3")):
            name = entry.get("FontName", b"?")
            shown = name.decode("ascii", "replace") if isinstance(name, bytes) else str(name)
            raise Refused(
                N_("The face {face} could not be embedded in the letter."),
                field="fonts",
                face=shown,
                way_on=N_("Install a face that may be embedded (disclosure doctor)."),
            )


def write(page: str, css: str, *, attachment: bytes, created: str) -> bytes:
    """The page as a tagged PDF/A-3u with one attached file; created is the letter's date (ISO).

    Refused for a character without a face or a strange face, Malformed for anything else that WeasyPrint
    warns of.
    """
    weasyprint = _weasyprint()
    day = datetime.fromisoformat(created)
    attached = weasyprint.Attachment(
        string=attachment,
        name="decision.json",
        description="decision data",
        created=day,
        modified=day,
        relationship="Data",
        url_fetcher=_nothing(),
    )

    def finish(document: Any, pdf: Any) -> None:
        _refuse_faces(document)
        _slim(document, pdf)
        _refuse_unembedded(pdf)
        _tidy(pdf)
        accessible.finish(document, pdf)
        _put_in_bytes(pdf)

    with _ONE_AT_A_TIME, _watched() as records:
        sheet, configuration = _style(css)
        html = sparing.page_class(weasyprint.HTML)
        written: bytes = html(string=page, url_fetcher=_nothing()).write_pdf(
            stylesheets=[sheet],
            font_config=configuration,
            pdf_variant=VARIANT,
            pdf_tags=True,
            attachments=[attached],
            finisher=finish,
        )
    _refuse_warnings(records)
    return written


def _tidy(pdf: Any) -> None:
    """Each attachment named once in the catalogue (WeasyPrint names it twice)."""
    listed = pdf.catalog.get("AF")
    if listed:
        listed[:] = list(dict.fromkeys(listed))


def _put_in_bytes(pdf: Any) -> None:
    """Every object as the bytes that it comes to: pydyf makes them for the file, and all of them again for
    its identifier.
    """
    for place, entry in enumerate(pdf.objects):
        if entry.free == "n":
            pdf.objects[place] = _in_bytes()(entry)


@cache
def _in_bytes() -> Any:
    import pydyf

    class InBytes(pydyf.Object):  # type: ignore[misc]
        """An object of a PDF of which nothing changes any more."""

        data = b""
        compressible = False

        def __init__(self, entry: Any) -> None:
            super().__init__()
            self.number, self.generation = entry.number, entry.generation
            self.data, self.compressible = entry.data, entry.compressible

    return InBytes


def _slim(document: Any, pdf: Any) -> None:
    """The embedded faces written small (subset.py)."""
    used: dict[bytes, set[int]] = {}
    for font in document.fonts.values():
        used.setdefault(font.name, set()).update(font.to_unicode)
    streams = {entry.reference: entry for entry in pdf.objects if getattr(entry, "stream", None) is not None}
    for entry in pdf.objects:
        if not isinstance(entry, dict) or "FontFile3" not in entry:
            continue
        stream = streams[entry["FontFile3"]]
        try:
            small = subset.compact(stream.stream[0], used[entry["FontName"]])
        except subset.Unreadable:
            continue
        stream.stream[:] = [small]
        stream.extra["Subtype"] = "/CIDFontType0C"
