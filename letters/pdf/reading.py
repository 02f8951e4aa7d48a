"""Reading a PDF that somebody hands in: its text, the data attached to it, what it says of itself."""

from __future__ import annotations

import io
import json
from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_

DATA = "decision.json"


def text_of(pdf: bytes) -> str:
    """All text, page after page. Malformed if it is no PDF."""
    return "\n".join(page.extract_text() for page in _reader(pdf).pages)


def data_of(pdf: bytes) -> dict[str, Any]:
    """The decision's data attached to one of our letters; empty for a PDF without it. Malformed if it is no
    PDF.
    """
    try:
        found = _reader(pdf).attachments.get(DATA) or []
        plain = json.loads(found[0]) if found else {}
    except Malformed:
        raise
    except Exception:  # noqa: BLE001  # a PDF that was tampered with may break the reader anywhere
        return {}
    return plain if isinstance(plain, dict) else {}


def title_of(pdf: bytes) -> tuple[str, str]:
    """Title and subject (number and kind) that the PDF gives itself."""
    try:
        told = _reader(pdf).metadata
    except Malformed:
        raise
    except Exception:  # noqa: BLE001  # as above
        return "", ""
    return (str(told.title or ""), str(told.subject or "")) if told else ("", "")


def _reader(pdf: bytes) -> Any:
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        _ = len(reader.pages)
    # Whatever exception a broken file causes in the reader, it is no PDF to us.
    except Exception as fault:  # noqa: BLE001
        raise Malformed(
            N_("This is not a PDF that can be read: {detail}"), field="file", detail=str(fault)[:120]
        ) from None
    return reader
