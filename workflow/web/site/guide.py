"""What the guide, the fees and the questions say: facts of the office file and rows of the law of a day.

What the office file lacks is never guessed: it is left out, and `gaps` names it.
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from letters.content import review_organs
from workflow import law
from workflow.base import names, tables
from workflow.base.errors import DisclosureError, OutOfLaw
from workflow.base.messages import N_, language, listed, pick, translate
from workflow.base.patterns import later
from workflow.law.keys import Provision
from workflow.office.profile import Office
from workflow.web.site.pages import word

QUESTIONS = os.path.join(os.path.dirname(__file__), "questions.toml")
# What the guide has to state of the organ (Regulations, Art. 12, para. 2).
FACTS = ("disclosure_body", "address", "postcode", "hours", "telephone", "fax", "email", "website")
_ASKED = ("disclosure_body", "hours", "fax", "email", "website")
PERIODS = ("reply.limit", "reply.extension", "correction.notice", "third_party.opinion", "fee.payment")
REMEDIES = (
    "reconsideration.limit",
    "reconsideration.inaction",
    "litigation.limit",
    "litigation.after_reconsideration",
    "litigation.inaction",
)
_VALUE = later(r"\{([a-z_.]+)\}")


def lang() -> str:
    """The language in force as the tables of words name it."""
    return "zh" if language() == "zh_CN" else "en"


def length(id: str, on: date) -> str:
    """The length of a period of a day in words: '20个工作日'."""
    found = law.bundled().value(id, on)
    unit = law.bundled().unit(found.unit)
    return pick(f"{found.value}{unit['zh']}", f"{found.value} {unit['en']}")


def _periods(ids: tuple[str, ...], on: date) -> list[tuple[str, str, str]]:
    book, made = law.bundled(), []
    for id in ids:
        try:
            found = book.value(id, on)
        except OutOfLaw:
            continue
        head = book.parameter(id)
        made.append((pick(head["zh"], head["en"]), length(id, on), names.article(found.article)))
    return made


def index(office: Office, on: date) -> dict[str, Any]:
    """The values of the guide's page."""
    book = law.bundled()
    channels = []
    for id in office.entry("channels"):
        found = book.channel(id, on)
        channels.append((pick(found.zh, found.en), names.article(found.article)))
    organs, _ = _organs(office, on)
    return {
        "facts": [
            (word("index.organ", lang()), office.name),
            *((names.name("office", key), str(office.entry(key))) for key in FACTS if office.entry(key)),
        ],
        "guide_article": names.article(book.provision(Provision.ORGAN_GUIDE, on)),
        "channels": channels,
        "holds": [(row[lang()], _cited(row)) for row in _rows("content", on)],
        "periods": _periods(PERIODS, on),
        "complaint_article": names.article(book.provision(Provision.COMPLAINT, on)),
        "organs": organs,
        "court": str(office.entry("court")),
        "remedies": _periods(REMEDIES, on),
    }


def _organs(office: Office, on: date) -> tuple[tuple[Any, ...], DisclosureError | None]:
    """The organs that decide on reconsideration, and why they could not be named."""
    profile = {**office.profile, "names": office.names_of_roles()}
    try:
        return review_organs.named(profile, on=on, law=law.bundled())[0], None
    except DisclosureError as fault:
        return (), fault


def gaps(office: Office, on: date) -> list[str]:
    """What the guide has to state and the office file does not, in words."""
    missing = [names.name("office", key) for key in _ASKED if not office.entry(key)]
    told = [
        translate(
            N_("The guide lacks, because the office file does: {names}. Give it with: disclosure office set"),
            names=listed(missing),
        )
    ]
    _, fault = _organs(office, on)
    return [
        *(told if missing else []),
        *([fault.text] if fault else []),
        translate(
            N_(
                "The guide also has to state how information is classified and arranged ({article}): that stands in no table of the office."
            ),
            article=names.article(law.bundled().provision(Provision.ORGAN_GUIDE, on)),
        ),
    ]


def fees(office: Office, on: date) -> dict[str, Any]:
    """The values of the page of fees: the scales in force, as their bands read."""
    book, scales = law.bundled(), []
    for row in book.tables["fees"]["rate"]:
        if not row["effective_from"] <= on.isoformat() <= row.get("effective_until", "9999-12-31"):
            continue
        head = book.tables["fees"]["schedule"][row["id"]]
        scales.append(
            {
                "name": pick(head["zh"], head["en"]),
                "what": word("fees.count_item" if head["unit"] == "item" else "fees.count_page", lang()),
                "rows": [_band(band) for band in row["bands"]],
                "article": names.article(row["article"]),
            }
        )
    free = names.article(book.provision(Provision.NO_FEE, on))
    return {"scales": scales, "free_article": free, "payment": str(office.entry("payment"))}


def _band(band: dict[str, Any]) -> tuple[Any, Any, str]:
    each = str(band["yuan"])
    if "every" in band:
        each = word("fees.rise", lang(), yuan=each, every=band["every"], rise=band["rise"])
    return band["from"], band.get("until", word("fees.up", lang())), each


def questions(on: date) -> list[tuple[str, str, str]]:
    """Questions of a day: what is asked, the answer with its lengths filled in, the provisions."""
    return [
        (
            row[lang()]["ask"],
            _VALUE.sub(lambda found: length(found[1], on), row[lang()]["answer"]),
            _cited(row),
        )
        for row in _rows("question", on)
    ]


def _rows(kind: str, on: date) -> list[dict[str, Any]]:
    """The rows of questions.toml that hold on a day."""
    return [
        row
        for row in tables.read(QUESTIONS)[kind]
        if str(row["effective_from"]) <= on.isoformat() <= str(row.get("effective_until", "9999-12-31"))
    ]


def _cited(row: dict[str, Any]) -> str:
    return listed(names.article(ref) for ref in row["articles"])
