"""The answer to a tab: what may stand where the cursor is.

Nothing is imported here that a tab does not need; a fault of any kind is no answer, and never a word on the
officer's screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from workflow.base import messages, variables
from workflow.commands.completing import finders, matching, parsing, shells, tree
from workflow.commands.completing.matching import Offer, Value
from workflow.commands.completing.parsing import Asked
from workflow.upkeep import completion
from workflow.upkeep.completion import Who

# Where a word ends so, more of it follows at once.
OPEN = ("=", "＝", ":")
LIST_VALUE = "list_value"
MEANT = ("list_column", LIST_VALUE)
VARIABLE = "_DISCLOSURE_COMPLETE"
FILES = "files"


def main(login: str | None = None, *, bound: bool = False) -> int:
    """Answer a shell that asks by the environment (`_DISCLOSURE_COMPLETE`), on standard output; exit status.

    `login` is that of the caller, by default the user of this process; `bound` where the service vouches for
    it.
    """
    # The service has spoken another language before.
    messages.use(None)
    shell, _, what = os.environ.get(VARIABLE, "").partition("_")
    if shell not in shells.SHELLS:
        return 1
    if what == "source":
        sys.stdout.write(shells.script(shell))
        return 0
    try:
        words = shells.words(shell)
        said = shells.answer(shell, *found(words[1:], login=login, bound=bound))
    except Exception:
        if variables.given("DISCLOSURE_DEBUG"):
            raise
        return 1
    sys.stdout.write(said)
    sys.stdout.flush()
    return 0


def found(words: list[str], *, login: str | None = None, bound: bool = False) -> tuple[str, list[Offer]]:
    """What may stand in the place of the last of these words of a command line: how the shell goes on
    ("values", "open" where more follows at once, "files"), and what it offers.
    """
    known = tree.read()
    asked = parsing.asked(known["tree"], words)
    chinese = (messages.normalise(asked.given.get("lang")) or messages.language()) == messages.LANGUAGES[0]
    if asked.what == parsing.COMMANDS:
        return "values", _commands(asked, chinese=chinese)
    if asked.what == parsing.OPTIONS:
        return "values", _options(asked, chinese=chinese)
    if asked.what != parsing.VALUE or not asked.kind:
        return "values", []
    if asked.kind == FILES.rstrip("s"):
        return FILES, []
    several, done = asked.kind.startswith(parsing.SEVERAL), list[str]()
    if several:
        asked, done = parsing.last_of_several(asked)
    offers = _values(asked, known, chinese=chinese, login=login, bound=bound)
    offers = [one for one in offers if one.text not in done]
    made = [
        Offer(asked.head + one.text, one.about, asked.head + one.sound if one.sound else "") for one in offers
    ]
    more = several or (made and all(one.text.endswith(OPEN) for one in made))
    return ("open" if more else "values"), made


def _commands(asked: Asked, *, chinese: bool) -> list[Offer]:
    node, place = asked.node, 0 if chinese else 1
    values = []
    for name, one in node["commands"].items():
        called, sounds = node["first"].get(name, ("", ""))
        values.append(Value(name, called, "", sounds, one["help"][place]))
    made = matching.offers(values, asked.typed, chinese=chinese, spoken=True)
    if made or asked.typed.isascii():
        return made
    return [
        Offer(name, f"{said}  {node['commands'][said]['help'][place]}")
        for name, said in node["names"].items()
        if name.startswith(asked.typed)
    ]


def _options(asked: Asked, *, chinese: bool) -> list[Offer]:
    options = asked.node["options"]
    done = {options[word][0] for word in asked.used if not options[word][4]}
    return [
        Offer(word, about[0 if chinese else 1])
        for word, (name, _count, _kind, about, _many) in options.items()
        if word.startswith(asked.typed)
        and name not in done
        and (word.startswith("--") or asked.typed == word)
    ]


def _values(
    asked: Asked, known: dict[str, Any], *, chinese: bool, login: str | None, bound: bool
) -> list[Offer]:
    kind = asked.kind
    if kind == "where":
        return _where(asked, known, chinese=chinese, login=login, bound=bound)
    if kind in MEANT:
        return _meant(asked, known, chinese=chinese)
    if kind == "setting_value":
        kind = f"setting:{asked.given.get('name', '')}"
    if kind == "amended":
        kind = known["amended"].get(asked.given.get("field", ""), "")
    if kind in known["values"] or kind.startswith("codes:"):
        return _listed(asked, known, kind, chinese=chinese)
    if kind in ("day", "month"):
        from workflow.commands.completing import near_days

        found = near_days.days(asked.typed, chinese=chinese)
        return found if kind == "day" else near_days.months(asked.typed)
    if kind not in finders.FINDERS:
        return []
    return _of_office(asked, known, kind, chinese=chinese, login=login, bound=bound)


def _listed(asked: Asked, known: dict[str, Any], kind: str, *, chinese: bool) -> list[Offer]:
    """Values that stand in tables, or are all that the command names."""
    form, _, codes = kind.partition(":")
    rows = finders.rows(known, kind) or finders.rows(known, f"choice:{codes}")
    values = [Value(*row) for row in rows] if rows else [Value(code) for code in codes.split("|")]
    spoken = kind in known["spoken"] or form in ("choice", "setting")
    return matching.offers(values, asked.typed, chinese=chinese, spoken=spoken)


def _of_office(
    asked: Asked, known: dict[str, Any], kind: str, *, chinese: bool, login: str | None, bound: bool
) -> list[Offer]:
    """Values that the database has: cases, officers, units and others."""
    given = asked.given
    who = Who(
        given.get("officer") or variables.given("DISCLOSURE_OFFICER"),
        given.get("office") or variables.given("DISCLOSURE_OFFICE"),
        login if login is not None else _login(),
        bound,
    )
    with _asking(None if bound else given.get("db"), known["schema"]) as ask:
        view = completion.opened(ask, who, known["sees"]) if ask else None
        if view is None:
            return []
        rows = finders.FINDERS[kind](view, asked, known, 0 if chinese else 1)
    if kind.startswith("case"):
        return [Offer(number, about) for number, about, _name in rows]
    values = [Value(code, name, name, "", about) for code, about, name in rows]
    return matching.offers(
        values, asked.typed, chinese=chinese, spoken=kind in known["spoken"], spell=_spelled
    )


def _where(
    asked: Asked, known: dict[str, Any], *, chinese: bool, login: str | None, bound: bool
) -> list[Offer]:
    """A filter: its name, and what it may be."""
    values = [Value(*row) for row in finders.rows(known, "where")]
    name, sign, typed = asked.typed.partition("=")
    if not sign:
        return matching.offers(values, asked.typed, chinese=chinese, spoken=True)
    key = next((one.code for one in values if f"{name}=" in (one.code, one.zh)), "")
    kind = finders.WHERE.get(key, "")
    if not kind:
        return []
    inner = asked._replace(typed=typed, kind=kind)
    found = _values(inner, known, chinese=chinese, login=login, bound=bound)
    return [
        one._replace(text=f"{name}={one.text}", sound=one.sound and f"{name}={one.sound}") for one in found
    ]


def _meant(asked: Asked, known: dict[str, Any], *, chinese: bool) -> list[Offer]:
    """What a column or a value of a list means: NAME=KEY, or KIND:NAME=KEY. The name stands in the list."""
    name, sign, typed = asked.typed.rpartition("=")
    which, _colon, _word = name.partition(":")
    kind = asked.kind + (f":{which}" if asked.kind == LIST_VALUE else "")
    if not sign:
        kinds = [kind for kind in known["values"] if kind.startswith(f"{LIST_VALUE}:")]
        heads = [f"{kind.partition(':')[2]}:" for kind in kinds] if asked.kind == LIST_VALUE else []
        return [Offer(head) for head in heads if head.startswith(asked.typed)]
    values = [Value(*row) for row in finders.rows(known, kind)]
    found = matching.offers(values, typed, chinese=chinese, spoken=False)
    return [one._replace(text=f"{name}={one.text}", sound="") for one in found]


@contextmanager
def _asking(database: str | None, schema: str) -> Iterator[completion.Ask | None]:
    """Rows of the database that is meant; None where there is none, or none of this program's form."""
    path = finders.file(database)
    if path is None:
        from sqlalchemy import text

        from workflow.storage.database import Store

        store = Store(database)
        try:
            with store.reading() as connection:
                yield lambda query, **given: list(map(tuple, connection.execute(text(query), given)))
        finally:
            store.close()
        return
    if not os.path.exists(path):
        yield None
        return
    import sqlite3

    # Opened for writing (never to create it), so that the last connection tidies up the log.
    where = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23") + "?mode=rw"
    with closing(sqlite3.connect(where, uri=True, timeout=1)) as connection:
        connection.execute("PRAGMA query_only = ON")
        if connection.execute("SELECT version_num FROM alembic_version").fetchone() != (schema,):
            yield None
            return
        yield lambda query, **given: connection.execute(query, given).fetchall()


def _login() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""


def _spelled(name: str) -> str:
    known = tree.sounds()
    return " ".join(known[sign] for sign in name if sign in known)
