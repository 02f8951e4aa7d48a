"""The text of a digest: for an officer what waits for him, for the head what is urgent; as text and HTML.

It contains case numbers, last days and masked names of officers only, as mail passes machines outside the
office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflow.base.completeness import require_same
from workflow.base.messages import N_, listed, pick, translate
from workflow.office import alert_settings, mail_message
from workflow.office.mail_settings import MailSettings
from workflow.office.profile import Officer
from workflow.reports.alerts import alert as alert_words
from workflow.reports.alerts import thresholds
from workflow.reports.alerts.alert import Alert, Words
from workflow.reports.alerts.report import Report, Tally

if TYPE_CHECKING:
    from email.message import EmailMessage

# Of a section at most so many lines; a mail is read on a telephone.
MOST = 60


@dataclass
class Section:
    """One part of a mail: the first alerts, and how many there are."""

    tally: Tally = field(default_factory=Tally)
    kept: list[Alert] = field(default_factory=list)

    def add(self, alert: Alert) -> None:
        """One more."""
        self.tally.kinds[alert.kind] += 1
        if len(self.kept) < MOST:
            self.kept.append(alert)


@dataclass
class Draft:
    """The mail of a day to one officer."""

    officer: Officer
    own: Section = field(default_factory=Section)
    # For the head only: what is overdue in the whole office, or will be within the days of `escalate`.
    office: Section | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.own.kept and not (self.office and self.office.kept)

    @property
    def alerts(self) -> int:
        """How many alerts it tells of."""
        return self.own.tally.total + (self.office.tally.total if self.office else 0)

    @property
    def overdue(self) -> int:
        """How much is overdue: in the office for the head, else of what is the officer's own."""
        return (self.office or self.own).tally.overdue


def message(draft: Draft, found: Report, settings: MailSettings | None, at: Any) -> EmailMessage:
    """The mail, as text and as HTML: case numbers and last days, names of persons masked."""
    assert settings is not None
    assert draft.officer.email is not None
    key = mail_message.message_id(settings.sender, "digest", found.office.key, draft.officer.key, found.today)
    made = mail_message.compose(
        settings,
        to=draft.officer.email,
        subject=subject(draft, found),
        text=text(draft, found),
        id=key,
        at=at,
    )
    made["Auto-Submitted"] = "auto-generated"
    made.add_alternative(html(draft, found), subtype="html", cte="base64")
    made.set_boundary(f"=_{key.strip('<>').partition('@')[0][:32]}")
    return made


def subject(draft: Draft, found: Report) -> str:
    """What a mail is about, in one line."""
    counts = (draft.office or draft.own).tally if draft.overdue or not draft.own.kept else draft.own.tally
    told = listed(f"{thresholds.kinds()[kind].name} {count}" for kind, count in counts.lines()[:3])
    return translate(N_("Time limits on {day}: {told}"), day=found.today, told=told)


def _sections(draft: Draft, found: Report) -> Iterator[tuple[str, Section]]:
    if draft.office is not None and draft.office.kept:
        yield (
            translate(
                N_("The office: overdue, or due within {n} working days"),
                n=found.search.limits.of("escalate"),
            ),
            draft.office,
        )
    if draft.own.kept:
        yield translate(N_("What waits for you")), draft.own


def _cells(alert: Alert, words: Words) -> list[str]:
    due = (
        f"{alert.due}{alert_words.provisional() if alert.provisional and not alert.clock else ''}"
        if alert.due
        else ""
    )
    return [
        thresholds.kinds()[alert.kind].name,
        alert.case or "",
        alert_words.clock_name(alert),
        due,
        alert_words.days(alert),
        words.whose(alert),
    ]


def _words(found: Report) -> Words:
    return Words(found.office.units, {one.key: one.name for one in found.officers}, masked=True)


def text(draft: Draft, found: Report) -> str:
    """The mail as plain text."""
    words = _words(found)
    lines = [f"{found.office.name}  {found.today}"]
    for title, section in _sections(draft, found):
        lines += ["", pick(f"【{title}】", f"== {title} ==")]
        for alert in section.kept:
            sign = thresholds.sign(thresholds.kinds()[alert.kind].shape)
            lines.append(f"{sign} " + "  ".join(cell for cell in _cells(alert, words) if cell))
            if alert.next:
                lines.append(f"    → {alert.next}")
        lines += _more(section)
    return "\n".join([*lines, "", *found.notes(), _foot()]) + "\n"


def _more(section: Section) -> list[str]:
    left = section.tally.total - len(section.kept)
    return [translate(N_("and {n} more: disclosure alerts"), n=left)] if left else []


def _foot() -> str:
    return translate(N_("Numbers of days are working days. Sent by a program; please do not answer."))


_CELL = 'style="border-bottom:1px solid #d5dbe1;padding:5px 8px;text-align:left;vertical-align:top"'
_COLOURS = {"urgent": "#b3261e", "warning": "#8a5a00", "notice": "#1f6f8b"}
require_same(
    "digest_text._COLOURS", _COLOURS, "thresholds.toml: severity", alert_settings.table()["severity"]
)


def html(draft: Draft, found: Report) -> str:
    """The mail as HTML: styles in the elements, for mail programs read no style sheet."""
    from html import escape

    words = _words(found)
    parts = [
        f'<p style="margin:0 0 12px;font-size:15px"><b>{escape(found.office.name)}</b>　{found.today}</p>'
    ]
    for title, section in _sections(draft, found):
        parts.append(f'<h2 style="font-size:16px;margin:18px 0 6px">{escape(title)}</h2>')
        parts.append('<table style="border-collapse:collapse;font-size:14px;width:100%">')
        for alert in section.kept:
            kind = thresholds.kinds()[alert.kind]
            first, *rest = _cells(alert, words)
            colour = _COLOURS[kind.severity]
            cells = [
                f'<td {_CELL}><b style="color:{colour}">{thresholds.sign(kind.shape)} {escape(first)}</b></td>'
            ]
            cells += [f"<td {_CELL}>{escape(cell)}</td>" for cell in rest]
            cells.append(f'<td {_CELL}><code style="font-size:12px">{escape(alert.next)}</code></td>')
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</table>")
        parts += [f"<p>{escape(line)}</p>" for line in _more(section)]
    parts += [
        f'<p style="color:#5c6b7a;font-size:12px">{escape(line)}</p>' for line in (*found.notes(), _foot())
    ]
    lang = pick("zh-CN", "en")
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"></head>\n'
        f'<body style="font-family:sans-serif;color:#1f2933;line-height:1.5">\n{body}\n</body></html>\n'
    )
