"""Where the database is: its URL, and the folder beside it."""

from __future__ import annotations

from pathlib import Path

from workflow.base import caller, variables
from workflow.base.errors import Environment, Refused
from workflow.base.messages import N_
from workflow.base.places import home


def url(given: str | None = None) -> str:
    """The database URL: as given, else DISCLOSURE_DATABASE_URL, else SQLite in the data folder."""
    if given and caller.vouched():
        raise Refused(
            N_("The service works on its own database; another one cannot be named."),
            rule="house:binding",
            field="db",
            way_on=N_("Leave out --db, or run the command without the service: DISCLOSURE_SERVICE=off"),
        )
    chosen = given or variables.given("DISCLOSURE_DATABASE_URL")
    if not chosen:
        return f"sqlite:///{home() / 'disclosure.db'}"
    if "://" not in chosen:
        return f"sqlite:///{Path(chosen).expanduser().absolute()}"
    for short in ("postgresql://", "postgres://"):
        if chosen.startswith(short):
            return "postgresql+psycopg://" + chosen.removeprefix(short)
    return chosen


def sqlite_path(database_url: str) -> Path | None:
    """The file of an SQLite URL; None for another database."""
    if not database_url.startswith("sqlite"):
        return None
    name = database_url.partition("///")[2]
    if name in ("", ":memory:"):
        raise Environment(
            N_("The database URL {place} names no file."),
            place=database_url,
            way_on=N_("Write it as sqlite:////folder/disclosure.db, or give the file alone."),
        )
    return Path(name)


def beside(database_url: str) -> Path:
    """The folder for what lies beside the database (keys, files): the database's own, else the data
    folder.
    """
    path = sqlite_path(database_url)
    return path.parent if path else home()
