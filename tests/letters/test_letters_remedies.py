"""The remedy clause: exactly the right one for every outcome, era, organ and way of service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from letters.content import kinds, remedy_notice, specimens
from workflow import law
from workflow.base.errors import Refused
from workflow.office import profile

L = law.bundled()
GOVERNMENT, DEPARTMENT, COURT = "某某市人民政府", "某某省交通运输厅", "某某市某某区人民法院"

ERAS = {
    "before 2015-05-01": (date(2015, 4, 30), f"{GOVERNMENT}或者{DEPARTMENT}", "3个月"),
    "from 2015-05-01": (date(2015, 5, 1), f"{GOVERNMENT}或者{DEPARTMENT}", "6个月"),
    "2019 Regulations": (date(2020, 6, 1), f"{GOVERNMENT}或者{DEPARTMENT}", "6个月"),
    "last day of the old law": (date(2023, 12, 31), f"{GOVERNMENT}或者{DEPARTMENT}", "6个月"),
    "first day of the new law": (date(2024, 1, 1), GOVERNMENT, "6个月"),
    "today": (date(2026, 5, 20), GOVERNMENT, "6个月"),
}
WITHHELD = ["D4a", "D4b", "D4c", "D4d", "D4e", "D4f", "D4g"]
FREE = ["D1", "D2", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D15", "D16", "D17", "D18"]
NONE = [f"P{n}" for n in range(1, 16) if n != 9] + ["D14"]


def free(document: str, organ: str, months: str, subject: str = "") -> str:
    subject = subject or f"本{document}"
    return (
        f"如对{subject}不服，可以自收到本{document}之日起60日内向{organ}申请行政复议，"
        f"或者自收到本{document}之日起{months}内向{COURT}提起行政诉讼。"
    )


def first(document: str, organ: str, subject: str = "") -> str:
    subject = subject or f"本{document}"
    return (
        f"如对{subject}不服，应当自收到本{document}之日起60日内先向{organ}申请行政复议；"
        "对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向人民法院提起行政诉讼。"
    )


def only(document: str, organ: str, subject: str = "") -> str:
    subject = subject or f"本{document}"
    return f"如对{subject}不服，可以自收到本{document}之日起60日内向{organ}申请行政复议。"


# Letters against which no suit is admitted, with the day from which.
CLOSED = {
    "D9": date(2011, 8, 13),
    "D11": date(2011, 8, 13),
    "D7": date(2025, 6, 1),
    "D8": date(2025, 6, 1),
    "D10": date(2025, 6, 1),
}


# Letters that the law of an earlier day does not know.
UNKNOWN = {
    "before 2015-05-01": {"D12", "D13", "P4", "P10", "P12", "P14"},
    "from 2015-05-01": {"D12", "D13", "P4", "P10", "P12", "P14"},
    "2019 Regulations": {"P12"},
}
PAIRS = [
    pytest.param(code, era, id=f"{code} {era}")
    for era in ERAS
    for code in (*WITHHELD, *FREE, *NONE)
    if code not in UNKNOWN.get(era, ())
]


def composed(code: str, **choices: Any) -> list[str]:
    """The remedy paragraphs of a specimen."""
    content = specimens.letter(code, law=L, **choices)
    texts = [block["text"] for block in content["blocks"] if block["type"] == "remedy"]
    assert content["remedy"]["text"] == "\n".join(texts)
    return texts


@pytest.mark.parametrize(("code", "era"), PAIRS)
def test_the_clause(code: str, era: str) -> None:
    on, organ, months = ERAS[era]
    document = kinds.get(code).document
    if code in NONE:
        expected = []
    elif code in WITHHELD and on >= date(2024, 1, 1):
        expected = [first(document, organ)]
    elif on >= CLOSED.get(code, date.max):
        expected = [only(document, organ)]
    else:
        expected = [free(document, organ, months)]
    assert composed(code, on=on) == expected


@pytest.mark.parametrize("era", UNKNOWN)
def test_what_the_law_of_the_day_does_not_know_is_refused(era: str) -> None:
    for code in UNKNOWN[era]:
        with pytest.raises(Refused):
            composed(code, on=ERAS[era][0])


@pytest.mark.parametrize("era", ERAS)
def test_only_the_withheld_part_of_a_partial_disclosure_goes_to_reconsideration_first(era: str) -> None:
    on, organ, months = ERAS[era]
    if on < date(2024, 1, 1):
        assert composed("D3", on=on) == [free("答复书", organ, months)]
    else:
        assert composed("D3", on=on) == [
            first("答复书", organ, "本答复书中不予公开的部分（第二项）"),
            free("答复书", organ, months, "本答复书的其他部分"),
        ]


@pytest.mark.parametrize("era", ERAS)
def test_the_third_party_has_remedies_of_its_own(era: str) -> None:
    on, organ, months = ERAS[era]
    assert composed("P9", on=on) == [free("告知书", organ, months)]


@pytest.mark.parametrize("served_by", ["post", "hand", "entrusted", "email", "online"])
@pytest.mark.parametrize("code", ["D1", "D3", "D4d", "D5", "P9"])
@pytest.mark.parametrize("on", [date(2023, 12, 31), date(2024, 1, 1)])
def test_a_letter_served_online_gives_the_online_way(code: str, served_by: str, on: date) -> None:
    texts = composed(code, served_by=served_by, on=on)
    online = [text for text in texts if "https://" in text]
    wanted = served_by in ("email", "online") and on.year == 2024
    assert (
        online
        == [f"行政复议申请可以通过{GOVERNMENT}的互联网渠道（https://fuyi.example.invalid）提交。"] * wanted
    )


def office(**changes: Any) -> dict[str, Any]:
    return {**specimens.data("D1")["office"], **changes}


def of(organ: dict[str, Any], on: date = date(2026, 5, 20), served_by: str = "post") -> remedy_notice.Remedy:
    items = [{"no": 1, "outcome": "withheld", "ground": "state_secret"}]
    return remedy_notice.notice(items, document="答复书", office=organ, on=on, served_by=served_by, law=L)


@pytest.mark.parametrize(
    ("kind", "level", "on", "names"),
    [
        ("government", "township", date(2026, 1, 5), ["某某省人民政府"]),
        ("government", "province", date(2026, 1, 5), ["某某市交通运输局"]),
        ("department", "county", date(2026, 1, 5), [GOVERNMENT]),
        ("department", "county", date(2023, 1, 5), [GOVERNMENT, DEPARTMENT]),
        ("judicial_admin", "prefecture", date(2026, 1, 5), [GOVERNMENT, DEPARTMENT]),
        ("vertical", "prefecture", date(2026, 1, 5), [DEPARTMENT]),
        ("state_council_department", "state", date(2026, 1, 5), ["某某市交通运输局"]),
        ("dispatched_office", "county", date(2026, 1, 5), [GOVERNMENT]),
    ],
)
def test_the_reconsideration_organ_by_kind_and_level(
    kind: str, level: str, on: date, names: list[str]
) -> None:
    notice = of(office(kind=kind, level=level), on)
    assert [organ.name for organ in notice.organs] == names
    assert "或者".join(names) in notice.paragraphs[0]


@pytest.mark.parametrize("on", [date(2013, 5, 2), date(2023, 12, 31), date(2024, 1, 1), date(2026, 7, 1)])
@pytest.mark.parametrize(
    ("kind", "level"), [(k, v) for k, levels in L.organ_levels().items() for v in levels]
)
def test_every_kind_of_organ_at_every_level_names_its_reconsideration_organ(
    kind: str, level: str, on: date
) -> None:
    names = {role: f"名为{role}的机关" for role in profile.RELATED}
    organ = office(kind=kind, level=level, names=names, reconsideration=[], court="某某市中级人民法院")
    notice = of(organ, on)
    expected = [
        {"self": organ["name"], **names}[role]
        for role in L.reconsideration_organs(kind=kind, level=level, on=on)
    ]
    assert [one.name for one in notice.organs] == expected
    joined = "或者".join(expected)
    if on.year >= 2024:
        assert f"应当自收到本答复书之日起60日内先向{joined}申请行政复议；" in notice.paragraphs[0]
    else:
        assert f"可以自收到本答复书之日起60日内向{joined}申请行政复议，或者自收到" in notice.paragraphs[0]


def test_the_roles_that_an_office_can_name_are_those_of_the_law() -> None:
    assert {"self", *profile.RELATED} == set(L.tables["organs"]["roles"])


BRANCH: dict[str, Any] = {"kind": "territorial_branch", "level": "county"}


def organs(on: date = date(2026, 5, 20), **changes: Any) -> list[str]:
    return [organ.name for organ in of(office(**changes), on).organs]


def test_a_territorial_branch_names_one_government_or_both() -> None:
    names = {"same_level_government": GOVERNMENT, "parent_department": "某某市公安局"}
    assert organs(**BRANCH, names=names, reconsideration=[]) == [GOVERNMENT]
    both = {**names, "local_government": "某某市某某区人民政府"}
    assert organs(**BRANCH, names=both, reconsideration=[]) == [GOVERNMENT, "某某市某某区人民政府"]
    told = of(office(**BRANCH, names=both, reconsideration=[])).paragraphs[0]
    assert f"先向{GOVERNMENT}或者某某市某某区人民政府申请行政复议" in told


def test_the_offices_own_entries_are_used_or_refused_but_not_passed_over() -> None:
    other = "某某新区人民政府"
    with pytest.raises(Refused) as caught:
        organs(reconsideration=[{"name": other}])
    assert (caught.value.field, caught.value.rule) == ("office.reconsideration", "arl2023:24.1.1")
    assert organs(reconsideration=[{"name": other, "role": "same_level_government"}]) == [other]
    assert organs(reconsideration=[{"name": other, "because": "省政府关于行政复议管辖的决定"}]) == [other]
    dated = [{"name": other, "because": "省政府关于行政复议管辖的决定", "from": "2026-06-01"}]
    assert organs(reconsideration=dated) == [GOVERNMENT]
    assert organs(date(2026, 6, 1), reconsideration=dated) == [other]
    # An organ of another day's law stands in the list for its address.
    assert organs(reconsideration=[{"name": DEPARTMENT, "online": "https://example.invalid"}]) == [GOVERNMENT]


def test_the_court_is_of_the_level_that_the_law_leaves_the_suit_to() -> None:
    def of_government(**changes: Any) -> remedy_notice.Remedy:
        made = office(kind="government", level="county", **changes)
        items = [{"no": 1, "outcome": "not_held", "ground": None}]
        return remedy_notice.notice(
            items, document="答复书", office=made, on=date(2026, 8, 3), served_by="post", law=L
        )

    with pytest.raises(Refused) as caught:
        of_government()
    assert (caught.value.field, caught.value.rule) == ("office.court", "all2014:15.1.1")
    assert of_government(court="某某市中级人民法院").court == "某某市中级人民法院"
    assert of_government(court_because="高级人民法院关于跨行政区域管辖的规定").court == COURT


def test_no_notice_of_remedies_names_a_high_court_without_a_rule() -> None:
    def of_department(**changes: Any) -> remedy_notice.Remedy:
        made = office(court="江南省高级人民法院", **changes)
        items = [{"no": 1, "outcome": "not_held", "ground": None}]
        return remedy_notice.notice(
            items, document="答复书", office=made, on=date(2026, 8, 3), served_by="post", law=L
        )

    with pytest.raises(Refused) as caught:
        of_department()
    assert (caught.value.field, caught.value.rule) == ("office.court", "all2014:16")
    assert of_department(court_because="最高人民法院的批复").court == "江南省高级人民法院"


@pytest.mark.parametrize("served_by", ["email", "online"])
def test_each_organ_with_an_online_way_is_told_of(served_by: str) -> None:
    """Where the applicant may choose between two organs, both ways are named; none where the law asks for
    none.
    """
    both = of(office(kind="judicial_admin"), served_by=served_by)
    assert [text for text in both.paragraphs if "互联网渠道" in text] == [
        f"行政复议申请可以通过{GOVERNMENT}的互联网渠道（https://fuyi.example.invalid）提交。",
        f"行政复议申请可以通过{DEPARTMENT}的互联网渠道（https://jtt.example.invalid）提交。",
    ]
    before = of(office(kind="judicial_admin"), date(2023, 12, 31), served_by)
    assert not any("互联网渠道" in text for text in before.paragraphs)


def test_the_periods_change_on_their_days() -> None:
    """Suit within 3 months until 2015-04-30, 6 since; reconsideration first for refusals since 2024-01-01."""
    for on, told in (
        (date(2015, 4, 30), "3个月"),
        (date(2015, 5, 1), "6个月"),
        (date(2023, 12, 31), "6个月"),
    ):
        assert f"或者自收到本答复书之日起{told}内" in of(office(), on).paragraphs[0]
    assert "个月" not in of(office(), date(2024, 1, 1)).paragraphs[0]


def test_an_office_that_is_changed_in_place_tells_what_it_is_now() -> None:
    organ = office()
    before = of(organ)
    assert of(organ) == before == of(office())
    organ["reconsideration"] = [{"name": "某某复议机关", "because": "法律规定"}]
    assert [one.name for one in of(organ).organs] == ["某某复议机关"]
    assert of(office()) == before


def told(rows: list[tuple[int, str]], on: date = date(2026, 8, 3), **settings: Any) -> list[str]:
    items = [{"no": no, "outcome": outcome, "ground": None} for no, outcome in rows]
    notice = remedy_notice.notice(
        items, document="答复书", office=office(settings=settings), on=on, served_by="post", law=L
    )
    return list(notice.paragraphs)


def test_each_kind_of_answer_in_one_letter_has_its_own_clause() -> None:
    assert told([(1, "withheld"), (2, "needs_creation"), (3, "not_held"), (4, "publication")]) == [
        first("答复书", GOVERNMENT, "本答复书中不予公开的部分（第一项）"),
        only("答复书", GOVERNMENT, "本答复书对第二项、第四项的答复"),
        free("答复书", GOVERNMENT, "6个月", "本答复书的其他部分"),
    ]
    assert told([(1, "withheld"), (2, "petition")]) == [
        first("答复书", GOVERNMENT, "本答复书中不予公开的部分（第一项）"),
        only("答复书", GOVERNMENT, "本答复书对第二项的答复"),
    ]
    # The number of an item that was answered in two ways does not tell them apart.
    assert told([(1, "granted"), (1, "needs_creation")]) == [
        only("答复书", GOVERNMENT, "本答复书中没有现成信息需要另行制作的部分"),
        free("答复书", GOVERNMENT, "6个月", "本答复书的其他部分"),
    ]


def test_an_office_may_name_the_suit_where_no_court_admits_it() -> None:
    for rows in ([(1, "petition")], [(1, "petition"), (2, "granted")]):
        assert told(rows, suit_where_closed=True) == [free("答复书", GOVERNMENT, "6个月")]
    assert told([(1, "petition")]) == [only("答复书", GOVERNMENT)]


def test_a_repeat_says_what_the_earlier_reply_did() -> None:
    item: dict[str, Any] = {"no": 1, "outcome": "repeat", "ground": None}

    def of_repeat(on: date, **extra: str) -> list[str]:
        made = remedy_notice.notice(
            [{**item, "extra": extra}], document="告知书", office=office(), on=on, served_by="post", law=L
        )
        return list(made.paragraphs)

    day = date(2025, 6, 1)
    assert of_repeat(day, earlier_disclosed="yes") == [only("告知书", GOVERNMENT)]
    assert of_repeat(day, earlier_disclosed="no") == [free("告知书", GOVERNMENT, "6个月")]
    assert of_repeat(date(2025, 5, 31)) == [free("告知书", GOVERNMENT, "6个月")]
    with pytest.raises(Refused) as caught:
        of_repeat(day)
    assert caught.value.field == "earlier_disclosed"


@pytest.mark.parametrize("change", [date(2011, 8, 13), date(2025, 6, 1)])
def test_the_court_closes_on_its_day(change: date) -> None:
    for code, since in CLOSED.items():
        if since != change:
            continue
        before = composed(code, on=change - timedelta(days=1))
        assert "提起行政诉讼" in before[0], code
        for day in (change, change + timedelta(days=1)):
            (text,) = composed(code, on=day)
            assert "诉讼" not in text, code


def test_a_part_of_an_item_withheld_is_not_numbered() -> None:
    items = [{"no": 1, "outcome": "granted"}, {"no": 1, "outcome": "withheld", "ground": "personal_privacy"}]
    notice = remedy_notice.notice(
        items, document="答复书", office=office(), on=date(2026, 5, 20), served_by="post", law=L
    )
    assert notice.kind == "mixed"
    assert notice.paragraphs[0] == first("答复书", GOVERNMENT, "本答复书中不予公开的部分")


def test_the_notice_says_where_its_numbers_come_from() -> None:
    notice = of(office())
    assert {(period.id, period.value, period.unit) for period in notice.periods} == {
        ("reconsideration.limit", 60, "day"),
        ("litigation.after_reconsideration", 15, "day"),
    }
    assert "arl2023:23.1.4" in notice.segments[0].articles
    for period in notice.periods:
        assert L.citation(period.article)


@pytest.mark.parametrize(
    ("changes", "served_by", "field"),
    [
        ({"names": {}, "reconsideration": []}, "post", "office.names.same_level_government"),
        ({"reconsideration": []}, "online", "office.reconsideration.online"),
        (
            {"reconsideration": [{"name": GOVERNMENT, "online": None}]},
            "email",
            "office.reconsideration.online",
        ),
    ],
)
def test_a_profile_that_cannot_say_the_remedy_is_refused(
    changes: dict[str, Any], served_by: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        of(office(**changes), served_by=served_by)
    assert caught.value.field == field
    assert caught.value.rule


def test_free_choice_needs_the_court() -> None:
    with pytest.raises(Refused) as caught:
        remedy_notice.notice(
            [{"no": 1, "outcome": "not_held", "ground": None}],
            document="答复书",
            office=office(court=""),
            on=date(2026, 5, 20),
            served_by="post",
            law=L,
        )
    assert caught.value.field == "office.court"
