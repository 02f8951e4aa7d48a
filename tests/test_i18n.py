"""Messages: the project's own look into a compiled catalogue finds what the library's reader finds."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from workflow import i18n

PO = Path(i18n.LOCALE_DIR) / "zh_CN" / "LC_MESSAGES" / "disclosure.po"


def test_every_message_is_found_where_it_lies() -> None:
    with PO.open("rb") as source:
        catalogue = read_po(source)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    theirs = gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))
    ours = i18n.Catalogue(compiled.getvalue())
    messages = [str(message.id) for message in catalogue if message.id]
    assert len(messages) > 500
    for message in messages:
        assert ours.text(message) == theirs.gettext(message)


@pytest.mark.parametrize("compiled", [b"", b"no catalogue"])
def test_without_a_catalogue_a_message_is_itself(compiled: bytes) -> None:
    assert i18n.Catalogue(compiled).text("Stopped.") == "Stopped."


def test_a_message_that_is_not_there_is_itself() -> None:
    assert i18n.translate("no such {thing}", thing="message") == "no such message"
