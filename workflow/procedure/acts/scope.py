"""What is asked for changes: supplements, corrections in parts, a narrower scope, applications split or
linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.procedure.registry import guard, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@guard
def _says_what(case: CaseFile, act: Act, _: Context) -> None:
    # Asked without facts, nothing stands in the way of the act as such.
    if act.payload and not (act.payload.get("request") or act.payload.get("items")):
        raise Refused(
            N_("It is not said what is asked for now."),
            field="request",
            way_on=N_("Give --request, or --items for each thing asked for."),
        )


@guard
def _leaves_an_item(case: CaseFile, act: Act, _: Context) -> None:
    if len(case.items) < 2:
        raise Refused(
            N_("{number} asks for one thing only: there is nothing to split."),
            number=case.number,
            way_on=N_("See its items with: disclosure show {number}"),
        )
    groups = act.payload.get("apart")
    if groups is None:
        return
    named = [no for group in groups for no in group]
    if (
        not all(groups)
        or not all(1 <= no <= len(case.items) for no in named)
        or len(set(named)) != len(named)
    ):
        raise Refused(
            N_("The items are 1 to {count}, each in one new application at most."),
            field="apart",
            count=len(case.items),
            way_on=N_("See its items with: disclosure show {number}"),
            number=case.number,
        )
    if len(named) == len(case.items):
        raise Refused(
            N_("One item at least stays with {number}."),
            field="apart",
            number=case.number,
            way_on=N_("Name only those that become applications of their own."),
        )


@guard
def _nothing_corrected(case: CaseFile, act: Act, _: Context) -> None:
    if case.corrected_partly:
        raise Refused(
            N_("A part of the correction came on {day}: the application is not given up."),
            day=case.corrected_partly[-1],
            way_on=N_("Decide on what there is: disclosure corrected {number} --on {day}"),
            number=case.number,
        )


def _asks_now(case: CaseFile, payload: Any) -> bool:
    """Take over what is asked for now, where the entry says it; whether it does."""
    if payload.get("request"):
        case.request = payload["request"]
        case.ask(list(payload.get("items") or [case.request]))
    elif payload.get("items"):
        case.ask(list(payload["items"]))
        case.request = "\n".join(payload["items"])
    else:
        return False
    return True


def _begin_draft_anew(case: CaseFile) -> None:
    """What was drafted answers what is no longer asked."""
    case.draft, case.passed, case.drafter, case.overridden = {}, [], None, []


@reacts("correct_partly")
def _corrected_partly(case: CaseFile, entry: Entry[payloads.CorrectPartly]) -> None:
    case.corrected_partly.append(entry.on)
    _asks_now(case, entry.payload)


@reacts("supplement")
def _supplemented(case: CaseFile, entry: Entry[payloads.Supplement]) -> None:
    case.supplemented.append(entry.on)
    if _asks_now(case, entry.payload):
        _begin_draft_anew(case)


@reacts("narrow")
def _narrowed(case: CaseFile, entry: Entry[payloads.Narrow]) -> None:
    case.narrowed.append(entry.on)
    if _asks_now(case, entry.payload):
        _begin_draft_anew(case)


@reacts("split")
def _split(case: CaseFile, entry: Entry[payloads.Split]) -> None:
    gone = {no for group in entry.payload["apart"] for no in group}
    case.items = [text for no, text in enumerate(case.items, 1) if no not in gone]
    case.request = "\n".join(case.items)
    case.split_into += entry.payload["made"]


@reacts("link")
def _linked(case: CaseFile, entry: Entry[payloads.Link]) -> None:
    case.links.append((entry.payload["how"], entry.payload["other"]))
