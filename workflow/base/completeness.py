"""Checks at load for what has to be given in two places (a row of a table and the code that computes it): if
one half is missing, loading is refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflow.base.errors import Malformed
from workflow.base.messages import N_

# Of what is none of these, a set is made first.
_ASKED_AT_ONCE = (dict, set, frozenset)


def require_known(place: str, names: Iterable[str], source: str, known: Iterable[str]) -> None:
    """Refuse names of `place` that `source` does not have; Malformed says which are missing and where."""
    found = known if isinstance(known, _ASKED_AT_ONCE) else set(known)
    missing = [name for name in names if name not in found]
    if missing:
        raise Malformed(
            N_("{place} names {missing}, and {source} does not have it."),
            field=place,
            place=place,
            missing=", ".join(dict.fromkeys(missing)),
            source=source,
            way_on=N_("Add what is missing there, or take it out here."),
        )


def require_same(place: str, names: Iterable[str], source: str, known: Iterable[str]) -> None:
    """Refuse where one of two places has a name that the other has not."""
    here, there = list(names), list(known)
    require_known(place, here, source, there)
    require_known(source, there, place, here)
