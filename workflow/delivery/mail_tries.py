"""Whether somebody is still at the try of a message: this process by what it knows itself, another process of
this machine by its number, one of another machine by its patience.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from workflow.office.mail_settings import MailSettings

# A process on another machine that began a try so many times its own patience ago will not end it any more.
PATIENCE = 20
# The tries that this process is at, by database and message.
_OURS: set[tuple[str, int]] = set()


@contextmanager
def trying(database: str, message: int) -> Iterator[None]:
    """While this process is at the try of a message. Whatever ends it (the database goes away before the end
    is recorded): afterwards nobody is at it, although the process lives on."""
    _OURS.add((database, message))
    try:
        yield
    finally:
        _OURS.discard((database, message))


def at_it(database: str, row: Any, settings: MailSettings, now: datetime) -> bool:
    """Whether the process that began the try of a row of `mail` may still be at it."""
    if row.host == socket.gethostname():
        if int(row.pid) == os.getpid():
            return (database, row.id) in _OURS
        try:
            os.kill(int(row.pid), 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
    begun = datetime.fromisoformat(row.started_at)
    return now.astimezone(UTC) - begun < timedelta(seconds=PATIENCE * settings.timeout)
