"""Collecting: exactly once, whatever happens between; each form becomes its act, and nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests import builders
from tests.builders import Place
from tests.web import site as sites
from tests.web.site import PDF, Site
from workflow.base import follow_codes
from workflow.base.errors import Environment
from workflow.casework import case_codes
from workflow.reports.alerts import agenda, report
from workflow.storage import file_store
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_record
from workflow.web import acts_from_outside, collect, entered, items, outer_door
from workflow.web.public import form, sealing
from workflow.web.public.outer_tables import SUBMISSIONS

TODAY = date(2026, 9, 1)


def collected(place: Place, site: Site) -> collect.Collected:
    return collect.collect(place.desk("registrar"), site.outer.store, site.keys)


def only_case(place: Place) -> Any:
    with place.store.reading() as connection:
        numbers = list(connection.execute(sa.select(TABLES["case_file"].c.number)).scalars())
    assert len(numbers) == 1
    return place.case(numbers[0])


def test_an_application_becomes_a_case_on_the_day_of_the_system(place: Place, site: Site) -> None:
    site.apply([("f_identity", ("证.pdf", PDF, "application/pdf")), ("f_other", ("证.pdf", PDF, "x/y"))])
    place.today = date(2026, 9, 4)
    made = collected(place, site)
    assert [kind for _, kind, _ in made.taken] == ["application"]
    case = only_case(place)
    assert (case.received_on, case.channel, case.state) == (TODAY, "online", "received")
    assert case.applicant["name"] == "张三"
    assert case.form == "电子件；在本网站凭查询码领取"
    assert [one["name"] for one in case.attachments] == [entered.FORM_FILE, "证.pdf", "证.pdf"]
    kept = file_store.read(file_store.folder(place.store.folder), case.attachments[1]["sha256"])
    assert kept == PDF
    assert site.outer.store.waiting() == []
    with site.outer.store.engine.connect() as connection:
        assert connection.execute(sa.select(SUBMISSIONS.c.sealed)).scalar_one() == b""
    assert collected(place, site).taken == []
    verify_record.verify(place.store, place.desk().office)


def test_a_person_an_agent_and_an_organisation(quick: Place, site: Site) -> None:
    more = {"p2_name": "李四", "p2_id_number": "2", "a_name": "王律师", "a_id_number": "3", "a_phone": "139"}
    site.apply(persons="2", agent="1", organ=form.UNKNOWN_ORGAN, **more)
    made = collected(quick, site)
    assert any("does not know which organ" in text for _, (text, _params) in made.notes)
    case = only_case(quick)
    assert [one["name"] for one in case.others] == ["李四"]
    assert case.agent is not None
    assert case.agent["name"] == "王律师"


def test_a_run_that_dies_after_the_commit_takes_nothing_twice(
    quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.apply()
    site.apply(request="另一项")
    store = site.outer.store
    with monkeypatch.context() as patch:

        def dies(*_: Any) -> None:
            raise Environment("the line is dead")

        patch.setattr(store, "collected", dies)
        with pytest.raises(Environment):
            collected(quick, site)
    assert quick.row_count() == 1
    assert len(store.waiting()) == 2
    made = collected(quick, site)
    assert (len(made.taken), len(made.known)) == (1, 1)
    assert quick.row_count() == 2


def test_a_run_that_dies_before_the_commit_begins_anew(
    quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.apply()
    with monkeypatch.context() as patch:
        patch.setattr(case_codes, "keep", lambda *_: (_ for _ in ()).throw(Environment("killed")))
        with pytest.raises(Environment):
            collected(quick, site)
    assert quick.row_count() == 0
    assert len(collected(quick, site).taken) == 1
    assert only_case(quick).number == "2026-0001"


def test_of_two_collectors_one_takes_it_in(quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.apply()
    (one,) = site.outer.store.waiting()
    opened = collect.opening.opened

    def other_is_faster(*given: Any) -> Any:
        monkeypatch.setattr(collect.opening, "opened", opened)
        assert len(collected(quick, site).taken) == 1
        return opened(*given)

    class Slow:
        """The first collector looked before the second took it."""

        def __getattr__(self, name: str) -> Any:
            return getattr(site.outer.store, name)

        def waiting(self, after: int = 0, most: int = 50) -> list[Any]:
            return [one] if not after else []

        def papers(self, token: str) -> list[Any]:
            return []

    monkeypatch.setattr(collect.opening, "opened", other_is_faster)
    made = collect.collect(quick.desk("registrar"), Slow(), site.keys)  # type: ignore[arg-type]
    assert (made.taken, len(made.known), made.faults) == ([], 1, [])
    assert quick.row_count() == 1


def test_what_was_changed_outside_is_not_taken_in_and_keeps_nothing_waiting(quick: Place, site: Site) -> None:
    site.apply()
    site.apply(request="第二项")
    site.apply([("f_identity", ("证.pdf", PDF, "application/pdf"))], request="第三项")
    with site.outer.store.engine.begin() as connection:
        connection.execute(
            SUBMISSIONS.update().where(SUBMISSIONS.c.id == 1).values(at="2026-08-01T00:00:00.000000Z")
        )
        connection.exec_driver_sql("UPDATE paper SET sealed = x'00'")
    made = collected(quick, site)
    assert (len(made.taken), len(made.faults)) == (1, 2)
    assert only_case(quick).request == "第二项"
    assert len(site.outer.store.waiting()) == 2


# --- what an applicant does


def test_a_correction_is_received_on_its_day(quick: Place, site: Site) -> None:
    code, _ = site.apply()
    collected(quick, site)
    number = only_case(quick).number
    quick.act("registrar", "ask_correction", number, TODAY, matters="请明确年度", answer_by="2026-09-20")
    _publish_may(quick, site, code, ["correct"])
    said = site.act(
        code, "correct", [("f_other", ("图.pdf", PDF, "x/y"))], text1="2025年度", request="2025年度方案"
    )
    assert said.status_code == 200, said.text
    quick.today = date(2026, 9, 3)
    collected(quick, site)
    case = quick.case(number)
    assert (case.state, case.corrected, case.request) == ("received", [TODAY], "2025年度方案")
    assert [one["name"] for one in case.attachments][-2:] == ["图.pdf", acts_from_outside.SAID_FILE]
    verify_record.verify(quick.store, quick.desk().office)


def test_a_withdrawal_waits_until_an_officer_confirms_it(quick: Place, site: Site) -> None:
    code, _ = site.apply()
    assert site.act(code, "withdraw", text="不需要了").status_code == 200
    # It came before the application was collected: both are taken in their order.
    assert len(collected(quick, site).taken) == 2
    case = only_case(quick)
    assert case.state == "received"
    (waits,) = items.waiting(quick.desk("registrar"))
    assert (waits["case"], waits["kind"]) == (case.number, "withdraw")
    with report.opened(quick.desk("registrar"), mine=True) as asked:
        found = {one.id: one.rows for one in agenda.sections(asked)}
    assert [(one.case, one.detail) for one in found["new"]] == [(case.number, "")]
    assert [(one.what, one.detail) for one in found["web"]] == [("撤回申请", waits["receipt"])]
    with report.opened(quick.desk("handler"), mine=True) as asked:
        assert "web" not in {one.id for one in agenda.sections(asked)}
    acts_from_outside.settle(quick.desk("registrar"), waits["receipt"])
    assert only_case(quick).state == "withdrawn"
    assert items.waiting(quick.desk("registrar")) == []


def test_papers_wishes_and_ratings_are_recorded(quick: Place, site: Site) -> None:
    code, _ = site.apply()
    collected(quick, site)
    assert site.act(code, "paper").status_code == 422
    assert site.act(code, "paper", [("f_other", ("补.pdf", PDF, "x/y"))], text="补充").status_code == 200
    assert site.act(code, "rate", stars="5").status_code == 409
    _publish_may(quick, site, code, ["paper", "rate", "publish"])
    assert site.act(code, "rate").status_code == 422
    assert site.act(code, "rate", stars="4", text="及时").status_code == 200
    assert site.act(code, "rate", stars="1").status_code == 409
    assert site.act(code, "publish").status_code == 422
    assert site.act(code, "publish", text="大家都需要").status_code == 200
    assert len(collected(quick, site).taken) == 3
    case = only_case(quick)
    assert case.attachments[-1]["name"] == "补.pdf"
    with quick.store.reading() as connection:
        stars = list(connection.execute(sa.select(TABLES["web_item"].c.stars)).scalars())
    assert stars == [None, None, 4, None]
    texts = " ".join(str(one.payload.get("text")) for one in builders.entries(quick, case.number))
    assert "4分" in texts
    assert [one["kind"] for one in items.waiting(quick.desk())] == ["publish"]


def test_a_third_party_answers_with_a_code_of_its_own(quick: Place, site: Site) -> None:
    number = quick.bring("in_hand", on=date(2026, 8, 20))
    quick.act("handler", "consult_third_party", number, date(2026, 8, 25), name="甲公司")
    code = case_codes.give(quick.desk("handler"), number, 1)
    assert case_codes.give(quick.desk("handler"), number, 1) == code
    _publish_may(quick, site, code, ["opinion"], no=1)
    papers = [("f_other", ("保密协议.pdf", PDF, "application/pdf"))]
    assert site.act(code, "opinion", papers, answer="object", text="涉及商业秘密").status_code == 200
    # Pressed twice, the paper of the first stays.
    assert site.act(code, "opinion", papers, answer="object", text="涉及商业秘密").status_code == 409
    made = collected(quick, site)
    assert [one[1] for one in made.taken] == ["opinion"]
    assert [one["name"] for one in quick.case(number).attachments] == ["保密协议.pdf"]
    (part,) = quick.case(number).consultations
    assert (part.answer, part.reasons, part.answered) == ("object", "涉及商业秘密", TODAY)


def test_what_is_refused_is_kept_as_a_remark_and_waits(quick: Place, site: Site) -> None:
    code, _ = site.apply()
    collected(quick, site)
    _publish_may(quick, site, code, ["correct"])
    assert site.act(code, "correct", text1="迟来的补正").status_code == 200
    made = collected(quick, site)
    assert made.faults == []
    case = only_case(quick)
    (waits,) = items.waiting(quick.desk())
    assert waits["kind"] == "correct"
    assert "迟来的补正" in str(builders.entries(quick, case.number)[-1].payload["text"])


def test_a_correction_that_breaks_off_between_papers_and_act_goes_on(
    quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _ = site.apply()
    collected(quick, site)
    number = only_case(quick).number
    quick.act("registrar", "ask_correction", number, TODAY, matters="请明确年度", answer_by="2026-09-20")
    _publish_may(quick, site, code, ["correct"])
    site.act(code, "correct", text1="2025年度")
    with monkeypatch.context() as patch:
        patch.setitem(
            acts_from_outside.MEANS, "correct", lambda *_: (_ for _ in ()).throw(Environment("killed"))
        )
        with pytest.raises(Environment):
            collected(quick, site)
    assert quick.case(number).state == "correction_asked"
    collected(quick, site)
    case = quick.case(number)
    assert case.state == "received"
    assert sum(one["name"] == acts_from_outside.SAID_FILE for one in case.attachments) == 1


def _publish_may(place: Place, site: Site, code: str, acts: list[str], no: int = 0) -> None:
    """As if the office had published that these acts are open."""
    from workflow.web.public import rows

    secret = follow_codes.secret_of_code(code)
    assert secret is not None
    lookup = follow_codes.lookup(secret)
    contents = {
        "at": "2026-09-01T00:00:00.000000Z",
        "number": "2026-0001",
        "said": {"zh": "办理中", "en": "in hand"},
        "received": None,
        "due": None,
        "why": None,
        "told": [],
        "may": [{"act": act, "until": None, "matters": ["请明确年度"]} for act in acts],
        "letters": [],
    }
    row = rows.written(lookup, 1, contents, [], sealing.public_key(secret), site.keys.sign)
    site.outer.store.publish(lookup, 1, row.text, {})


# --- over HTTP


def test_the_door_over_http_takes_signed_requests_only(
    quick: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import BytesIO
    from urllib.error import HTTPError

    from workflow.base.errors import Malformed, Refused
    from workflow.web import keys as web_keys

    def over(request: Any, timeout: float) -> Any:
        answer = site.browser.post(
            request.full_url, content=request.data, headers=dict(request.header_items())
        )
        if answer.status_code != 200:
            raise HTTPError(request.full_url, answer.status_code, "", {}, BytesIO(answer.content))  # type: ignore[arg-type]
        return BytesIO(answer.content)

    monkeypatch.setattr(outer_door, "urlopen", over)
    code, _ = site.apply([("f_identity", ("证.pdf", PDF, "application/pdf"))])
    door = outer_door.HttpDoor(sites.ADDRESS, site.keys, site.clock)
    made = collect.collect(quick.desk("registrar"), door, site.keys)
    assert len(made.taken) == 1
    assert door.waiting() == []
    stranger = web_keys.Keys(site.keys.seal, Ed25519PrivateKey.generate())
    with pytest.raises(Refused):
        outer_door.HttpDoor(sites.ADDRESS, stranger, site.clock).waiting()
    late = outer_door.HttpDoor(sites.ADDRESS, site.keys, lambda: sites.MORNING.replace(year=2025))
    with pytest.raises(Refused):
        late.waiting()
    assert site.browser.post("/office", content=b"{}").status_code == 403
    with pytest.raises(Malformed):
        outer_door.HttpDoor("http://yigk.example.gov.cn", site.keys)
