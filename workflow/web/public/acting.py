"""Pages on which an applicant, or a third party with a code of his own, acts on what was published to him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from workflow.base import dates, follow_codes
from workflow.base.errors import Conflict
from workflow.web.public import applying, form, handing_in, pages, uploads
from workflow.web.public.following import Followed, find, once

if TYPE_CHECKING:
    from workflow.web.public.asking import Asked

MOST = 5000
ANSWERS = ("agree", "object", "partly")
STARS = ("5", "4", "3", "2", "1")
# What each act asks: a text that has to be given or not, a choice, papers. `once`: a second one is not taken.
ACTS: dict[str, dict[str, Any]] = {
    "correct": {"text": "matters", "request": True, "papers": True},
    "withdraw": {"text": "may", "once": True},
    "paper": {"text": "may", "papers": True},
    "opinion": {"text": "may", "choice": ("answer", ANSWERS), "papers": True, "once": True},
    "publish": {"text": "need", "once": True},
    "rate": {"text": "may", "choice": ("stars", STARS), "once": True},
}


def ask(asked: Asked) -> Response:
    """The form of an act."""
    found = find(asked, asked.text("code"))
    if isinstance(found, Response):
        return found
    act = asked.text("act")
    if act not in ACTS or act not in found.may:
        return _closed(asked, found)
    return _page(asked, found, act, handing_in.new_token(), [], [])


def send(asked: Asked) -> Response:
    """Take what was sent."""
    found = find(asked, asked.text("code"))
    if isinstance(found, Response):
        return found
    act, token = asked.text("act"), handing_in.token_of(asked.text("token"))
    outer = asked.outer
    known = token is not None and act in ACTS
    if token is None or not known or (act not in found.may and not _sent(found, act)):
        return _closed(asked, found)
    if not outer.has_room():
        return asked.refused("full", 503)
    if not asked.may_submit(use=True):
        return asked.refused("busy", 429)
    answers, faults = _read(asked, act, found)
    if ACTS[act].get("once"):
        token = once(found.secret, act)
    try:
        papers, wrong = applying.take_papers(asked, token) if ACTS[act].get("papers") else ([], [])
    except Conflict:
        return _closed(asked, found)
    if act == "paper" and not papers and not wrong:
        wrong = [_fault(asked, "f_other", "apply.papers", "needed")]
    if faults or wrong:
        return _page(asked, found, act, token, papers, faults + wrong)
    handed = handing_in.handing(outer.card, act, token, answers, papers, outer.now(), found.secret)
    try:
        receipt = handing_in.hand_in(outer.store, handed)
    except Conflict:
        return _closed(asked, found)
    if receipt is None:
        return asked.refused("stale", 400)
    return asked.page(
        "done.html",
        f"/s/{follow_codes.code(found.secret)}",
        receipt=receipt.submission.receipt,
        at_china=dates.china_time(receipt.submission.at),
        code=follow_codes.code(found.secret),
    )


def _sent(found: Followed, act: str) -> bool:
    return any(one.kind == act for one in found.sent)


def _matters(found: Followed, act: str) -> list[str]:
    return list(found.may.get(act, {}).get("matters", []))


def _read(asked: Asked, act: str, found: Followed) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """What was typed, and what is wrong with it as (field, label, words)."""
    spec = ACTS[act]
    faults: list[tuple[str, str, str]] = []
    answers: dict[str, Any] = {}
    label = f"act.{act}_field"
    matters = _matters(found, act)
    names = [f"text{no}" for no in range(1, len(matters) + 1)] or ["text"]
    if spec["text"] == "matters":
        texts = [form.clean(asked.text(name)) for name in names]
        answers["texts"] = texts
        answers["matters"] = matters
        answers["request"] = form.clean(asked.text("request"))
        if not any([*texts, answers["request"], *asked.files("f_other")]):
            faults.append(_fault(asked, names[0], label, "needed"))
        texts = [*texts, answers["request"]]
    else:
        texts = [form.clean(asked.text("text"))]
        answers["text"] = texts[0]
        if spec["text"] == "need" and not texts[0]:
            faults.append(_fault(asked, "text", label, "needed"))
    for name, text in zip([*names, "request"], texts, strict=False):
        if found_fault := form.fault_of_text(text, MOST, rows=True):
            faults.append(_fault(asked, name, label, found_fault))
    if "choice" in spec:
        name, choices = spec["choice"]
        answers[name] = asked.text(name)
        if answers[name] not in choices:
            faults.append(_fault(asked, f"{name}-{choices[0]}", f"act.{name}", "choice"))
    return answers, faults


def _fault(asked: Asked, field: str, label: str, fault: str) -> tuple[str, str, str]:
    return field, pages.word(label, asked.lang), pages.word(f"fault.{fault}", asked.lang)


def _closed(asked: Asked, found: Followed) -> Response:
    text, title = pages.word("act.closed", asked.lang), pages.word("refused.title", asked.lang)
    code = follow_codes.code(found.secret)
    way_on = (pages.place(f"/s/{code}", asked.lang), pages.word("receipt.open", asked.lang))
    return pages.told(asked.outer.card, asked.lang, title, text, 409, way_on)


def _page(
    asked: Asked, found: Followed, act: str, token: str, papers: list[Any], faults: list[Any]
) -> Response:
    spec = ACTS[act]
    name, choices = spec.get("choice", ("", ()))
    return asked.page(
        "act.html",
        f"/s/{follow_codes.code(found.secret)}",
        status=422 if faults else 200,
        act=act,
        spec=spec,
        token=token,
        code=follow_codes.code(found.secret),
        matters=_matters(found, act),
        papers=papers,
        faults=faults,
        typed=asked.texts(),
        choice_name=name,
        choices=[(key, "act." + ("star_" if name == "stars" else "") + key) for key in choices],
        puzzle=asked.outer.puzzles.new(),
        most=MOST,
        paper_mb=uploads.LARGEST // uploads.MEGABYTE,
        most_papers=uploads.MOST,
    )


PAGES = [("/act", "POST", ask), ("/act/send", "POST", send)]
