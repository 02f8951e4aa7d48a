"""The schema's history. `upgrade` brings a database to the newest revision, on SQLite and PostgreSQL
alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def config(connection: Any) -> Any:
    """An Alembic configuration that works from an installed package, on an open connection."""
    from alembic.config import Config

    made = Config()
    # Alembic reads '%' as an interpolation, and a path may hold one.
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Any, revision: str = "head") -> None:
    """Bring the database behind this connection to a revision; the caller commits."""
    from alembic import command

    command.upgrade(config(connection), revision)


def head() -> str:
    """The newest revision that the package holds."""
    from alembic.script import ScriptDirectory

    newest = ScriptDirectory.from_config(config(None)).get_current_head()
    assert newest is not None
    return newest
