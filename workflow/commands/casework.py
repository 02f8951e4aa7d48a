"""Work on cases that is no act of the table: receiving, correcting, taking out letters and files."""

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
    YES,
    argument,
    command,
    declared,
    desk_of,
    option,
    options,
)
from workflow.commands.parameter_types import File, Folder, Out, OutPlace
from workflow.commands.printing import output, placed
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


@command(
    "amend",
    example="disclosure amend 2026-0001 --field received-on --to 2026-03-03 --reason '收件章日期为3日'",
)
@CASE
@option("--field", help=N_("What was wrong, for example received-on, applicant-name or ask-correction.on."))
@option("--to", "new", multiple=True, help=N_("The right value (repeatable for what has several)."))
@option("--reason", help=N_("Why it is corrected."))
@option("--no", type=int, help=N_("Which one, where there are several (consultations)."))
@option("--entry", type=int, help=N_("Which one, by its number in the history, where an act was done twice."))
@option(
    "--list", "listing", is_flag=True, help=N_("List what is recorded of this case and can be corrected.")
)
@COMMON
def amend(
    case: str,
    field: str | None,
    new: tuple[str, ...],
    reason: str | None,
    no: int | None,
    entry: int | None,
    listing: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.base import screen
    from workflow.casework import amendable
    from workflow.casework.opened import open_case
    from workflow.reports.views import facts

    desk = desk_of(officer, office, db)
    if listing:
        with desk.store.reading() as connection:
            found = amendable.recorded(open_case(desk, connection, case))
        output(
            found,
            lambda: screen.table(
                [
                    screen.Column("--field"),
                    _(N_("What it is")),
                    screen.Column("--entry", number=True),
                    _(N_("What is recorded")),
                ],
                [
                    [
                        one["field"],
                        one["name"],
                        str(one["entry"]),
                        facts.correctable(one["field"], one["value"]),
                    ]
                    for one in found
                ],
            ),
            as_json,
        )
        return
    for name, given in (("field", field), ("to", new), ("reason", reason)):
        if not given:
            raise Malformed(
                N_("'{option}' is missing."),
                field=name,
                option=f"--{name}",
                way_on=N_("See what can be corrected of this case: disclosure amend CASE --list"),
            )
    done = desk.amend(case, field, new[0] if len(new) == 1 else list(new), reason, no=no, entry=entry)
    finish(desk, done, as_json)


@command("undo", example="disclosure undo 2026-0001 --reason '登记到了另一件上'")
@CASE
@option("--reason", default="", help=N_("Why it is taken back."))
@option("--dry-run", is_flag=True, help=N_("Only say what would change."))
@YES
@COMMON
def undo(
    case: str,
    reason: str,
    dry_run: bool,
    yes: bool,
    officer: str | None,
    office: str | None,
    db: str | None,
    as_json: bool,
) -> None:
    from workflow.casework import undoing
    from workflow.reports.views import preview_text

    desk = desk_of(officer, office, db)
    found = undoing.preview(desk, case)
    if dry_run:
        called = desk.context.officer_called
        output(preview_text.preview_json(found), lambda: preview_text.preview_lines(found, called), as_json)
        return
    if not yes and sys.stdin.isatty():
        prompting.require_yes(preview_text.preview_lines(found, desk.context.officer_called))
    finish(desk, desk.undo(found.number, reason, expect=found.version), as_json)


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

    desk = desk_of(officer, office, db)
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
