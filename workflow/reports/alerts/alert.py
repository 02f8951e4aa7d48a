"""One alert: subject, severity, owner, provision, and next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from workflow.base.masking import mask
from workflow.base.messages import N_, translate
from workflow.base.names import article, of_part, word
from workflow.procedure import act_forms
from workflow.reports.alerts import thresholds

# In the order of the columns of every list.
FIELDS = (
    "severity",
    "kind",
    "case",
    "clock",
    "due",
    "left",
    "waited",
    "state",
    "unit",
    "handler",
    "article",
    "next",
)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that an officer has to know today; of personal data it holds only the handler's key."""

    kind: str
    case: str | None
    clock: str | None
    ref: int
    due: date | None
    provisional: bool
    # Working days: left until the last day (below 0: over), and gone by since the case was last moved.
    left: int | None
    waited: int | None
    state: str | None
    unit: str | None
    handler: str | None
    article: str
    next: str
    detail: str = ""

    @property
    def severity(self) -> str:
        """The severity: urgent, warning or notice."""
        return thresholds.kinds()[self.kind].severity

    @property
    def overdue(self) -> bool:
        """Whether a duty set by the law or a court was not done in time."""
        return self.kind == "overdue"

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "case": self.case,
            "clock": self.clock,
            "ref": self.ref,
            "due": self.due.isoformat() if self.due else None,
            "provisional": self.provisional,
            "left": self.left,
            "waited": self.waited,
            "state": self.state,
            "unit": self.unit,
            "handler": self.handler,
            "article": self.article,
            "next": self.next,
            "detail": self.detail or None,
        }


class Words:
    """The words of alerts: names of units and officers of one office, and citations."""

    def __init__(self, units: dict[str, str], officers: dict[str, str], *, masked: bool = False) -> None:
        self._units = units
        self._officers = {key: mask("name", name) for key, name in officers.items()} if masked else officers
        self._article = cache(article)

    def unit(self, key: str | None) -> str:
        """A unit by name."""
        return self._units.get(key, key) if key else ""

    def officer(self, key: str | None) -> str:
        """Officer's name, or the key if unknown."""
        return self._officers.get(key, key) if key else ""

    def article(self, ref: str) -> str:
        """A provision as it is cited."""
        return self._article(ref) if ref else ""

    def whose(self, alert: Alert) -> str:
        """Unit and handler in one cell."""
        return " / ".join(part for part in (self.unit(alert.unit), self.officer(alert.handler)) if part)

    def row(self, alert: Alert) -> list[Any]:
        """An alert as the cells of a list, in the order of FIELDS; days are dates and numbers."""
        return [
            thresholds.name("severity", alert.severity),
            thresholds.kinds()[alert.kind].name,
            alert.case or "",
            clock_name(alert),
            alert.due,
            alert.left,
            alert.waited,
            word("state", alert.state) if alert.state else "",
            self.unit(alert.unit),
            self.officer(alert.handler),
            self.article(alert.article),
            alert.next,
        ]


def heads() -> list[str]:
    """The column heads of a list, in the order of FIELDS."""
    return [
        translate(text)
        for text in (
            N_("severity"),
            N_("alert"),
            N_("case"),
            N_("clock"),
            N_("last day"),
            N_("working days left"),
            N_("working days waited"),
            N_("state"),
            N_("unit"),
            N_("handler"),
            N_("provision"),
            N_("next step"),
        )
    ]


def clock_name(alert: Alert) -> str:
    """The clock by name, with the number of the consultation or remedy and whether its date is
    provisional.
    """
    if not alert.clock:
        return alert.detail
    name = of_part(alert.clock, alert.ref)
    return f"{name}{provisional()}" if alert.provisional else name


def provisional() -> str:
    """The word for a date that the next notice may move."""
    return translate(N_("(provisional)"))


def days(alert: Alert) -> str:
    """How much time there is, or how long it has waited, in a few words."""
    if alert.waited is not None:
        return translate(N_("waits {n} days"), n=alert.waited)
    if alert.left is None:
        return ""
    if alert.kind in LATE:
        return translate(N_("{n} days over"), n=-alert.left)
    if alert.left == 0:
        return translate(N_("today"))
    return translate(N_("{n} days left"), n=alert.left)


# Kinds of alerts about a last day that has passed.
LATE = ("overdue", "target", "unanswered", "correction", "fee")


def command(event: str, number: str, ref: int = 0) -> str:
    """The command of an act on a case, with what it cannot do without."""
    spec = act_forms.specs()[event]
    parts = ["disclosure", spec.command, number]
    for field in spec.fields:
        if field.need:
            value = str(ref) if field.name == "no" and ref else "|".join(field.choice) or field.type.upper()
            parts += [field.option, value]
    return " ".join(parts)
