"""The variables of the environment that the program reads; docs/operations.md tells of each.

`workflow.service.client` reads its own (it imports nothing, so that it starts at once), under the same names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

# What each names, and what holds where it is not set.
VARIABLES = {
    "DISCLOSURE_ARCHIVE": "folder of the archive folders of filed cases; else beside the data",
    "DISCLOSURE_BACKUP_PASSPHRASE": "passphrase of a set of backups; else it is asked for",
    "DISCLOSURE_CALENDAR": "folder of imported notices on days off; else in the data folder",
    "DISCLOSURE_DATABASE_URL": "the database; else SQLite in the data folder",
    "DISCLOSURE_DEBUG": "if set, a fault of the program shows its traceback",
    "DISCLOSURE_EVIDENCE_KEY": "the key that signs checkpoints; else in the data folder",
    "DISCLOSURE_FILES": "folder of attachments and letters; else beside the database",
    "DISCLOSURE_FONTS": "the office's own table of typefaces; else the project's",
    "DISCLOSURE_HOME": "the data folder; else disclosure/ in the user's data folder",
    "DISCLOSURE_KEY_FILE": "the key file; else in the data folder",
    "DISCLOSURE_LANG": "zh_CN or en; else the language of the surroundings",
    "DISCLOSURE_LETTERS": "folder for copies of letters; else beside the data",
    "DISCLOSURE_OFFICE": "the office, where an officer's key is in several",
    "DISCLOSURE_OFFICER": "who acts; else the officer with the login name of the user",
    "DISCLOSURE_PLAIN": "1: plain output without colours and lines",
    "DISCLOSURE_SERVICE": "off: commands run without the resident service",
    "DISCLOSURE_SIGN_PASSPHRASE": "passphrase of the PKCS#12 key; else it is asked for",
    "DISCLOSURE_WEB_QUIET": "hours in China at which no text message is sent; else 21-8",
    "DISCLOSURE_WEB_SMS": "the gateway for text messages: a command, or https://…",
    "DISCLOSURE_WEB_OUTER": "where the outer side of the public counter is: https://… or its database",
    "DISCLOSURE_WEB_KEY": "the keys of the public counter; else beside the database",
}

_aside: frozenset[str] = frozenset()


@contextmanager
def set_aside(*names: str) -> Iterator[None]:
    """Within the block these count as not set: what they name is not used by a place of its own."""
    global _aside
    before, _aside = _aside, _aside.union(names)
    try:
        yield
    finally:
        _aside = before


def given(name: str) -> str | None:
    """The value of a variable, None where it is not set; LookupError for one that is not listed above."""
    if name not in VARIABLES:
        raise LookupError(f"{name} is not listed in workflow/base/variables.py")
    return None if name in _aside else os.environ.get(name)
