"""Who did not know which organ to ask: passed on, told of it, and followed with the same code."""

from __future__ import annotations

import dataclasses
from datetime import date

from tests import builders
from tests.builders import Place
from tests.web.site import PDF, Site
from workflow.storage import file_store
from workflow.upkeep import verify_record
from workflow.web import collect, items, publish
from workflow.web.public import card, form

TODAY = date(2026, 9, 1)


def collected(place: Place, site: Site) -> collect.Collected:
    return collect.collect(place.desk("registrar"), site.outer.store, site.keys)


def shown(place: Place, site: Site, code: str) -> str:
    publish.publish(place.desk("registrar"), site.outer.store, site.keys)
    return str(site.browser.post("/follow", data={"code": code}).text)


def passed_on(place: Place, site: Site) -> tuple[str, str, Place, str]:
    """An application passed on: the code, its number here, the organ, its number there."""
    theirs = place.organ_below()
    code, _ = site.apply(organ=form.UNKNOWN_ORGAN)
    ((_, _, number),) = collected(place, site).taken
    assert "江州市mz局" not in shown(place, site, code)
    place.act("registrar", "route", number, TODAY, organ="mz", reasons="由该局负责")
    made = place.case(number).passed_to
    assert made is not None
    return code, number, theirs, made.number


def test_the_code_leads_to_the_organ_that_has_it(quick: Place, site: Site) -> None:
    """The page names it and its telephone, with the day of receipt and the last day."""
    code, _, theirs, there = passed_on(quick, site)
    page = shown(quick, site, code)
    assert "江州市mz局" in page
    assert f"<strong>{theirs.due(there)}</strong>" in page
    assert "2026-09-01转由该机关办理" in page
    assert "转办理由：由该局负责" in page
    # The receipt of the organ says it too.
    theirs.act("registrar", "register", there, TODAY)
    told = "该申请由江州市民政局于2026年9月1日转本机关办理，转办理由：由该局负责。"
    assert told in [block.get("text") for block in theirs.said(there, "P2")["blocks"]]


def test_which_organ_he_chose_stands_in_the_case(quick: Place, site: Site) -> None:
    """By its name, for whoever opens the case later; nothing where it is the platform's own."""
    theirs = quick.organ_below()
    organ = card.Organ(theirs.desk().office.key, theirs.desk().office.name)
    site.outer.card = dataclasses.replace(site.outer.card, organs=(*site.outer.card.organs, organ))
    for chosen in (organ.key, form.UNKNOWN_ORGAN, quick.desk().office.key):
        site.apply(organ=chosen)
    made = collected(quick, site)
    said: list[object] = []
    for _, _, number in made.taken:
        notes = [one for one in builders.entries(quick, number) if one.event == "note"]
        said.append([one.payload["text"] for one in notes])
        (paper,) = quick.case(number).attachments
        kept = file_store.read(file_store.folder(quick.store.folder), paper["sha256"]).decode()
        (line,) = [line for line in kept.splitlines() if line.startswith("向哪个行政机关申请")]
        said.append(line.partition("：")[2])
    assert said == [
        ["申请人在网上选择的机关：江州市mz局"],
        "江州市mz局",
        ["申请人在网上选择的机关：申请人不确定，请转办"],
        "申请人不确定，请转办",
        [],
        quick.desk().office.name,
    ]


def test_what_he_sends_later_reaches_the_organ(quick: Place, site: Site) -> None:
    """A correction becomes the act there, a paper its file; a withdrawal waits for its officer."""
    code, number, theirs, there = passed_on(quick, site)
    theirs.act("registrar", "ask_correction", there, TODAY, matters="请明确年度", answer_by="2026-09-20")
    shown(quick, site, code)
    site.act(code, "correct", text1="2025年度", files=[("f_other", ("证.pdf", PDF, "application/pdf"))])
    site.act(code, "withdraw", text="已从他处取得")
    made = collected(quick, site)
    assert (made.faults, [one[2] for one in made.taken]) == ([], [there, there])
    case = theirs.case(there)
    assert case.corrected == [TODAY]
    assert "证.pdf" in [one["name"] for one in case.attachments]
    assert [one["kind"] for one in items.waiting(theirs.desk("registrar"))] == ["withdraw"]
    assert items.waiting(quick.desk("registrar")) == []
    assert quick.case(number).state == "passed_on"
    for place in (quick, theirs):
        verify_record.verify(place.store, place.desk().office)


def test_handed_back_the_code_leads_back(quick: Place, site: Site) -> None:
    """And to the next organ."""
    code, number, theirs, there = passed_on(quick, site)
    theirs.act("registrar", "hand_back", there, TODAY, reasons="不属于本机关职责")
    page = shown(quick, site, code)
    assert number in page
    assert "江州市mz局" not in page
    others = quick.organ_below("zj")
    quick.act("registrar", "route", number, TODAY, organ="zj", reasons="由该局负责")
    assert "江州市zj局" in shown(quick, site, code)
    verify_record.verify(others.store, others.desk().office)
