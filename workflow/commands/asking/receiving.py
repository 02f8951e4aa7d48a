"""A new application by question and answer, received by the same call as by `disclosure receive`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workflow import law
from workflow.base import names
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, listed, pick
from workflow.base.messages import translate as _
from workflow.base.names import word
from workflow.cases.case import CaseFile
from workflow.casework import application as applications
from workflow.casework import outgoing
from workflow.casework.outgoing import Tried
from workflow.commands import confirming
from workflow.commands.asking import acting, command_line, fields, filling, together
from workflow.commands.asking.fields import Asking
from workflow.commands.asking.lines import Reader, Stopped
from workflow.commands.asking.questions import BACK, Back, Choice, choose, line, named, say, yes
from workflow.commands.typed_days import legal_day
from workflow.intake import name_doubts
from workflow.procedure.act_forms import Spec
from workflow.procedure.next_steps import Option
from workflow.reports.views import case_text

RECEIVE, RECEIVED = "receive", "received"
NAMES = {"zh": "收件", "en": "receive a new application"}
POST = "post"
# What is chosen from names, and the kind of these.
CHOSEN = {"channel": "channel", "kind": "applicant"}
# Asked of every applicant; what may be left out is left out with Enter.
TEXTS = ("name", "id_type", "id_number", "address", "postcode", "phone")
NEEDED = ("name",)
# What the officer adds where there is such a thing.
MORE = ("form", "email", "representative", "signed_on", "confirmed_on", "system_on")


def choices(desk: Any) -> list[Choice]:
    """To receive an application, alone or with what usually follows at once."""
    return [
        Choice(RECEIVE, NAMES),
        *(together.choice(RECEIVE, then) for then in together.lines(desk, CaseFile(), RECEIVE, RECEIVED)),
    ]


def receive(reader: Reader, desk: Any, key: str, said_as: list[str]) -> str | None:
    """Ask for an application and enter it, with the acts that follow by the key of the choice; its number,
    None where it was not entered."""
    line = together.lines(desk, CaseFile(), RECEIVE, RECEIVED)
    then = next((one for one in line if together.choice(RECEIVE, one).key == key), [])
    say(["", listed([word("event", RECEIVE), *(word("event", one.event) for one in then)])])
    try:
        given = _asked(reader, desk)
        application, follow = _agreed(reader, desk, given, then)
        application.remarks += name_doubts.doubts(application, desk)
        done = desk.receive_and(application, filling.steps(follow), on=given["on"])
    except Back:
        say([_(acting.UNCHANGED)])
        return None
    except Stopped:
        say(["", _(acting.UNCHANGED)])
        raise
    except DisclosureError as fault:
        acting.refused(fault, "receive")
        say([_(acting.UNCHANGED)])
        return None
    acting.finished(desk, done)
    beside = command_line.beside(desk, RECEIVE, [(one.spec, one.given) for one in follow])
    say(command_line.shown(_command(given, desk, [*beside, *said_as])))
    number: str = done[0].case.number
    return number


def _asked(reader: Reader, desk: Any) -> dict[str, Any]:
    kinds = names.bundled()["applicant"]
    given: dict[str, Any] = {}
    say(["", _title("channel")])
    given["channel"] = choose(reader, named(names.both("channel", law.bundled().channels())), default=POST)
    say(["", _title("kind")])
    given["kind"] = choose(reader, named(kinds), default=next(iter(kinds)))
    for name in TEXTS:
        if said := _text(reader, name):
            given[name] = said
    say(["", _(N_("What is asked for, one thing a line (Enter: no more)"))])
    given["items"] = _things(reader)
    if len(given["items"]) == 1:
        given["request"] = given.pop("items")[0]
    given["on"] = _day(reader, desk, "on") or desk.today()
    while left := [name for name in MORE if name not in given]:
        say(["", _(N_("What may be added (Enter: nothing more):"))])
        key = choose(
            reader, [Choice(name, names.both("column", [name])[name]) for name in left], optional=True
        )
        if key is None:
            break
        given[key] = _day(reader, desk, key) if key in applications.DAYS else _text(reader, key)
    return {name: value for name, value in given.items() if value}


def _title(name: str) -> str:
    called = word("column", name)
    note = _(N_("needed")) if name in (*NEEDED, *CHOSEN) else _(N_("Enter: leave it out"))
    return pick(f"{called}（{note}）", f"{called} ({note})")


def _text(reader: Reader, name: str) -> str:
    while True:
        say(["", _title(name)])
        said = line(reader)
        if said or name not in NEEDED:
            return said
        say([_(N_("An answer is needed here; {back} goes back."), back=BACK)])


def _things(reader: Reader) -> list[str]:
    found: list[str] = []
    while True:
        said = line(reader)
        if said:
            found.append(said)
        elif found:
            return found
        else:
            say([_(N_("An answer is needed here; {back} goes back."), back=BACK)])


def _day(reader: Reader, desk: Any, name: str) -> Any:
    while True:
        say(
            [
                "",
                pick(
                    f"{word('column', name)}（3月5日、昨天等）",
                    f"{word('column', name)} (3.5, 2026-03-05 ...)",
                ),
            ]
        )
        if name == "on":
            say([_(N_("Enter: today, {today}"), today=desk.today())])
        typed = line(reader)
        try:
            return legal_day(typed, desk, name) if typed else None
        except DisclosureError as fault:
            say(case_text.fault_lines(fault))


def _agreed(
    reader: Reader, desk: Any, given: dict[str, Any], then: list[Spec]
) -> tuple[applications.Application, list[Asking]]:
    """The application as checked, with the acts that follow; what is wrong with one entry is said, and that
    entry asked again. Back where the officer does not want it."""
    application, would = _checked(reader, desk, given, [])
    follow = _following(reader, desk, would.done.case, then)
    if follow:
        application, would = _checked(reader, desk, given, follow)
    say(["", *confirming.foreseen(would), *case_text.lacking_lines(would.acts[0])])
    if not yes(reader, _(N_("Write it?"))):
        raise Back
    return application, follow


def _checked(
    reader: Reader, desk: Any, given: dict[str, Any], follow: list[Asking]
) -> tuple[applications.Application, Tried]:
    while True:
        try:
            application = applications.checked(given)
            return application, outgoing.tried_receipt(desk, application, filling.steps(follow), given["on"])
        except DisclosureError as fault:
            acting.refused(fault, RECEIVE)
            asking = next((one for one in follow if one.spec.event == fault.of_line), None)
            wrong = (
                next((one for one in asking.spec.fields if one.name == fault.field), None) if asking else None
            )
            if asking is not None and wrong is not None:
                asking.given.pop(wrong.name, None)
                fields.ask(asking, wrong, optional=not wrong.need)
            else:
                _again(reader, desk, given, fault)


def _following(reader: Reader, desk: Any, case: CaseFile, then: list[Spec]) -> list[Asking]:
    """The acts that follow the receipt, with their facts."""
    option = Option(
        RECEIVE,
        RECEIVE,
        0,
        RECEIVED,
        (),
        "",
        None,
        None,
        provisional=False,
        mine=True,
        obstacle=None,
        aside=False,
    )
    line = [Asking(reader, desk, case, replace(option, event=one.event), one, new=True) for one in then]
    filling.facts(line)
    return line


def _again(reader: Reader, desk: Any, given: dict[str, Any], fault: DisclosureError) -> None:
    name = fault.field or ""
    if name in applications.DAYS:
        given[name] = _day(reader, desk, name)
    elif name in (*TEXTS, *MORE):
        given[name] = _text(reader, name)
    else:
        raise Back
    if not given[name]:
        del given[name]


def _command(given: dict[str, Any], desk: Any, said_as: list[str]) -> str:
    words = ["disclosure", pick("收件", "receive")]
    for name, value in given.items():
        if name == "on" and value == desk.today():
            continue
        option = "--item" if name == "items" else "--" + name.replace("_", "-")
        for one in value if isinstance(value, list) else [value]:
            words += [option, pick(word(CHOSEN[name], one), one) if name in CHOSEN else str(one)]
    return command_line.written([*words, *said_as])
