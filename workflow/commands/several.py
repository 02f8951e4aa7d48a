"""One line on several cases: 6 7 8, 6-35, a list in a file, what a filter finds. Each case is its own
transaction; in the end it is said what was done and what was refused.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from workflow.base import screen, terminal
from workflow.base.errors import Ambiguous, DisclosureError, Malformed
from workflow.base.messages import N_, pick
from workflow.base.messages import translate as _
from workflow.commands import choosing, confirming, prompting
from workflow.commands.finishing import settle
from workflow.commands.printing import as_text, counted

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.casework.several import Picked

# So many cases are taken without a question.
UNASKED = 20
# Some were refused, or the work was stopped.
PARTLY, STOPPED = 1, 130
# Cases that are shown before it is asked about them.
SHOWN = 40


class How(NamedTuple):
    """How a line is taken on several cases."""

    act: str
    # The letters that it would number, send or make void on a case; None where it never does.
    papers: Callable[[str], list[str]] | None
    yes: bool
    as_json: bool
    later: bool


def require_no_version(expect: int | None) -> None:
    """Malformed where a version is named: it is that of one case."""
    if expect is not None:
        raise Malformed(
            N_("--expect is the version of one case, and this line is on several."),
            field="expect",
            way_on=N_("Leave --expect out, or name one case."),
        )


def several(cases: tuple[str, ...], from_list: Path | None, where: tuple[str, ...]) -> bool:
    """Whether a line may mean more than one case."""
    from workflow.casework import several as naming

    listed = list(naming.words(cases))
    return bool(from_list or where or len(listed) > 1 or any(map(naming.is_range, listed)))


def require_one(ctx: click.Context, cases: tuple[str, ...]) -> str:
    """The case of a line that names one; asked for at a terminal, an error of usage in a script."""
    if cases:
        return cases[0]
    param = next(one for one in ctx.command.params if one.name == "case")
    if not sys.stdin.isatty():
        raise click.MissingParameter(ctx=ctx, param=param)
    return prompting.ask(_(N_("Number of the case")), (), "case")


def picked(desk: Any, cases: tuple[str, ...], from_list: Path | None, where: tuple[str, ...]) -> list[Picked]:
    """The cases that the line names, each once."""
    from workflow.casework import several as naming
    from workflow.reports.views import case_list

    with desk.store.reading() as connection:
        found = naming.named(desk, connection, cases)
        if from_list is not None:
            found += naming.of_file(desk, connection, from_list)
        if where:
            filters = case_list.typed(where)
            found += naming.of_rows(case_list.found(connection, desk, desk.today(), **filters))
    return naming.once(found)


def run(desk: Any, found: list[Picked], act: Callable[[str], list[Any]], how: How) -> None:
    """Take the line on each case, say what became of each; the exit status is 1 where one was refused."""
    _require_word(found, how)
    made: list[tuple[Picked, list[Any] | DisclosureError]] = []
    stopped = False
    try:
        with counted(len(found)) as step:
            for one in found:
                result = _taken(one, act, not (made or how.as_json))
                # What is done is told as done, also where the making of its letters is interrupted.
                made.append((one, result))
                if not isinstance(result, DisclosureError):
                    _settle(desk, result, how.later)
                step()
    except KeyboardInterrupt:
        stopped = True
    left = [one.number for one in found[len(made) :] if one.number]
    _tell(made, left, how.as_json)
    if stopped:
        sys.exit(STOPPED)
    if any(isinstance(result, DisclosureError) for _one_of, result in made):
        sys.exit(PARTLY)


def _taken(one: Picked, act: Callable[[str], list[Any]], may_ask: bool) -> list[Any] | DisclosureError:
    if one.number is None:
        assert one.fault is not None
        return one.fault
    try:
        return act(one.number)
    except Ambiguous as fault:
        # The same word is on the line of every case: it is asked about before the first.
        if may_ask and choosing.can_ask():
            raise
        return fault
    except DisclosureError as fault:
        return fault


def _settle(desk: Any, done: list[Any], later: bool) -> None:
    waits = settle(desk, done, later)
    if waits is not None:
        # The act stands; what follows the commit is tried again by `disclosure work`.
        done[-1].notes.append((N_("Not made yet: {text}"), {"text": waits.text}))


def _require_word(found: list[Picked], how: How) -> None:
    """Many cases, or letters, are not taken without a word: a question at a terminal, --yes in a script."""
    cases = [one for one in found if one.number]
    if how.yes:
        return
    if confirming.asked(how.yes, how.as_json):
        _ask(cases, how)
    elif len(cases) > UNASKED:
        raise Malformed(
            N_("These are {n} cases: more than {most} are taken only with --yes."),
            field="yes",
            n=len(cases),
            most=UNASKED,
            way_on=N_("See which they are with 'disclosure list', then add --yes."),
        )


def _ask(cases: list[Picked], how: How) -> None:
    """Show the cases, of a few the letters that would leave; a few without letters are not asked about."""
    few = len(cases) <= UNASKED
    letters = {
        one.number: how.papers(one.number) for one in cases if few and how.papers is not None and one.number
    }
    if few and not any(letters.values()):
        return
    rows = [
        [one.number or "", one.applicant, pick("；", "; ").join(letters.get(one.number or "", ()))]
        for one in cases[:SHOWN]
    ]
    heads = [_(N_("case")), _(N_("applicant")), _(N_("letter"))]
    width = 3 if any(letters.values()) else 2
    shown = screen.table(heads[:width], [row[:width] for row in rows])
    if len(cases) > SHOWN:
        shown.append(_(N_("… and {n} more."), n=len(cases) - SHOWN))
    if any(letters.values()) or (how.papers is not None and not few):
        shown.append(_(N_("Letters get their numbers, leave or become void by this.")))
    confirming.confirm(shown, _(N_("{command}: on these {n} cases?"), command=how.act, n=len(cases)))


def _tell(made: list[tuple[Picked, list[Any] | DisclosureError]], left: list[str], as_json: bool) -> None:
    from workflow.reports.views import case_text

    done = [(one, result) for one, result in made if not isinstance(result, DisclosureError)]
    refused = [(one, result) for one, result in made if isinstance(result, DisclosureError)]
    if as_json:
        click.echo(
            as_text(
                {
                    "done": [case_text.line_json(result) for _picked, result in done],
                    "refused": [
                        {"case": one.number or one.said, **case_text.fault_json(fault)}
                        for one, fault in refused
                    ],
                    "left": left,
                }
            )
        )
        return
    terminal.show(_lines(done, refused, left))


def _lines(
    done: list[tuple[Picked, list[Any]]], refused: list[tuple[Picked, DisclosureError]], left: list[str]
) -> list[str]:
    from workflow.base.messages import listed
    from workflow.base.names import name

    rows = [
        [
            result[-1].case.number,
            one.applicant,
            listed(name("event", each.entry.event) for each in result),
            name("state", result[-1].case.state),
        ]
        for one, result in done
    ]
    heads = [
        screen.Column(_(N_("case"))),
        screen.Column(_(N_("applicant")), 1, cut=True),
        screen.Column(_(N_("what was done"))),
        screen.Column(_(N_("state"))),
    ]
    lines = screen.table(heads, rows)
    for one, result in done:
        lines += [
            f"{one.number}{pick('：', ': ')}" + _(text, **params)
            for each in result
            for text, params in each.notes
        ]
    if refused:
        lines += [_(N_("Refused:")), *_refused(refused)]
    if left:
        lines.append(_(N_("Stopped. Not taken: {numbers}"), numbers=listed(left)))
    total = len(done) + len(refused) + len(left)
    lines.append(
        _(N_("{n} cases: {done} done, {refused} refused."), n=total, done=len(done), refused=len(refused))
    )
    return lines


def _refused(refused: list[tuple[Picked, DisclosureError]]) -> list[str]:
    """What was refused and why: cases that are refused for one reason are told together."""
    from workflow.base.messages import listed
    from workflow.base.names import name
    from workflow.reports.views.command_names import as_typed

    alike: dict[tuple[str, ...], list[tuple[Picked, DisclosureError]]] = {}
    any_case = pick("登记编号", "CASE")
    for one, fault in refused:
        told = [text.replace(one.number or one.said, any_case) for text in (fault.text, fault.advice or "")]
        alike.setdefault((fault.of_line or "", *told), []).append((one, fault))
    lines = []
    for key, found in alike.items():
        event, *told = key
        _one, fault = found[0]
        text, advice = told if len(found) > 1 else (fault.text, fault.advice)
        what = f"（{name('event', event)}）" if event else ""
        numbers = listed(one.number or one.said for one, _fault in found)
        lines.append(f"  {numbers}{what}{pick('：', ': ')}{text}")
        if advice:
            lines.append("    " + _(N_("Next: {advice}"), advice=as_typed(advice)))
    return lines
