"""Errors that a person can cause or mend: each names what is wrong, the rule that says so, and the way on.

Messages are msgids (English) with named parameters; they are translated where they are shown.
The exit status of the command line is a property of the error, so that scripts can trust it.
"""

from __future__ import annotations

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
        # A message may name its field: it is a parameter like the others.
        self.params = params if field is None else {"field": field, **params}
        super().__init__(message.format_map(_Lenient(self.params)))

    @property
    def text(self) -> str:
        """The message in the current language."""
        return translate(self.message, **self.params)

    @property
    def advice(self) -> str | None:
        """What to do next, in the current language."""
        return translate(self.way_on, **self.params) if self.way_on else None


class _Lenient(dict[str, Any]):
    """Leaves an unknown placeholder as it is: an error message must never fail itself."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Refused(DisclosureError):
    """The law or a rule of the process says no; nothing was written. Exit status 1."""

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


class NotFound(DisclosureError):
    """No such case, officer, unit, file or rule. Exit status 3."""

    exit_code = 3
    kind = "not_found"


class Conflict(DisclosureError):
    """Somebody else changed it meanwhile; look again and repeat. Exit status 4."""

    exit_code = 4
    kind = "conflict"


class Damaged(DisclosureError):
    """Stored data is not what was recorded. Exit status 5."""

    exit_code = 5
    kind = "damaged"


class Environment(DisclosureError):
    """Something of the machine is missing: database, schema, library, font, disk space. Exit status 6."""

    exit_code = 6
    kind = "environment"
