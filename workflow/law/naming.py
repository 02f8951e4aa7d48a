"""The names that the law gives: outcomes and grounds, channels, instruments, organs, the rules of good order
that settings cite; and how a provision is cited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflow.base import names
from workflow.base.errors import DisclosureError
from workflow.base.messages import pick
from workflow.law.legal_values import Values


def register(values: Callable[[], Values]) -> None:
    """Register the names of the law tables for messages; the tables are read when the first name is
    needed.
    """

    def table(name: str, part: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = values().tables[name][part]
        return found

    def outcome(key: str) -> Mapping[str, str] | None:
        known = table("outcomes", "outcome").get(key) or table("grounds", "ground").get(key)
        return known or table("routes", "other").get(key)

    def regulations(key: str) -> Mapping[str, str] | None:
        """The name of an era, unless it is that of its instrument."""
        found = values().tables["instruments"].get(key)
        era: Mapping[str, str] | None = values().tables["eras"].get(key)
        return {"zh": found["short"], "en": found["en"]} if found else era

    def cite(ref: str) -> str | None:
        try:
            if ":" not in ref:
                # No article: the whole instrument has no such rule.
                whole = values().instrument(ref)
                return pick(f"《{whole.short}》", whole.en)
            citation = values().citation(ref)
        except DisclosureError:
            return None
        return pick(citation.zh, citation.en)

    names.register("outcome", outcome)
    names.register("regulations", regulations)
    names.register("house", lambda key: table("settings", "house").get(key))
    names.register("channel", lambda key: table("channels", "channel").get(key))
    names.register("organ", lambda key: table("organs", "roles").get(key))
    names.register_citation("law", cite)
