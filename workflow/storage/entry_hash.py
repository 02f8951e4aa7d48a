"""The hash of an entry: the text that it is made of, which has one possible form."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from workflow.cases.entry import Entry


def canonical(value: Any) -> str:
    """JSON with one possible form: sorted keys, no spaces, text as it is."""
    return _ENCODER.encode(value)


def value_of(text: str) -> Any:
    """What `canonical` wrote, as json.loads gives it, in half its time: every act reads a whole case.
    ValueError for a text that is no JSON."""
    try:
        value, end = _READ(text)
    except ValueError:
        # Somebody else wrote it, with blanks before it, or it is none.
        return json.loads(text)
    return value if end == len(text) else json.loads(text)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the ledger")


_READ = json.JSONDecoder().raw_decode
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def digest(office_id: int, seq: int, case_id: int | None, entry: Entry, payload: str, prev: str) -> str:
    """The hash of an entry."""
    material = hashed(office_id, seq, case_id, entry, payload, prev)
    return hashlib.sha256(material.encode("utf-8")).hexdigest()


def hashed(office_id: int, seq: int, case_id: int | None, entry: Entry, payload: str, prev: str) -> str:
    """What the hash of an entry is made of: the canonical JSON of everything in it and of the hash before it.

    How its officer was known stands at the end, in entries that say it: the hashes of older ones stay valid.
    """
    known = entry.known
    return canonical(
        [
            office_id,
            seq,
            case_id,
            entry.n,
            entry.track,
            entry.event,
            entry.on,
            entry.recorded_at,
            entry.actor,
            entry.source,
            entry.dest,
            entry.article,
            payload,
            prev,
            *((known.via, known.login, known.acting_for) if known else ()),
        ]
    )


def around(office_id: int, case_id: int | None, entry: Entry, payload: str) -> tuple[str, str, str]:
    """The same without the place in the chain, where another makes the hash: what stands before the number,
    between it and the hash of the entry before (which stands in quotation marks), and after that.
    """
    start, known = f"[{canonical(office_id)},", entry.known
    end = f",{canonical([known.via, known.login, known.acting_for])[1:]}" if known else "]"
    whole = hashed(office_id, 0, case_id, entry, payload, "")
    return start, whole[len(f"{start}0") : -len(f'""{end}')], end


def row(office_id: int, case_id: int | None, entry: Entry) -> dict[str, Any]:
    """The row of an entry in the ledger, but for its place in the chain (number, hash before it, hash)."""
    assert entry.known is not None, "an entry says how its officer was known"
    return {
        "office_id": office_id,
        "case_id": case_id,
        "n": entry.n,
        "track": entry.track,
        "event": entry.event,
        "on_day": entry.on,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "source": entry.source,
        "dest": entry.dest,
        "article": entry.article,
        "payload": canonical(entry.payload),
        "via": entry.known.via,
        "login": entry.known.login,
        "acting_for": entry.known.acting_for,
    }
