"""Work on cases that is no act of the table: receiving, showing personal data, taking out letters, files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.messages import translate as _
from workflow.commands import act_options, prompting
from workflow.commands.finishing import finish
from workflow.commands.options import (
    CASE,
    COMMON,
    ON,
    argument,
    command,
    declared,
    desk_of,
    option,
    options,
    seat_of,
)
from workflow.commands.parameter_types import File, Folder, Out, OutPlace, placed
from workflow.commands.printing import output
from workflow.commands.typed_days import legal_day

if TYPE_CHECKING:
    from pathlib import Path


@command(
    "receive",
    example="disclosure receive --channel post --name 张三 --request '2025年度某项目环评批复' --on 2026-03-02",
)
@option("--file", type=File(), help=N_("The application as a TOML or JSON file."))
@option("--channel", metavar="NAME", help=N_("in_person, post, post_unsigned, online, fax, email or oral."))
@option("--name", help=N_("The applicant."))
@option(
    "--kind",
    help=N_(
        "natural_person, commercial_enterprise, research_institution, public_welfare_org, legal_service or other."
    ),
)
@option("--id-type", help=N_("Kind of identity document."))
@option("--id-number", help=N_("Identity number (kept encrypted)."))
@option("--address", help=N_("Postal address (kept encrypted)."))
@option("--postcode", help=N_("Postcode."))
@option("--phone", help=N_("Telephone (kept encrypted)."))
@option("--email", help=N_("E-mail (kept encrypted)."))
@option("--representative", help=N_("Legal representative of an organisation."))
@option(
    "--applicant",
    "applicants",
    multiple=True,
    metavar="TEXT",
    help=N_("A further applicant: 'NAME; 身份证号=…; 电话=…' (repeatable)."),
)
@option(
    "--applicants",
    "applicants_file",
    type=File(),
    help=N_("All applicants in a list (.xlsx, .csv, .toml); the first is named first."),
)
@option(
    "--agent",
    metavar="TEXT",
    help=N_("Who acts for them: 'NAME; 授权委托书=…; 代理权限=…; 至=DATE; 地址=…; 电话=…'."),
)
@option("--contact", metavar="WHO", help=N_("Who is written to: an applicant by number, or 'agent'."))
@option("--request", help=N_("What is asked for."))
@option("--item", "items", multiple=True, help=N_("One thing asked for (repeatable)."))
@option("--form", help=N_("In what form the applicant wants it."))
@option("--attach", multiple=True, type=File(), help=N_("A file to keep with the case (repeatable)."))
@option("--signed-on", metavar="DATE", help=N_("Post: the day the organ signed for it."))
@option("--confirmed-on", metavar="DATE", help=N_("The day both sides confirmed."))
@option("--system-on", metavar="DATE", help=N_("Online: the day the system reported success."))
@options(*(declared(made) for made in act_options.beside("receive")))
@ON
@COMMON
def receive(
    file: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool, **given: Any
) -> None:
    from workflow.casework import application as applications
    from workflow.intake import name_doubts

    desk = desk_of(officer, office, db)
    given = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value not in (None, (), False)
    }
    _first, given, then = act_options.steps("receive", given)
    if file:
        application = applications.read_file(file)
        if given:
            raise Malformed(N_("Give the application by --file or by options, not both."), field=min(given))
    else:
        for name in applications.DAYS:
            if name in given:
                given[name] = legal_day(given[name], desk, name)
        _persons(given, desk)
        application = applications.checked(_asked_application(given) if sys.stdin.isatty() else given)
    application.remarks += name_doubts.doubts(application, desk)
    made = desk.receive_and(application, then, on=application.days.get("on"))
    finish(desk, made, as_json)


def _persons(given: dict[str, Any], desk: Any) -> None:
    """The persons of an application as they were typed or listed: the first is who is named first."""
    if not {"applicants", "applicants_file", "agent"} & set(given):
        return
    from workflow.intake import people

    listed = people.of_file(given.pop("applicants_file"), desk) if "applicants_file" in given else []
    listed += [people.said(text, "applicants", desk) for text in given.pop("applicants", [])]
    if listed and "name" not in given:
        given.update(listed.pop(0))
    if listed:
        given["applicants"] = listed
    if "agent" in given:
        given["agent"] = people.said(given["agent"], "agent", desk)


def _asked_application(given: dict[str, Any]) -> dict[str, Any]:
    """Ask at a terminal for required facts that were not given."""
    from workflow import law
    from workflow.base.names import word

    for name in ("channel", "name", "request"):
        if name not in given and not (name == "request" and "items" in given):
            choices = law.bundled().channels() if name == "channel" else ()
            given[name] = prompting.ask(word("column", name), choices, name)
    return given


@command("reveal", example="disclosure reveal 2026-0001 --reason '核对邮寄地址'")
@CASE
@option("--reason", required=True, help=N_("Why it has to be seen."))
@COMMON
def reveal(
    case: str, reason: str, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.base.messages import pick
    from workflow.base.names import word

    def shown(person: dict[str, Any]) -> list[str]:
        lines = []
        for key, value in person.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    lines += ["", word("column", key), *shown(one)]
                else:
                    said = word("applicant", one) if key == "kind" else one
                    lines.append(f"{word('column', key)}{pick('：', ': ')}{said}")
        return lines

    desk = desk_of(officer, office, db)
    _done, plain = desk.reveal(case, reason)
    output(plain, lambda: shown(plain), as_json)


@command("fetch", example="disclosure fetch 2026-0001 申请表.pdf --out ./申请表.pdf")
@CASE
@argument("name")
@option("--out", type=OutPlace(), help=N_("Where to put it (left out: here, by its number and name)."))
@COMMON
def fetch(
    case: str,
    name: str,
    out: Out | None,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import file_names
    from workflow.casework import lookup
    from workflow.office import personal_data
    from workflow.reports.views import case_views

    desk = desk_of(officer, office, db)
    with desk.store.reading() as connection:
        number = lookup.one(connection, desk, case).number
    personal_data.record(desk, "fetch", case=number, name=name)
    made = case_views.fetch(desk, case, name, placed(out)(file_names.made(number, name)))
    output(made, lambda: [_(N_("Written: {path}"), path=made["path"])], as_json)


@command("letters", example="disclosure letters 2026-0001 --out 文书/")
@CASE
@option("--out", type=Folder(), help=N_("Folder for the PDFs."))
@COMMON
def letters(
    case: str, out: Path | None, officer: str | None, office: str | None, db: str | None, as_json: bool
) -> None:
    from workflow.reports.views import case_parts, case_views

    desk = seat_of(officer, office, db)
    found = case_views.letters(desk, case, out)

    def lines() -> list[str]:
        told = case_parts.letter_lines(found)
        written = [_(N_("Written: {path}"), path=one["path"]) for one in found if one["path"]]
        return [*(told or [_(N_("No letter of this case was made yet."))]), *written]

    output(found, lines, as_json)


@command("work", example="disclosure work")
@COMMON
def work(officer: str | None, office: str | None, db: str | None, as_json: bool) -> None:
    from workflow.commands.printing import counted
    from workflow.jobs import bulk_letters, queue

    desk = desk_of(officer, office, db)
    with counted(queue.count(desk)) as step:
        found = bulk_letters.work(desk, step)
    mailed = sum(1 for one in found.done if one.get("state") == "sent")
    output(
        found.done,
        lambda: [
            _(N_("{n} letters made."), n=found.made),
            *([_(N_("{n} letters mailed."), n=mailed)] if mailed else []),
        ],
        as_json,
    )
    if found.faults:
        raise found.faults[0][1]
