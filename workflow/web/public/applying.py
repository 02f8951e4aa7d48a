"""Pages on which an application is made: who applies, the form, the preview, the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from workflow.base import dates, follow_codes
from workflow.base.errors import Conflict
from workflow.web.public import form as forms
from workflow.web.public import handing_in, pages, receipt_pdf, uploads
from workflow.web.public.form import Filled
from workflow.web.public.handing_in import Held, Receipt

if TYPE_CHECKING:
    from workflow.web.public.asking import Asked, Outer

# By what an empty form is told from another one.
_ASKED_FOR = {"kind", "persons", "agent", "organ"}
_MOST_BLANKS = 200
# Where the token and the puzzle stand in a form that was drawn once; no text of a page holds it.
_ONCE = Markup("\x00")


def home(asked: Asked) -> Response:
    """The first page."""
    return asked.page("home.html")


def begin(asked: Asked) -> Response:
    """Who applies; with that known, the empty form."""
    if not asked.outer.has_room():
        return asked.refused("full", 503)
    given = asked.request.query_params
    if "kind" not in given:
        organ = given.get("organ", "")
        known = {**asked.outer.organs, forms.UNKNOWN_ORGAN: forms.UNKNOWN[asked.lang]}
        return asked.page(
            "begin.html",
            "/apply",
            kinds=forms.kinds(),
            most_persons=forms.MOST_PERSONS,
            organ=organ if organ in known else "",
            organ_name=known.get(organ, ""),
        )
    return _blank(asked, {name: given[name] for name in given})


def _blank(asked: Asked, given: dict[str, str]) -> Response:
    """The empty form: who asks for the same one gets what was drawn once, but for its token and puzzle."""
    outer, once = asked.outer, _once(asked, handing_in.new_token())
    filled = forms.read(given, outer.organs)
    organ = given.get("organ", "")
    if not given.keys() <= _ASKED_FOR or (organ and organ not in {**outer.organs, forms.UNKNOWN_ORGAN: ""}):
        return _form(asked, filled, once, [])
    shape = filled.shape
    key = (asked.lang, shape.kind, str(shape.persons), str(shape.agent), organ)
    drawn = outer.blanks.get(key)
    if drawn is None:
        drawn = bytes(_form(asked, filled, _ONCE, []).body).decode()
        if len(outer.blanks) >= _MOST_BLANKS:
            outer.blanks.clear()
        outer.blanks[key] = drawn
    return HTMLResponse(drawn.replace(_ONCE, once))


def _once(asked: Asked, token: str) -> Markup:
    """What a form has of its own: the token by which it is taken once, and a puzzle."""
    return pages.part(asked.lang, "once.html", token=token, puzzle=asked.outer.puzzles.new())


def change(asked: Asked) -> Response:
    """Back from the preview to the form."""
    token = handing_in.token_of(asked.text("token"))
    if token is None:
        return asked.refused("stale", 400)
    filled = forms.read(asked.texts(), asked.outer.organs)
    return _form(asked, filled, _once(asked, token), handing_in.held(asked.form.getlist("paper")))


def preview(asked: Asked) -> Response:
    """The form as it was filled in, with what is wrong, or as it would be sent."""
    outer, token = asked.outer, handing_in.token_of(asked.text("token"))
    if token is None:
        return asked.refused("stale", 400)
    if not outer.has_room():
        return asked.refused("full", 503)
    if not asked.may_submit(use=False):
        return asked.refused("busy", 429)
    filled = forms.checked(forms.read(asked.texts(), outer.organs), outer.organs)
    try:
        papers, wrong = take_papers(asked, token)
    except Conflict as fault:
        return _sent_already(asked, fault)
    if filled.faults or wrong:
        return _form(asked, filled, _once(asked, token), papers, wrong)
    return asked.page(
        "preview.html",
        "/apply",
        form=filled,
        token=token,
        papers=papers,
        worked=asked.text("work"),
        words_of=lambda one: _shown(one, asked),
    )


async def submit(asked: Asked) -> Response:
    """Take the application; only what is kept for good is confirmed."""
    outer, token = asked.outer, handing_in.token_of(asked.text("token"))
    filled = forms.checked(forms.read(asked.texts(), outer.organs), outer.organs)
    if token is None:
        return asked.refused("stale", 400)
    papers = handing_in.held(asked.form.getlist("paper"))
    if filled.faults:
        return _form(asked, filled, _once(asked, token), papers)
    if not outer.has_room():
        return asked.refused("full", 503)
    if not asked.may_submit(use=True):
        return asked.refused("busy", 429)
    answers = forms.answers(filled)
    handed = handing_in.handing(outer.card, handing_in.APPLICATION, token, answers, papers, outer.now())
    try:
        receipt = await handing_in.hand_in_soon(outer.store, handed)
    except Conflict as fault:
        return _sent_already(asked, fault)
    if receipt is None:
        return asked.refused("stale", 400)
    return _receipt(asked, receipt, answers["organ"])


def _sent_already(asked: Asked, fault: Conflict) -> Response:
    text = pages.word("receipt.changed", asked.lang, **fault.params)
    return pages.told(asked.outer.card, asked.lang, pages.word("receipt.title", asked.lang), text, 409)


def take_papers(asked: Asked, token: str) -> tuple[list[Held], list[tuple[str, str, str]]]:
    """The papers of a form: those taken before, and those that came now, sealed at once; what is wrong with
    any, as (field, label, words). Conflict where the form was sent already.
    """
    outer, papers = asked.outer, handing_in.held(asked.form.getlist("paper"))
    wrong: list[tuple[str, str, str]] = []
    for purpose in handing_in.PURPOSES:
        for came in asked.files(f"f_{purpose}"):
            data = came.file.read(uploads.LARGEST + 1)
            fault = "many" if len(papers) >= uploads.MOST else uploads.fault(data)
            if fault is None and not asked.may_hand_in(len(data)):
                fault = "often"
            if fault:
                label = pages.word(f"apply.{purpose}", asked.lang)
                wrong.append((f"f_{purpose}", label, pages.word(f"fault.{fault}", asked.lang)))
                continue
            no = 1 + max((one.no for one in papers), default=0)
            paper = uploads.Paper(uploads.name(came.filename, data, no), data)
            papers.append(
                handing_in.take_paper(outer.store, outer.card, token, no, purpose, paper, outer.now())
            )
    return papers, wrong


def _form(
    asked: Asked,
    filled: Filled,
    once: Markup,
    papers: list[Held],
    wrong: list[tuple[str, str, str]] | None = None,
) -> Response:
    lang, outer = asked.lang, asked.outer
    faults = [(one.name, one.spec[lang], pages.word(f"fault.{one.fault}", lang)) for one in filled.faults] + (
        wrong or []
    )
    return asked.page(
        "apply.html",
        "/apply",
        status=422 if faults else 200,
        form=filled,
        once=once,
        papers=papers,
        faults=faults,
        options=lambda spec: forms.choices(spec, outer.organs, lang),
        basis=pages.articles(lang),
        paper_mb=uploads.LARGEST // uploads.MEGABYTE,
        most_papers=uploads.MOST,
        draft_words=pages.word("apply.draft", lang),
    )


def _shown(one: forms.Field, asked: Asked) -> str:
    if "choices" not in one.spec:
        return one.value
    return dict(forms.choices(one.spec, asked.outer.organs, asked.lang)).get(one.value, one.value)


def code_address(outer: Outer, code: str, lang: str) -> str:
    """The address of the page of a code, as a receipt has it."""
    return f"{outer.address}{pages.place('/s/' + code, lang)}"


def _receipt(asked: Asked, receipt: Receipt, organ: str) -> Response:
    code = follow_codes.code(receipt.secret)
    address = code_address(asked.outer, code, asked.lang)
    at = receipt.submission.at
    return asked.page(
        "receipt.html",
        "/follow",
        receipt=receipt.submission.receipt,
        first=receipt.first,
        at=datetime.fromisoformat(at).astimezone(dates.CHINA).isoformat(timespec="seconds"),
        at_china=dates.china_time(at),
        organ=asked.outer.organs.get(organ, asked.outer.card.name),
        organ_key=organ,
        paper=receipt_pdf.offered(),
        code=code,
        address=address,
        qr=pages.qr(address, pages.word("receipt.qr", asked.lang)),
    )


PAGES = [
    ("/", "GET", home),
    ("/apply", "GET", begin),
    ("/preview", "POST", preview),
    ("/change", "POST", change),
    ("/apply", "POST", submit),
]
