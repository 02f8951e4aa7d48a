"""How the deadlines of a case were reached, for a person: each with its days."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from letters.pdf import explanation as explanation_page
from workflow.base import messages, names, typed_words, whole_files
from workflow.base.errors import NotFound
from workflow.base.messages import N_, translate
from workflow.base.names import Named
from workflow.calendar import Calendar
from workflow.cases import ways
from workflow.cases.case_clock import CaseClock
from workflow.casework.opened import open_case
from workflow.clocks import derivation
from workflow.clocks import explanation as explanations
from workflow.law.entries import Start
from workflow.office.seat import Seat
from workflow.reports.views.case_seen import with_contest


@dataclass
class Explanation:
    """How the deadlines of a case were reached."""

    number: str
    office: str
    clocks: list[CaseClock]
    calendar: Calendar
    # What started a clock of the applicant, by its key: the provision that governs on its day.
    starts: dict[tuple[str, int], Start]

    def as_json(self) -> list[dict[str, Any]]:
        """As plain data, each clock with its days."""
        return [
            {
                **derivation.as_json(clock.deadline, self.calendar),
                "clock": clock.rule,
                "ref": clock.ref,
                "state": clock.state,
                "started_by": self._start_json(clock),
            }
            for clock in self.clocks
        ]

    def _start_json(self, clock: CaseClock) -> dict[str, Any] | None:
        found = self.starts.get(clock.key)
        if found is None:
            return None
        return {
            "how": found.how,
            "article": found.article,
            "text": found.text,
            "status": found.status,
            "note": found.note,
        }

    def _start_lines(self, clock: CaseClock) -> list[str]:
        found = self.starts.get(clock.key)
        if found is None:
            return []
        words = f" “{found.text}”" if found.text else ""
        said = translate(
            N_("Started by: {article}{words} [{status}]"),
            article=names.article(found.article),
            words=words,
            status=found.status,
        )
        return [said, *([translate(N_("Note: {text}"), text=translate(found.note))] if found.note else [])]

    def _parts(self) -> list[tuple[str, Any]]:
        return [(names.of_part(clock.rule, clock.ref), clock.deadline) for clock in self.clocks]

    def lines(self) -> list[str]:
        """For the terminal."""
        made: list[str] = []
        for clock, (name, deadline) in zip(self.clocks, self._parts(), strict=True):
            head, *rest = explanations.lines_of(name, deadline, self.calendar)
            made += [head, *self._start_lines(clock), *rest, ""]
        return made[:-1]

    def write_pdf(self, out: Path) -> None:
        """As a page that can be laid before a court."""
        # In Chinese, whatever the officer's language: it goes to a court.
        with messages.speaking("zh_CN"):
            title = translate(N_("How the time limits of {number} were computed"), number=self.number)
            page = explanations.page(title, self.office, self._parts(), self.calendar)
        whole_files.write(out, explanation_page.pdf(page), replace=True)


def explanation(seat: Seat, ref: str, rule: str | None) -> Explanation:
    """The derivation of the clocks of a case, or of one of them."""
    with seat.store.reading() as connection:
        opened = open_case(seat, connection, ref)
    clocks = with_contest(seat, opened, every=rule is not None)
    if rule is not None:
        rule = typed_words.meant(rule, names.both("clock", (clock.rule for clock in clocks)), "rule")
    chosen = [clock for clock in clocks if rule in (None, clock.rule)]
    if not chosen:
        raise NotFound(
            N_("The case {number} has no clock '{name}'."),
            field="rule",
            number=opened.case.number,
            name=rule,
            way_on=N_("It has: {names}"),
            names=Named("clock", *(clock.rule for clock in clocks), typed=True),
        )
    starts = {
        clock.key: found
        for clock in chosen
        if (found := ways.start(opened.case, clock.rule, clock.deadline.start, seat.context)) is not None
    }
    return Explanation(opened.case.number, seat.office.name, chosen, seat.context.calendar, starts)
