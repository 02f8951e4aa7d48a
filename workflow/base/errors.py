"""Errors that a user can cause or correct: each names what is wrong, the rule behind it, and what to do next.

Messages are msgids (English) with named parameters, translated when displayed. Each class fixes the exit
status of the command line, so that scripts can rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.base.messages import N_, translate


class DisclosureError(Exception):
    """Base of all errors shown to a person: message, rule (citation reference), field and way on."""

    exit_code = 1
    kind = "error"

    def __init__(
        self,
        message: str,
        /,
        *,
        rule: str | None = None,
        field: str | None = None,
        way_on: str | None = None,
        **params: Any,
    ) -> None:
        self.message = message
        self.rule = rule
        self.field = field
        self.way_on = way_on
        # The act that was refused, where one line named several: nothing of the line was written.
        self.of_line: str | None = None
        # The field is also a parameter of the message.
        self.params = params if field is None else {"field": field, **params}
        super().__init__(message)

    def __str__(self) -> str:
        # Written out only where somebody reads it: most refusals are only counted.
        return self.message.format_map(_Lenient(self.params))

    @property
    def text(self) -> str:
        """The message in the current language."""
        return translate(self.message, **self.params)

    @property
    def advice(self) -> str | None:
        """What to do next, in the current language."""
        return translate(self.way_on, **self.params) if self.way_on else None


class _Lenient(dict[str, Any]):
    """Leave an unknown placeholder as it is: showing an error must never fail."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Refused(DisclosureError):
    """The law or a rule of the procedure forbids it; nothing was written. Exit status 1."""

    kind = "refused"


class OutOfLaw(Refused):
    """A date outside the dates for which a legal value is known. Exit status 1."""

    kind = "out_of_law"

    def __init__(self, message: str, /, *, way_on: str | None = None, **params: Any) -> None:
        super().__init__(message, way_on=way_on or N_("Check the day that was given."), **params)


class Malformed(DisclosureError):
    """Input that cannot be read as what it should be. Exit status 2."""

    exit_code = 2
    kind = "malformed"


class Ambiguous(Malformed):
    """A word that means several things: an error in a script, a question at a terminal. Exit status 2."""

    question = N_("'{typed}' can mean several. Which one? (Enter: none of them)")

    def __init__(self, message: str, /, *, typed: str, choices: Mapping[str, str], **params: Any) -> None:
        """`typed` is the word, `choices` are the keys that it may mean with the names a person knows them
        by."""
        self.typed, self.choices = typed, choices
        super().__init__(message, **params)


class NotFound(DisclosureError):
    """No such case, officer, unit, file or rule. Exit status 3."""

    exit_code = 3
    kind = "not_found"


class Conflict(DisclosureError):
    """Another process changed the data in the meantime; read again and repeat. Exit status 4."""

    exit_code = 4
    kind = "conflict"


class Damaged(DisclosureError):
    """Stored data is not what was recorded. Exit status 5."""

    exit_code = 5
    kind = "damaged"


class Environment(DisclosureError):
    """The machine lacks something: database, schema, library, font, disk space. Exit status 6."""

    exit_code = 6
    kind = "environment"
