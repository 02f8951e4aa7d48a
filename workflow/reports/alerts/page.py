"""The morning page: counts, the picture of the coming weeks, and the alerts by kind; as HTML in one file, and
as PDF.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letters.fonts import faces
from letters.pdf import weasyprint
from workflow.base import whole_files
from workflow.base.messages import N_, language, translate
from workflow.base.names import word
from workflow.clocks.explanation import HEADS
from workflow.reports.alerts import alert as alert_words
from workflow.reports.alerts import picture, thresholds
from workflow.reports.alerts.alert import Alert
from workflow.reports.alerts.report import Report, Tally, as_json

if TYPE_CHECKING:
    import jinja2

HERE = Path(__file__).parent
# At most so many alerts of a kind on the page; a longer list belongs in the spreadsheet.
MOST = 200
MONO = "ui-monospace, Consolas, 'Liberation Mono', monospace"


def to_html(report: Report, path: Path, weeks: int | None = None) -> Tally:
    """One file that needs no other."""
    css = _css(picture.FAMILY, MONO)
    tally, text, _ = _page(report, weeks, css, picture.FAMILY)
    whole_files.write(path, text.encode("utf-8"), replace=True)
    return tally


def to_pdf(report: Report, path: Path, weeks: int | None = None) -> Tally:
    """The same on paper, in the faces of the letters, with its data attached."""
    roles = faces.roles()
    family = ", ".join(
        f"'{name}'"
        for name in dict.fromkeys((*roles["heading1"].families, *roles["body"].families, *faces.rare()))
    )
    tally, text, data = _page(report, weeks, "", family)
    attached = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()
    pdf = weasyprint.write(text, _css(family, family), attachment=attached, created=report.today.isoformat())
    whole_files.write(path, pdf, replace=True)
    return tally


def _css(family: str, mono: str) -> str:
    return (HERE / "page.css").read_text(encoding="utf-8").replace("FAMILY", family).replace("MONO", mono)


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page(report: Report, weeks: int | None, css: str, family: str) -> tuple[Tally, str, dict[str, Any]]:
    """The page with its counts, and the data that it was made from."""
    from markupsafe import Markup

    tally = Tally()
    groups, kept = _groups(report, tally)
    load = report.load(weeks)
    busiest = load.busiest
    text = (
        _templates()
        .get_template("page.html")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            css=Markup(css),  # noqa: S704  (our own file)
            title=report.title,
            office=report.office.name,
            scope=report.search.scope.title(report.office),
            today=report.today.isoformat(),
            weekday=_weekday(report),
            tiles=_tiles(tally),
            picture_title=translate(N_("The coming weeks")),
            # Every text in it is escaped.
            picture=Markup(picture.svg(load, family, titled=not css)),  # noqa: S704
            busiest=translate(N_("most replies are due on {day}: {n}"), day=busiest[0], n=busiest[1])
            if busiest
            else "",
            nothing=translate(N_("Nothing presses: no alert of what was asked for.")),
            groups=groups,
            heads=[
                translate(head)
                for head in (
                    N_("case"),
                    N_("clock"),
                    N_("last day"),
                    N_("time left"),
                    N_("state"),
                    N_("whose"),
                    N_("next step"),
                )
            ],
            notes=[
                *report.notes(),
                translate(
                    N_("Numbers of days are working days. Made by disclosure alerts on {day}."),
                    day=report.today,
                ),
            ],
        )
    )
    return tally, text, {**as_json(report, tally), "alerts": kept}


def _groups(report: Report, tally: Tally) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    kept = []
    for alert in tally.seen(report.alerts()):
        rows = found.setdefault(alert.kind, [])
        if len(rows) < MOST:
            rows.append(_row(report, alert))
            kept.append(alert.as_json())
    groups = []
    for name, rows in found.items():
        kind, count = thresholds.kinds()[name], tally.kinds[name]
        more = translate(
            N_("and {n} more: disclosure alerts --kind {kind} --xlsx FILE"), n=count - len(rows), kind=name
        )
        groups.append(
            {
                "name": kind.name,
                "severity": kind.severity,
                "sign": thresholds.sign(kind.shape),
                "count": count,
                "rows": rows,
                "more": more if count > len(rows) else "",
            }
        )
    return groups, kept


def _row(report: Report, alert: Alert) -> dict[str, Any]:
    return {
        "case": alert.case or "",
        "clock": alert_words.clock_name(alert),
        "due": alert.due or "",
        "days": alert_words.days(alert),
        "late": alert.overdue,
        "state": word("state", alert.state) if alert.state else "",
        "whose": report.words.whose(alert),
        "next": alert.next,
        "article": report.words.article(alert.article),
    }


def _tiles(tally: Tally) -> list[dict[str, Any]]:
    """Overdue, today and soon always, the others where there are any."""
    always = ("overdue", "today", "soon")
    kinds = thresholds.kinds()
    return [
        {"name": kind.name, "count": tally.kinds[name], "css": kind.severity if tally.kinds[name] else "none"}
        for name, kind in kinds.items()
        if tally.kinds[name] or name in always
    ]


def _weekday(report: Report) -> str:
    day = HEADS[language()].split()[report.today.weekday()]
    return day if language() == "en" else f"星期{day}"
