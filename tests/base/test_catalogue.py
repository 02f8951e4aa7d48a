"""Messages looked up in the compiled catalogue, against the library's reader of the same file."""

from __future__ import annotations

import gettext
import io
import random
import struct

import pytest

from scripts import catalogues
from workflow.base.catalogue import Catalogue


@pytest.mark.parametrize("count", [0, 1, 2, 3, 64, 1001])
def test_every_message_is_found_and_nothing_else(count: int) -> None:
    some = random.Random(count)
    messages = {"".join(some.choices("ab n中\U00020000", k=12)) + str(n): f"译{n}" for n in range(count)}
    raw = catalogues.binary({"": "Content-Type: text/plain; charset=UTF-8\n", **messages})
    read, whole = Catalogue(raw), gettext.GNUTranslations(io.BytesIO(raw))
    for message in [*messages, *messages, "a", "zz", "\ud800", *(f"{one}x" for one in messages)]:
        assert read.gettext(message) == messages.get(message, message)
        if message != "\ud800":
            assert read.gettext(message) == whole.gettext(message)


def test_without_a_file_messages_stay_as_they_are() -> None:
    assert Catalogue().gettext("number") == "number"


@pytest.mark.parametrize("raw", [b"x", b"x" * 40, struct.pack("<5I", 0x950412DE, 0, 9, 20, 20)])
def test_another_file_is_none(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no catalogue"):
        Catalogue(raw)
