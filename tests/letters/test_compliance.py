"""The check before issue: each rule blocks what it is there for and lets through what is in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from letters.check import finding, marked, mentions, rules
from letters.check.approval import Since
from letters.check.subject import Earlier, Known, Subject, marks
from letters.content import compose, kinds, specimens
from letters.own_wording import wording
from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow import law
from workflow.base.errors import DisclosureError, NotFound, Refused
from workflow.cases import draft_complete
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Actor
from workflow.cases.reply import DraftItem
from workflow.cases.tracks import Consultation
from workflow.casework import composed as composed_letters
from workflow.jobs import queue
from workflow.office import office_file, profile
from workflow.procedure import acts
from workflow.storage.models import TABLES

pytestmark = pytest.mark.usefixtures("repeated_roads", "lines_kept")

L = law.bundled()
PROFILE, _OFFICERS = office_file.checked(builders.office_file())
CONTEXT = profile.Office(1, "jz", PROFILE["name"], PROFILE).context()
Change = Callable[[dict[str, Any]], None]
SAME = Earlier(True, True, ("某某路停车场特许经营协议文本",), True)


@dataclass
class Letter:
    """A specimen, with something changed before it is checked."""

    code: str
    ground: str | None = None
    outcome: str | None = None
    on: date = date(2026, 5, 20)
    change: Change = lambda data: None
    spoil: Change = lambda content: None
    served_by: str = "post"
    case: dict[str, Any] | None = None
    known: tuple[str, ...] = ()
    earlier: Earlier | None = None
    persons: tuple[Known, ...] = ()
    given: str | None = None
    faceless: DisclosureError | None = None
    lost: list[wording.Fault] | None = None
    since: list[Since] | None = None


def subject(letter: Letter) -> Subject:
    data = specimens.data(
        letter.code, letter.ground, on=letter.on, outcome=letter.outcome, served_by=letter.served_by
    )
    for row in data["decision"]["items"]:
        if row["outcome"] == "withheld":
            row["extra"] = {**row["extra"], "severance": "经逐页审查，不能作区分处理。"}
    letter.change(data)
    received = date.fromisoformat(data["case"]["received_on"])
    case = CaseFile(
        number="2026-0007",
        state="approved",
        received_on=received,
        round_start=received,
        channel="post",
        regulations=L.regulations(on=received),
        items=[item["text"] for item in data["case"]["items"]],
    )
    for row in data["decision"]["items"]:
        texts = {name: row.get(name) or "" for name in ("reasons", "facts", "means", "part")}
        made = DraftItem(row["no"], row["outcome"], row.get("ground"), extra=row.get("extra") or {}, **texts)
        case.draft[made.no, made.part] = made
    for no, row in enumerate(data["consultations"], 1):
        part = {name: row.get(name) for name in ("answer", "reasons", "public_interest")}
        case.consultations.append(
            Consultation(
                no,
                row["kind"],
                row["name"],
                row["items"],
                date.fromisoformat(row["sent"]),
                answered=date.fromisoformat(row["answered"]) if row.get("answered") else None,
                state=row["state"],
                overruled=date.fromisoformat(row["overruled"]) if row.get("overruled") else None,
                **part,
            )
        )
    for name, value in (letter.case or {}).items():
        setattr(case, name, value)
    act = Act("issue", letter.on, {}, Actor("x", frozenset({"handler"})))
    told: Refused | None = None
    try:
        acts.GUARDS["no_open_consultation"](case, act, CONTEXT)
    except Refused as fault:
        told = fault
    made_of = Subject(
        data,
        "",
        L,
        answers=list(draft_complete.answers(case, CONTEXT)),
        guards={"no_open_consultation": told},
        earlier=lambda number: (letter.earlier or SAME) if number in letter.known else None,
        known=letter.persons,
        given_before=lambda asked: letter.given,
        faceless=letter.faceless,
        lost=letter.lost,
        since=letter.since,
    )
    try:
        made_of.code = kinds.for_decision(data["decision"]["items"], received, L)
        made_of.content = compose.letter(made_of.code, data, L)
        letter.spoil(made_of.content)
    except DisclosureError as fault:
        made_of.refused = fault
    return made_of


def found(letter: Letter, rule: str) -> finding.Finding:
    return next(one for one in finding.check(subject(letter)) if one.rule.id == rule)


# --- what the cases change


def item(**values: Any) -> Change:
    return lambda data: data["decision"]["items"][0].update(values)


def extra(**values: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        row = data["decision"]["items"][0]
        row["extra"] = {**row["extra"], **values}

    return change


def says(text: str) -> Change:
    return item(reasons=text)


def set_at(path: str, value: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        for key in parents:
            data = data[key]
        data[last] = value

    return change


def asked_for_two(data: dict[str, Any]) -> None:
    data["case"]["items"].append({"no": 2, "text": "另一项信息"})


def consulted(**values: Any) -> Change:
    row = {
        "kind": "third_party",
        "name": "甲公司",
        "items": [1],
        "sent": "2026-04-20",
        "answer": "object",
        "answered": "2026-04-29",
        "state": "answered",
        **values,
    }
    return lambda data: data["consultations"].append(row)


def nobody_consulted(data: dict[str, Any]) -> None:
    data["consultations"] = []


def all_agreed(data: dict[str, Any]) -> None:
    data["consultations"][0]["answer"] = "agree"


def no_contact(data: dict[str, Any]) -> None:
    for name in ("telephone", "address"):
        data["office"] = {**data["office"], name: ""}


def without(name: str) -> Change:
    return lambda data: data.update(office={**data["office"], name: ""})


def cites_nothing(content: dict[str, Any]) -> None:
    content["data"]["basis"].append("ogi2019:57")


def cites_what_is_repealed(content: dict[str, Any]) -> None:
    content["data"]["basis"].append("ogi2008:21")


def shorter_time(content: dict[str, Any]) -> None:
    for block in content["blocks"]:
        if block.get("type") == "remedy":
            block["text"] = block["text"].replace("60日", "15日")


def asks(text: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        data["case"]["items"] = [{**data["case"]["items"][0], "text": text}]

    return change


def both(*changes: Change) -> Change:
    def change(data: dict[str, Any]) -> None:
        for one in changes:
            one(data)

    return change


def two_parts(first: str, one: str, second: str, other: str) -> Change:
    """The item in two parts, each with its outcome and what that needs."""

    def change(data: dict[str, Any]) -> None:
        row = data["decision"]["items"][0]
        given = {
            "granted": {"means": "纸质复印件，邮寄"},
            "not_held": {"extra": {"search": "检索了公文系统和档案室目录，检索词为项目名称，未查到。"}},
            "withheld": {"ground": "internal_affairs", "reasons": "本机关车辆调度的记录，公开会影响秩序。"},
        }
        base = {"no": row["no"], "ground": None, "extra": {}, "attachments": []}
        data["decision"]["items"] = [
            {**base, "outcome": outcome, "part": part, **given[outcome]}
            for outcome, part in ((first, one), (second, other))
        ]

    return change


def _repeat(**values: Any) -> Letter:
    """A letter that names an earlier reply of which something is not so."""
    return Letter("D7", outcome="repeat", known=("某交公开〔2025〕7号",), earlier=SAME._replace(**values))


CORRECTED = {"correction_asked": date(2026, 4, 20)}
TOO_LONG = "长" * 20_001
REPEAT = Letter("D7", outcome="repeat", known=("某交公开〔2025〕7号",))
EXCESSIVE = {"reasons_asked": date(2026, 4, 20)}
GRANTED, INTERNAL = Letter("D1"), Letter("D4e")
CASES: dict[str, tuple[list[Letter], list[Letter]]] = {
    "items_answered": ([Letter("D1", change=asked_for_two)], [GRANTED]),
    "ground_in_force": (
        [Letter("D4d", "other_third_party", on=date(2018, 5, 20)), Letter("D4e", "special_need")],
        [INTERNAL, Letter("D4a", on=date(2018, 5, 20)), Letter("D4e", on=date(2018, 5, 20))],
    ),
    "refusal_reasons": (
        [Letter("D4e", change=says("")), Letter("D6", change=says(""))],
        [INTERNAL, Letter("D6")],
    ),
    "creation_reasons": ([Letter("D9", change=says(""))], [Letter("D9")]),
    "means_given": (
        [Letter("D1", change=item(means="")), Letter("D2", change=item(means=""))],
        [GRANTED, Letter("D2")],
    ),
    "third_party_heard": (
        [Letter("D4d", change=nobody_consulted)],
        [
            Letter("D4d"),
            Letter("D4d", change=lambda data: data["consultations"][0].update(state="silent", answer=None)),
        ],
    ),
    "objection_settled": (
        [Letter("D1", change=consulted()), Letter("D1", change=consulted(answer="partly"))],
        [
            Letter("D1", change=consulted(public_interest="公共卫生", overruled="2026-05-06")),
            Letter(
                "D1", change=lambda data: (consulted()(data), extra(objection_unfounded="没有说明理由")(data))
            ),
        ],  # type: ignore[func-returns-value]
    ),
    "somebody_to_protect": ([Letter("D4d", change=all_agreed)], [Letter("D4d")]),
    "search_recorded": ([Letter("D5", change=extra(search=""))], [Letter("D5")]),
    "responsible_organ": (
        [Letter("D6", change=extra(responsible_organ="", organ_unknown=""))],
        [Letter("D6")],
    ),
    "earlier_reply": ([Letter("D7", outcome="repeat", change=extra(earlier_reply=""))], [REPEAT]),
    "earlier_reply_number": (
        [Letter("D7", outcome="repeat", change=extra(earlier_reply="去年的答复"))],
        [REPEAT],
    ),
    "earlier_reply_ours": (
        [Letter("D7", outcome="repeat")],
        [REPEAT, Letter("D7", outcome="repeat", known=("某交公开〔2025〕第7号",))],
    ),
    "special_rules": ([Letter("D8", change=extra(special_rules=""))], [Letter("D8")]),
    "secret_term": (
        [Letter("D4a", change=extra(secret_since=""))],
        [
            Letter("D4a"),
            Letter("D4a", change=extra(secret_since="", secret_until="2046-12-31")),
            Letter("D4a", change=extra(secret_since="", secret_until="工程竣工验收后解密")),
            Letter("D4a", change=extra(secret_since="", secret_mark="机密★长期，定密机关为某某局")),
        ],
    ),
    "secret_mark": ([Letter("D4a", change=extra(secret_mark=""))], [Letter("D4a")]),
    "forbidding_law": ([Letter("D4b", change=extra(forbidding_law=""))], [Letter("D4b")]),
    "danger": ([Letter("D4c", change=extra(danger=""))], [Letter("D4c")]),
    "channel_hint": ([Letter("D10", change=extra(channel_hint=""))], [Letter("D10")]),
    "excess_weighed": (
        [Letter("D12", case=EXCESSIVE, change=extra(excess_reasons=""))],
        [Letter("D12", case=EXCESSIVE)],
    ),
    "step_taken": (
        [Letter("D12"), Letter("D16")],
        [Letter("D12", case=EXCESSIVE), Letter("D16", case={"correction_asked": date(2026, 4, 20)})],
    ),
    "facts_complete": ([Letter("D18", change=extra(archive=""))], [Letter("D18")]),
    "consultations_closed": (
        [Letter("D1", change=consulted(state="sent", answered=None, answer=None))],
        [GRANTED, Letter("D4d")],
    ),
    "composed": ([Letter("D4e", change=says(TOO_LONG))], [GRANTED, INTERNAL]),
    "number": (
        [
            Letter("D1", change=set_at("number", "某交公开2026-12")),
            Letter("D1", change=set_at("number", None)),
            Letter("D1", change=set_at("number", "某交公开〔2026〕012号")),
        ],
        [GRANTED],
    ),
    "date": ([Letter("D1", change=set_at("on", "2026-01-01"))], [GRANTED]),
    "days_in_order": (
        [
            Letter("D1", change=set_at("extra", {"corrected_on": "2026-01-02"})),
            Letter("D1", change=set_at("extra", {"paid_on": "2026-06-30"})),
            Letter(
                "D1",
                change=set_at(
                    "extension",
                    {"noticed_on": "2026-05-30", "days": 20, "due": "2026-06-20", "reasons": "多"},
                ),
            ),
            Letter("D4d", change=lambda data: data["consultations"][0].update(answered="2026-01-02")),
        ],
        [GRANTED, Letter("D4d"), Letter("D1", change=set_at("extra", {"corrected_on": "2026-04-30"}))],
    ),
    "addressee": ([Letter("D1", change=set_at("case.applicant.name", ""))], [GRANTED]),
    "contact": ([Letter("D1", change=no_contact)], [GRANTED, Letter("D1", change=without("telephone"))]),
    "way_to_serve": (
        [Letter("D1", change=set_at("case.applicant.address", "")), Letter("D1", served_by="email")],
        [
            GRANTED,
            Letter("D1", served_by="email", change=set_at("case.applicant.email", "a@example.invalid")),
        ],
    ),
    "citations_exist": (
        [Letter("D1", spoil=cites_nothing), Letter("D1", spoil=cites_what_is_repealed)],
        [GRANTED],
    ),
    "remedy_matches": (
        [Letter("D1", change=without("court")), Letter("D4e", spoil=shorter_time)],
        [GRANTED, INTERNAL, Letter("D3")],
    ),
    "own_wording": (
        [Letter("D1", lost=[wording.Fault("D1", "remedy", "如对本答复书不服")])],
        [Letter("D1", lost=[])],
    ),
    "every_character": ([Letter("D1", faceless=Refused("{x}", x="㛃"))], [GRANTED]),
    "articles_known": (
        [
            Letter("D4e", change=says(text))
            for text in (
                "依照《条例》第三十六条第（九）项。",
                "根据《中华人民共和国行政复议法》第二百条。",
                "条例第16条第3款",
                "依照第十五条、第九十九条的规定",
                "政府信息公开条例第三十六条之一",
            )
        ],
        [
            Letter("D4e", change=says(text))
            for text in (
                "依照《条例》第三十六条第（三）项、第十六条第一款。",
                "《中华人民共和国行政复议法》第二十三条第一款第（四）项",
                "依照第十四条至第十六条",
            )
        ],
    ),
    "instruments_known": (
        [
            Letter("D4e", change=says("依照《江州市信息公开办法》第三条。")),
            Letter("D4e", change=says("违反统计法第九条")),
        ],
        [
            Letter("D4e", change=says("依照《条例》第十六条。")),
            Letter(
                "D4b",
                change=lambda data: (
                    says("依照条例第十四条。")(data),
                    extra(forbidding_law="《统计法》第九条")(data),
                ),
            ),
        ],  # type: ignore[func-returns-value]
    ),
    "instruments_in_force": (
        [
            Letter("D4e", change=says(f"内部车辆调度的记录，{text}"))
            for text in (
                "依照《中华人民共和国民法通则》的规定。",
                "国办发〔2010〕5号规定不予公开。",
                "依照国办\n发 ［２０１０］ 第 5 号。",
                "依照2010年国办发5号文。",
                "依照国办发2010年第5号。",
                "依照国办发〔二〇一〇〕五\n号。",
                "依据国务院令第四百九十二号。",
                "依照国务院令第492号。",
                "依照国务院第４９２号令。",
                "依照2008年《条例》第十三条。",
                "依照原《条例》第十三条。",
                "依照行政复议法（2017年修正）第十二条。",
                "依照《行政复议法（２０１７年修正）》第\n十二条。",
                "依照《政府信息公开条例》（2007年4月5日公布）第十四条。",
                "依照《关于做好政府信息依申请公开工作的意见》。",
                "依照《信访条例》第二条。",
                "依照合同法第五十二条。",
            )
        ],
        [
            Letter("D4e", change=says("依照《条例》第十六条。")),
            Letter("D4a", on=date(2018, 5, 20), change=says("依照《中华人民共和国民法通则》。")),
            Letter("D4a", on=date(2018, 5, 20), change=says("依照国办发〔2010〕5号。")),
            Letter("D4e", change=says("该记录形成于2008年《条例》施行前。")),
            Letter("D4e", change=says("依照《行政诉讼法》（2017年修正）第十二条、江府发〔2010〕5号。")),
            Letter("D4e", change=says("依照《中华人民共和国政府信息公开条例》（国务院令第711号）第十六条。")),
        ],
    ),
}


CASES |= {
    "earlier_reply_applicant": ([_repeat(same_applicant=False)], [REPEAT]),
    "earlier_reply_is_one": (
        [Letter("D7", outcome="repeat", change=extra(earlier_reply="2025年10月的补正告知书"))],
        [REPEAT],
    ),
    "earlier_reply_sent": ([_repeat(sent=False)], [REPEAT]),
    "earlier_reply_matter": ([_repeat(items=("2024年度公务用车运行费用",))], [REPEAT]),
    "repeat_unchanged": (
        [Letter("D7", outcome="repeat", change=says("两次申请要求公开的信息相同。"))],
        [REPEAT],
    ),
    "placeholder": (
        [
            Letter("D4e", change=says(text))
            for text in ("无", "略", "／", "。", "——", "X X", "详见附件", "ＮＡ")
        ]
        + [Letter("D5", change=extra(search="无"))],
        [INTERNAL, Letter("D5")],
    ),
    "empty_reasons": (
        [
            Letter("D4e", change=says(text))
            for text in (
                "依法不予公开",
                "根据有关规定，你申请公开的信息不予公开。",
                "按照《条例》第十六条第一款的规定，不予公开。",
                "依\n法 不予 公开",
                "经研究，决定不予公开。",
                "领导批示不予公开",
                "根据上级要求，不符合公开条件",
            )
        ]
        + [Letter("D6", change=says("根据规定"))],
        [INTERNAL, Letter("D6")],
    ),
    "restated_reasons": (
        [
            Letter("D4d", change=says("涉及商业秘密")),
            Letter("D4a", change=says("属于国家秘密，不宜公开。")),
            Letter("D17", change=says("不属于政府信息公开范围")),
        ],
        [Letter("D4d"), Letter("D4a"), Letter("D17")],
    ),
    "own_remedy": (
        [
            Letter("D4e", change=says(f"该记录仅供内部使用。{text}"))
            for text in (
                "如不服，可以自收到之日起60日内向江南省人民政府申请行政复议。",
                "你可以在六个月内向江州市人民法院起诉",
                "对本答复不服的，向某某区人民法院提起行政诉讼",
                "不服本答复，６０ 日 内\n可申请行政复议",
                "起诉期限为15日",
                "可自知道之日起半 年内诉至法院",
                "本答复书为终局决定，不得申请复议。",
                "申请复议或者起诉的权利，期限均为30天",
                "逾期不起诉的，视为放弃权利。",
            )
        ],
        [
            INTERNAL,
            Letter("D4g", change=says("该信息是行政复议案件中形成的询问笔录，公开可能影响调查。")),
            Letter("D4g", change=says("该案已由人民法院受理，尚在审理，公开可能影响审理。")),
        ],
    ),
    "contradiction": (
        [
            Letter("D5", change=says("依照第三十六条第（三）项，不予公开。")),
            Letter("D1", change=says("经查该信息不存在。")),
            Letter("D1", change=says("该信息属于国家秘密。")),
            Letter("D5", change=extra(search="检索后找到1份，在档案室目录中。")),
            Letter("D5", change=extra(search="在档案室查找，检索到相关记录 ５ 条。")),
            Letter("D5", change=says("我局制作了该文件，但不便公开。")),
            Letter("D1", change=says("经检索未发现该文件。")),
            Letter("D4e", change=says("本机关没有制作该信息，信息不存在。")),
            Letter("D6", change=says("该信息属于商业秘密，不予公开。")),
        ],
        [
            Letter("D1", change=says("第三方称该信息“属于国家秘密”，经审查，该信息不属于国家秘密。")),
            Letter("D5", change=says("你所称的“不予公开”的文件未曾制作。")),
            Letter("D5", change=extra(search="检索公文系统，检索到相关记录5条，均非所申请的批复。")),
            Letter("D1", change=says("经审查，未发现不宜公开的内容。")),
            Letter("D5", change=extra(search="检索了公文系统和档案室目录，未查到1份相关文件。")),
            Letter("D4e", change=says("本机关内部车辆调度的记录，公开会影响秩序；其余部分予以公开。")),
        ],
    ),
    "article_of_outcome": (
        [
            Letter("D1", change=says("根据《条例》第三十六条第（四）项办理。")),
            Letter("D5", change=says("依照条例第三十六条第（五）项告知。")),
            Letter("D4e", change=says("依照《条例》第十五条，涉及内部调度。")),
            Letter("D4e", change=says("依照《条例》第三十六条第 （ 四 ） 项，涉及内部调度。")),
            Letter("D5", on=date(2018, 5, 20), change=says("根据《条例》第二十一条第（二）项。")),
        ],
        [
            Letter("D1", change=says("根据《条例》第三十六条第（二）项办理。")),
            Letter(
                "D4e", change=says("依照《条例》第三十六条第（三）项、第十六条第一款，涉及内部车辆调度。")
            ),
            Letter("D5", change=says("来件引用“《条例》第三十六条第（三）项”，与本项无关。")),
            Letter("D5", on=date(2018, 5, 20), change=says("根据《条例》第二十一条第（三）项。")),
        ],
    ),
    "one_outcome": (
        [
            Letter("D1", change=two_parts("granted", "合同文本", "not_held", "合同文本")),
            Letter("D1", change=two_parts("withheld", "发放名单", "not_held", "其中的部分内容")),
        ],
        [Letter("D1", change=two_parts("granted", "合同文本", "not_held", "补充协议"))],
    ),
    "severance": (
        [
            Letter("D4e", change=extra(severance="")),
            Letter("D1", change=two_parts("granted", "其余内容", "withheld", "部分内容")),
            Letter("D1", change=two_parts("granted", "批复", "withheld", "协议文本")),
        ],
        [INTERNAL, Letter("D1", change=two_parts("granted", "其余内容", "withheld", "第三章的单价"))],
    ),
    "personal_data": (
        [
            Letter("D4e", change=says(f"车辆由{text}的驾驶员调度。"))
            for text in (
                "身份证号11010519491231002X",
                "３２０５００１９９００１０１００１Ｘ",
                "110105-19491231-002x",
                "110105 1949\n1231 002X",
                "电话13812345678",
                "138 1234 5678",
                "账号6222021001116245702",
                "账 号：3205 0100 0000 0000\n1234",
                "身份证号为320500199001010018",
                "身份证一一〇一〇五一九四九一二三一〇〇二Ｘ",
                "护照E１２３４５６７８",
            )
        ]
        + [
            Letter(
                "D4e",
                change=says("申请人住江州市平安路12号，车辆由其调度。"),
                persons=(Known("applicant", "address", "江州市平安路12号"),),
            )
        ],
        [
            INTERNAL,
            Letter("D4e", change=says("车辆由身份证号110105********002X的驾驶员调度。")),
            Letter("D4e", change=says("该调度单编号110105194912310021，仅供内部使用。")),
            Letter("D6", change=extra(responsible_organ="某某市城市管理局，联系电话13812345678")),
        ],
    ),
    "personal_address": (
        [
            Letter("D4e", change=says("驾驶员住姑江区平安路12号3幢501室，车辆由其调度。")),
            Letter("D4e", change=says("车辆由驾驶员（电话０５１２－６５５５ １２３４）调度。")),
            Letter("D4e", change=says("车辆由驾驶员（0512-65551234）调度。")),
            Letter("D4e", change=says("车辆由驾驶员（微信号：zhang_88）调度。")),
        ],
        [INTERNAL, Letter("D4e", change=says("车辆由驾驶员调度，共65551234公里。"))],
    ),
    "gone_tests": (
        [
            Letter("D4e", change=says(f"内部车辆调度记录。{text}"))
            for text in (
                "申请人未能说明与自身生产、生活、科研等特殊需要有关。",
                "不符合“三需要”，且不符合三需要。",
                "申请人与该信息没有利害关系。",
                "未说明申请用途。",
                "请先缴纳检索费。",
                "须一事一申请。",
                "你没有说明用途。",
                "你不是利 害\n关系人。",
                "你户籍不在本辖区，不具有申请公开该信息的资格。",
                "该记录形成于条例施行以前，不适用条例。",
            )
        ]
        + [Letter("D1", change=item(means="请先缴纳复印费三十元，再到窗口领取复印件。"))],
        [
            INTERNAL,
            Letter("D1", change=item(means="关于停车查询费标准的批复复印件随本答复书邮寄。")),
            Letter("D5", change=says("该户户籍不在本县，没有为其建立低保档案。")),
        ],
    ),
    "plain_words": (
        [
            Letter("D4e", change=says("内部车辆调度：\n| 日期 | 车号 |\n|---|---|")),
            Letter("D4e", change=says("内部车辆调度<b>记录</b>")),
        ],
        [INTERNAL],
    ),
    "least": (
        [
            Letter("D5", change=extra(search="没有这份文件")),
            Letter("D4a", change=extra(secret_mark="内部资料，注意保存")),
            Letter("D4a", change=extra(secret_mark="机密级")),
            Letter("D8", change=extra(special_rules="有关规定")),
            Letter("D8", change=extra(special_rules="相关法律法规")),
            Letter("D4b", change=extra(forbidding_law="《本机关保密工作制度》")),
            Letter("D4b", change=extra(forbidding_law="本单位的工作制度")),
        ],
        [
            Letter("D5"),
            Letter("D4a"),
            Letter("D8"),
            Letter("D4b"),
            Letter("D4a", change=extra(secret_mark="秘密级，保密期限至2030年1月1日")),
            Letter("D8", change=extra(special_rules="企业信息公示暂行条例")),
        ],
    ),
    "search_where": (
        [Letter("D5", change=extra(search="以“停车场”为关键词手工查找，未找到。"))],
        [Letter("D5")],
    ),
    "literal_search": (
        [Letter("D5", change=extra(search="在档案室以“特许经营协议”为检索词查找，未找到。"))],
        [Letter("D5")],
    ),
    "absence_explained": ([Letter("D5", change=says(""))], [Letter("D5")]),
    "absence_of_ours": ([Letter("D5", change=asks("某交发〔2024〕12号文件"))], [Letter("D5")]),
    "not_ourselves": (
        [
            Letter("D6", change=extra(responsible_organ="某某市交通运输局，联系电话010-00000000")),
            Letter("D6", change=extra(responsible_organ="本局")),
            Letter("D6", change=extra(responsible_organ="本局规划科，联系电话010-00000000")),
            Letter("D6", change=extra(responsible_organ="某某市交通运输局档案室")),
            Letter("D6", change=extra(responsible_organ="本机关办公室")),
        ],
        [
            Letter("D6"),
            Letter("D6", change=extra(responsible_organ="本县自然资源局，电话010-00000000")),
            Letter("D6", change=extra(responsible_organ="本局下属城市规划科学研究院，电话010-00000000")),
            Letter("D6", change=extra(responsible_organ="某某市交通运输局执法支队，电话010-00000000")),
        ],
    ),
    "organ_named": (
        [
            Letter("D6", change=extra(responsible_organ="城乡建设部门，联系电话010-00000001")),
            Letter("D6", change=extra(responsible_organ="某某市城市管理局")),
            Letter("D6", change=extra(responsible_organ="某某水务有限公司，联系电话010-00000001")),
            Letter("D6", change=extra(responsible_organ="某某村民委员会")),
        ],
        [
            Letter("D6"),
            Letter("D6", change=extra(responsible_organ="某某市企业服务局，联系电话010-00000001")),
        ],
    ),
    "not_here_searched": ([Letter("D6", change=extra(search=""))], [Letter("D6")]),
    "own_archive": (
        [
            Letter("D18", change=extra(archive="本局档案室")),
            Letter("D18", on=date(2018, 5, 20), change=extra(archive="机关综合档案室")),
        ],
        [Letter("D18"), Letter("D18", on=date(2018, 5, 20))],
    ),
    "transfer_over": (
        [
            Letter("D18", change=extra(transfer_due="")),
            Letter("D18", change=extra(transfer_due="2031-12-31")),
            Letter("D18", change=extra(transfer_due="三十年")),
        ],
        [Letter("D18")],
    ),
    "form_honoured": (
        [
            Letter("D1", change=item(means="请到本机关现场查阅，不得拍照、复制")),
            Letter("D1", change=item(means="只能查阅")),
            Letter("D1", change=item(means="当场阅看")),
            Letter("D1", change=item(means="请来本局查看，不提供复印件")),
        ],
        [
            GRANTED,
            Letter("D1", change=item(means="提供纸质复印件，原件可以到本机关档案室查阅")),
            Letter("D1", change=item(means="提供复制可能危及载体安全，请到本机关现场查阅、抄录")),
            Letter(
                "D1",
                change=lambda data: (
                    item(means="请到本机关现场查阅")(data),
                    set_at("case.form", "当面阅览")(data),
                ),
            ),  # type: ignore[func-returns-value]
        ],
    ),
    "other_form": ([Letter("D1", change=item(means="已电话口头告知"))], [GRANTED]),
    "privacy_of_a_body": (
        [Letter("D4d", "personal_privacy", change=says("涉及某公司“隐私”，公开会造成损害。"))],
        [Letter("D4d", "personal_privacy")],
    ),
    "objection_alone": ([Letter("D4d", change=says("第三方书面表示不同意公开。"))], [Letter("D4d")]),
    "objection_weighed": (
        [
            Letter("D4d", change=says("第三方不同意公开，涉及其报价。")),
            Letter("D4d", on=date(2018, 5, 20), change=says("第三方不同意公开。")),
        ],
        [Letter("D4d")],
    ),
    "trade_secret_elements": (
        [Letter("D4d", "trade_secret", change=says("该合同涉及第三方的商业秘密，第三方不愿意公开。"))],
        [Letter("D4d", "trade_secret")],
    ),
    "not_issued": (
        [
            Letter("D4f", change=says("该信息已经市政府批准并印发实施，属于讨论记录。")),
            Letter(
                "D4f", change=both(asks("第八次办公会议纪要"), says("该纪要已印发各单位执行，属于讨论记录。"))
            ),
            Letter("D4f", change=says("已正式公布，形成时属于过程稿。")),
            Letter("D4f", change=says("属于讨论记录。已 正 式\n下 发。")),
            Letter(
                "D4f",
                change=both(
                    asks("更新单元规划草案（公示稿）"), says("该草案已向社会公示征求意见，尚未批准。")
                ),
            ),
        ],
        # What it prepared was issued, not the minutes themselves.
        [
            Letter("D4f"),
            Letter("D4f", change=says("该会议纪要形成后，规划方案已经批准并公布，属于讨论记录。")),
            Letter("D4f", change=says("该信息尚未正式印发，属于讨论记录。")),
            Letter(
                "D4f", change=says("所涉征收决定已公布，该记录本身不对外发生效力，公开会影响坦率发表意见。")
            ),
        ],
    ),
    "process_open": ([Letter("D4f")], []),
    "internal_kind": (
        [
            Letter("D4e", change=says("该记录供本机关工作人员参考，公开会影响工作。")),
            Letter("D4e", change=asks("行政处罚裁量基准附件一")),
        ],
        [INTERNAL],
    ),
    "discretion_shown": (
        [Letter("D4g", change=says("该信息是行政执法案卷中的材料。"))],
        [Letter("D4g", change=says("该信息是案卷中的询问笔录，公开可能影响正在进行的调查。"))],
    ),
    "danger_named": (
        [
            Letter(
                "D4c",
                change=lambda data: (says("按内部文件管理。")(data), extra(danger="试点封闭运行")(data)),
            )
        ],  # type: ignore[func-returns-value]
        [Letter("D4c")],
    ),
    "must_publish": ([Letter("D4e", change=asks("某村征地补偿费使用情况"))], [INTERNAL]),
    "definition": (
        [
            Letter("D17", change=says("系企业报送的档案资料，不是本机关制作。")),
            Letter("D17", change=both(asks("某村报送的确权登记公示表"), says("系村民自治材料。"))),
        ],
        [Letter("D17")],
    ),
    "petition_of_papers": (
        [Letter("D10", change=asks("某村宅基地审批名单"))],
        [Letter("D10", change=asks("请问为何不处理"))],
    ),
    "creation_of_paper": (
        [
            Letter(
                "D9", change=lambda data: (asks("某交发〔2024〕12号文件")(data), says("需要另行制作。")(data))
            ),
            Letter("D9", change=asks("2024年度公务接待费支出明细账")),
        ],
        [
            Letter("D9", change=asks("历年收费金额")),
            Letter("D9", change=asks("各乡镇接待费支出清单的分类汇总")),
        ],
    ),
    "unclear_searched": (
        [
            Letter(
                "D16",
                case=CORRECTED,
                change=lambda data: (says("申请表述含混。")(data), extra(unclear_after="没有补充内容")(data)),
            )
        ],  # type: ignore[func-returns-value]
        [Letter("D16", case=CORRECTED)],
    ),
    "unclear_though": (
        [Letter("D16", case=CORRECTED, change=asks("平安路1号院内活动板房的审批手续"))],
        [Letter("D16", case=CORRECTED, change=asks("相关材料"))],
    ),
    "third_party_seen": (
        [Letter("D1", change=asks("甲公司中标的合同报价"))],
        [
            GRANTED,
            Letter(
                "D1",
                change=lambda data: (asks("甲公司中标的合同报价")(data), consulted(answer="agree")(data)),
            ),
        ],  # type: ignore[func-returns-value]
    ),
    "way_told": ([Letter("D2", change=item(means="已在网上公开"))], [Letter("D2")]),
    "notice_board": ([Letter("D2", change=item(means="已在公示栏公开"))], [Letter("D2")]),
    "as_approved": (
        [Letter("D1", since=[Since("head", date(2026, 5, 19), ("addressee",))])],
        [GRANTED, Letter("D1", since=[])],
    ),
    "in_time": ([Letter("D1", change=set_at("case.reply_due", "2026-05-19"))], [GRANTED]),
}


def gives_the_same(data: dict[str, Any]) -> None:
    data["case"]["items"][1]["text"] = data["case"]["items"][0]["text"] + "文本"
    given = {"no": 2, "outcome": "granted", "ground": None, "means": "纸质复印件，邮寄", "extra": {}}
    data["decision"]["items"].append({**given, "attachments": []})


def silent(kind: str) -> Change:
    return consulted(kind=kind, answer=None, answered=None, state="silent")


CASES |= {
    "loose_words": (
        [
            Letter("D5", change=says("该信息不存在，故不予公开。")),
            Letter("D6", change=says("该信息由城市管理局制作，信息不存在。")),
            Letter("D5", change=says("该信息已于2024年主动公开在本机关网站。")),
            Letter("D5", change=says("该信息由自然资源局负责公开。")),
            Letter("D1", change=says("该文件由财政局保存，请向其申请。")),
        ],
        [Letter("D5"), Letter("D6"), INTERNAL],
    ),
    "public_interest": (
        [Letter("D4d", change=says("该报价反映第三方的成本，公开会损害其竞争地位。"))],
        [
            Letter(
                "D4d", change=says("该报价反映成本，公开会损害其竞争地位；不公开对公共利益没有重大影响。")
            ),
            INTERNAL,
        ],
    ),
    "silence_of_third_party": ([Letter("D4d", change=silent("third_party"))], [Letter("D4d")]),
    "silence_as_refusal": (
        [Letter("D4e", change=silent("co_maker"))],
        [INTERNAL, Letter("D1", change=silent("co_maker"))],
    ),
    "secret_claimed": (
        [
            Letter("D4a", change=says("封面标注“内部资料，注意保存”。")),
            Letter("D4a", change=says("属于工作秘密。")),
        ],
        [Letter("D4a", change=says("依照保密事项范围，由省国家保密局定密。"))],
    ),
    "secret_shown": (
        [Letter("D4a", change=says("该图载明坐标，涉及国家秘密，公开有危害。"))],
        [Letter("D4a", change=says("依照保密事项范围，由省国家保密局定密。"))],
    ),
    "forbidden_by_own_rules": (
        [
            Letter("D4b", change=says("按照本局保密工作制度，不得对外提供。")),
            Letter("D4b", change=says("按照合同约定的保密条款，不得对外提供。")),
        ],
        [Letter("D4b", change=says("该资料能够识别单个统计调查对象的身份。"))],
    ),
    "danger_shown": (
        [Letter("D4c", change=both(says("公开会影响社会稳定。"), extra(danger="会影响社会稳定。")))],
        [Letter("D4c", change=says("该图列明薄弱部位，公开后可能被用于破坏公共设施。"))],
    ),
    "file_kind": (
        [Letter("D4g", change=asks("某公司行政处罚决定书"))],
        [Letter("D4g", change=asks("某案的询问笔录"))],
    ),
    "special_fits": (
        [
            Letter("D8", change=asks("某村征地批复")),
            Letter("D8", change=both(asks("有关材料"), says("另有规定。"))),
            Letter("D8", change=asks("某宅基地审批表")),
        ],
        [Letter("D8", change=asks("某路12号不动产登记簿"))],
    ),
    "publication_fits": (
        [Letter("D11", change=both(asks("某项数据"), says(""), item(means="市图书馆")))],
        [Letter("D11", change=asks("《江州年鉴》"))],
    ),
    "creation_shown": (
        [
            Letter("D9", change=says("现在无法提供。")),
            Letter("D9", change=says("该信息需要本机关加工、分析。")),
        ],
        [Letter("D9", change=says("现有记录分散在各案卷，需要逐份汇总。"))],
    ),
    "excess_shown": (
        [Letter("D12", case=EXCESSIVE, change=says("申请明显超过合理范围。"))],
        [Letter("D12", case=EXCESSIVE, change=says("本年度共提出一百二十六件。"))],
    ),
    "special_need_weighed": ([Letter("D4e", "special_need", on=date(2018, 5, 20))], [INTERNAL]),
    "not_here_why": (
        [Letter("D6", change=says("不属于本机关的职责范围。"))],
        [
            Letter("D6", change=says("该信息由城市管理局制作并保存。")),
            Letter("D6", change=says("本机关没有制作，也未获取该信息。")),
        ],
    ),
    "not_here_ours": (
        [
            Letter("D6", change=asks("某交公开〔2024〕12号文件")),
            Letter("D5", change=asks("某某市交通运输局与某公司签订的协议")),
        ],
        [Letter("D6", change=asks("江市发〔2024〕12号文件")), Letter("D5")],
    ),
}
CASES |= {
    "forbidden_shown": (
        [Letter("D4b", change=says("不得泄露。"))],
        [Letter("D4b", change=says("该资料能够识别单个统计调查对象的身份。"))],
    ),
    "third_party_told": (
        [Letter("D1", change=consulted(public_interest="公共卫生", told=False))],
        [Letter("D1", change=consulted(public_interest="公共卫生", told=True)), GRANTED],
    ),
    "issued_here": (
        [
            Letter("D4f", given="某交公开〔2025〕7号"),
            Letter("D4f", change=both(asked_for_two, gives_the_same)),
        ],
        [Letter("D4f"), INTERNAL],
    ),
}
SECRET_2015 = "该批复于2015年定为秘密级，保密期限十年，载有坐标。"
CASES |= {
    "secret_claimed": (
        [*CASES["secret_claimed"][0], Letter("D4a", change=says("你提出申请后，经报批定为秘密级国家秘密。"))],
        [
            *CASES["secret_claimed"][1],
            Letter("D4a", change=says("收到申请后经查，该件已于2019年由省局确定为机密级国家秘密。")),
        ],
    ),
    "means_said": (
        [
            Letter("D1", change=item(means="同意公开")),
            Letter("D1", change=item(means="现依法予以提供。")),
            Letter("D2", change=item(means="已见报，请自行查找。")),
        ],
        [
            GRANTED,
            Letter("D1", change=item(means="电子邮件发送扫描件")),
            Letter("D2", change=item(means="已在区政府网站公开")),
        ],
    ),
    "secret_run_out": (
        [Letter("D4a", change=both(says(SECRET_2015), extra(secret_until="")))],
        [
            Letter("D4a"),
            Letter("D4a", change=both(says(SECRET_2015), extra(secret_until="2031-06-30"))),
            Letter("D4a", change=both(says(SECRET_2015.replace("十年", "三十年")), extra(secret_until=""))),
        ],
    ),
    "no_privacy": (
        [
            Letter("D4d", "personal_privacy", change=asks("某次检查的执法人员姓名和执法证号")),
            Letter("D4d", "personal_privacy", change=asks("本人的工伤认定材料")),
        ],
        [Letter("D4d", "personal_privacy", change=asks("我市某村低保户的家庭住址"))],
    ),
    "creation_by_severing": (
        [Letter("D9", change=says("名册含身份证号，需要逐条遮盖。"))],
        [Letter("D9", change=says("现有记录分散在各案卷，需要逐份汇总。"))],
    ),
    "absence_excused": (
        [
            Letter("D5", change=says("因搬迁，档案遗失。")),
            Letter(
                "D5",
                change=both(says("因机构改革，原机关档案未移交。"), extra(search="检索档案室，未查到。")),
            ),
        ],
        [Letter("D5", change=says("该卷1998年8月因水灾灭失，有档案损毁登记表为证。"))],
    ),
    "one_ground": (
        [Letter("D4f", change=says("该信息属于过程性信息，且涉及商业秘密，公开会影响决策。"))],
        [Letter("D4f"), Letter("D4f", change=says("该信息系讨论记录，不涉及商业秘密，公开会影响坦率讨论。"))],
    ),
    "years_answered": (
        [
            Letter("D1", change=both(asks("2018年至2020年救济台账"), says("现提供2020年台账。"))),
            Letter("D1", change=both(asks("2018-2020年度救济台账"), says("2018年、2020年的见附件。"))),
            Letter("D1", change=both(asks("2018、2019、2020年三年的救济台账"), says("2020年的见附件。"))),
        ],
        [
            Letter("D1", change=both(asks("2018年至2020年救济台账"), says("现提供2018年至2020年台账。"))),
            Letter("D1", change=both(asks("2018年至2020年救济台账"), says("现予提供。"))),
            GRANTED,
        ],
    ),
}
# What only a person can know always needs a confirmation.
ASKED_FOR = ("process_open",)


@pytest.mark.parametrize("rule", rules.rules())
def test_each_rule_blocks_and_lets_through(rule: str) -> None:
    blocked, let_through = CASES[rule]
    assert blocked
    assert let_through or rule in ASKED_FOR
    warns = rules.rules()[rule].level == rules.WARNS
    for letter in blocked:
        one = found(letter, rule)
        assert one.warns if warns else one.blocks, letter
        assert one.faults
        assert all("{" not in fault.text for fault in one.faults)
        if warns:
            continue
        with pytest.raises(Refused) as caught:
            finding.require(finding.check(subject(letter)), "2026-0007")
        assert rules.rules()[rule].zh in caught.value.text
        assert rule in caught.value.params["rules"]
    for letter in let_through:
        assert found(letter, rule).status in (finding.PASSED, finding.IDLE), (
            letter,
            [f.text for f in found(letter, rule).faults],
        )


def test_no_case_is_for_a_rule_that_there_is_not() -> None:
    assert set(CASES) == set(rules.rules())


@pytest.mark.parametrize(
    "rule", [one for one in rules.rules().values() if one.answerable], ids=lambda one: one.id
)
def test_a_rule_that_may_be_overridden_lets_through_when_it_is(rule: rules.Rule) -> None:
    letter = CASES[rule.id][0][0]
    told = [{"rule": rule.id, "reasons": "已核对", "by": "head"}]
    one = next(one for one in finding.check(subject(letter), told) if one.rule.id == rule.id)
    assert one.status == finding.OVERRIDDEN
    assert one.faults
    assert one.as_json()["override"]["by"] == "head"


@pytest.mark.parametrize(
    ("letter", "rule", "article"),
    [
        (Letter("D6", change=says("根据规定")), "empty_reasons", "ogi2019:36.1.5"),
        (Letter("D4d", "trade_secret", change=says("涉及商业秘密")), "restated_reasons", "ogi2019:15"),
        (Letter("D4e", change=says("依法不予公开")), "empty_reasons", "ogi2019:16.1"),
        (Letter("D9", change=says("略")), "placeholder", "ogi2019:38"),
    ],
)
def test_what_is_wrong_with_an_item_names_the_provision_of_its_outcome(
    letter: Letter, rule: str, article: str
) -> None:
    one = found(letter, rule)
    assert [fault.rule for fault in one.faults] == [article]
    assert one.provision(one.faults[0]) == article


def test_a_rule_that_may_not_be_overridden_is_not() -> None:
    told = [{"rule": "articles_known", "reasons": "x", "by": "head"}]
    letter = CASES["articles_known"][0][0]
    assert next(one for one in finding.check(subject(letter), told) if one.rule.id == "articles_known").blocks


def test_the_articles_of_the_rules_exist() -> None:
    for rule in rules.rules().values():
        name, _, key = rule.test.partition(":")
        assert name in (*rules.TESTS, *rules.ANSWERED, "guard", rules.MARKED)
        assert name != rules.MARKED or key in marks()["marked"], key
        for cited in rule.article.values():
            refs = [one.ref for one in cited or ()]
            assert all(ref.startswith("house:") or L.citation(ref) for ref in refs), rule.id
            assert all(L.citation(ref).zh for ref in refs)


def test_every_pattern_belongs_to_a_rule() -> None:
    used = {rule.test.partition(":")[2] for rule in rules.rules().values()}
    assert set(marks()["marked"]) <= used


@pytest.mark.parametrize("on", [date(2014, 6, 1), date(2018, 6, 1), date(2022, 6, 1), date(2026, 6, 1)])
def test_a_rule_cites_what_was_there_on_the_day_of_the_letter(on: date) -> None:
    """A provision of 2025 says nothing of a letter of 2022."""
    era = L.era_on(on)
    for rule in rules.rules().values():
        for ref in rule.provisions(era, on):
            if not ref.startswith("house:"):
                assert L.instrument(ref.partition(":")[0]).effective_from <= on, (rule.id, ref)


def test_every_need_of_the_law_has_a_rule() -> None:
    for on in (date(2018, 1, 1), date(2026, 1, 1)):
        rows = [*L.outcomes(on), *L.grounds(on)]
        for row in rows:
            for need in row.needs:
                answer = draft_complete.Answer("need", need, row.id, 1, None)
                assert finding._owner(answer), need


def test_all_specimens_of_decisions_pass_but_for_what_they_invent() -> None:
    # What a specimen invents: an earlier reply that no register has, and the step before two answers.
    invented = {"earlier_reply_ours", "step_taken"}
    for kind in kinds.all():
        for outcome in kind.outcomes:
            for ground in kind.grounds or (None,):
                known = {row.id for row in (*L.outcomes(date(2026, 4, 1)), *L.grounds(date(2026, 4, 1)))}
                ends = outcome in ("lapsed_correction", "lapsed_fee", "withdrawn")
                if ends or outcome not in known or (ground and ground not in known):
                    continue
                failing = {
                    one.rule.id
                    for one in finding.check(subject(Letter(kind.code, ground, outcome)))
                    if one.blocks
                }
                assert failing <= invented, (kind.code, ground, outcome, failing)


# --- what a text names

READ = [
    ("根据《条例》第三十六条第（三）项、第十五条", [("36", 0, 3, "passed"), ("15", 0, 0, "passed")]),
    ("第三十六条第（三）、（九）项", [("36", 0, 3, "passed"), ("36", 0, 9, "no_article")]),
    ("依照第二十条第一款第二项和第十六条", [("20", 1, 2, "passed"), ("16", 0, 0, "passed")]),
    ("《中华人民共和国政府信息公开条例》（国务院令第711号）第37条", [("37", 0, 0, "passed")]),
    ("《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》第一条", [("1", 0, 0, "passed")]),
    ("江州市政府信息公开条例第三条", [("3", 0, 0, "unknown")]),
    ("《档案法》第２８条", [("28", 0, 0, "passed")]),
    ("合同第十五条约定的条款", []),
    ("本办法第三条", []),
    ("第三方的第一项意见", []),
]


@pytest.mark.parametrize(("text", "wanted"), READ)
def test_citations_in_a_text(text: str, wanted: list[tuple[str, int, int, str]]) -> None:
    reader = mentions.Reader(L, rules.table()["words"], L.era("ogi2019"))
    days = (date(2026, 5, 1),)
    assert [(m.article, m.paragraph, m.item, reader.verdict(m, days)) for m in reader.find(text)] == wanted


def test_an_agreement_in_brackets_is_no_law() -> None:
    reader = mentions.Reader(L, rules.table()["words"], L.era("ogi2019"))
    found = list(reader.find("《特许经营协议》第八十条和第九十九条"))
    assert all(reader.verdict(one, (date(2026, 5, 1),)) == "passed" for one in found)


@pytest.mark.parametrize(
    ("text", "number"), [("三十六", 36), ("一百零八", 108), ("十", 10), ("二〇", 0), ("36", 36), ("３６", 36)]
)
def test_numerals(text: str, number: int) -> None:
    assert mentions.number(text) == number or text == "二〇"


def test_hostile_text_is_read_in_no_time() -> None:
    reader = mentions.Reader(L, rules.table()["words"], L.era("ogi2019"))
    for text in (
        "第" * 20_000,
        "第一条、" * 5_000,
        "《" * 20_000,
        "第一条第（" * 4_000,
        "第一条第（一）、" * 2_500,
    ):
        assert len(list(reader.find(text))) <= 5_000


# --- on a case


def drafted(place: Place, **facts: Any) -> str:
    number = place.bring("in_hand")
    place.walk(number, [("handler", "draft", 3, {**builders.REFUSE, **facts})])
    return number


def approved(place: Place, **facts: Any) -> str:
    number = drafted(place, **facts)
    road = [
        ("handler", "submit", 4, {}),
        ("reviewer", "pass_review", 4, {}),
        ("legal", "pass_review", 4, {}),
        ("head", "pass_review", 5, {}),
    ]
    place.walk(number, road)
    return number


def numbers(place: Place) -> int:
    with place.store.reading() as connection:
        return len(
            connection.execute(sa.select(TABLES["series"]).where(TABLES["series"].c.name == "reply")).all()
        )


def test_a_failing_rule_stops_the_hand_in_with_the_list_and_takes_no_number(place: Place) -> None:
    number = drafted(
        place, reasons="该记录依照《民法通则》和条例第九十九条仅供内部车辆调度使用，公开会影响秩序。"
    )
    with pytest.raises(Refused) as caught:
        place.act("handler", "submit", number, "2026-03-09")
    assert caught.value.params["rules"] == ["articles_known", "instruments_in_force"]
    assert number in (caught.value.advice or "")
    assert place.case(number).state == "drafting"
    assert numbers(place) == 0


def test_a_draft_tells_what_it_lacks_and_what_is_suspected(place: Place) -> None:
    number = place.bring("in_hand")
    done = place.act(
        "handler",
        "draft",
        number,
        "2026-03-05",
        outcome="withheld",
        ground="process_information",
        reasons="讨论记录",
    )
    told = {params["id"]: text.format(**params) for text, params in done.notes}
    assert "severance" in told
    assert "process_open" in told
    assert all("{" not in text for text in told.values())
    assert {params["rule"] for _, params in done.notes} >= {"ogi2019:37", "ogi2019:16.2"}


def test_who_approves_is_shown_what_is_suspected_and_a_word_settles_it(place: Place) -> None:
    number = drafted(place, ground="process_information", reasons="尚未定稿的讨论记录，公开可能影响决策")
    shown = place.act("handler", "submit", number, "2026-03-06").notes
    assert "process_open" in {params["id"] for _, params in shown}
    passed = place.act("reviewer", "pass_review", number, "2026-03-06")
    assert "process_open" in {params["id"] for _, params in passed.notes}
    place.act("legal", "override_rule", number, "2026-03-06", rule="process_open", reasons="选址尚未决定")
    done = place.act("legal", "pass_review", number, "2026-03-06")
    assert "process_open" not in {params["id"] for _, params in done.notes}
    (told,) = place.case(number).overridden
    assert (told["rule"], told["by"], told["reasons"]) == ("process_open", "legal", "选址尚未决定")


def test_a_late_reply_says_so_at_every_step(place: Place) -> None:
    number = place.bring("in_hand")
    late = "2026-06-01"
    for who, event, facts in (
        ("handler", "draft", builders.REFUSE),
        ("handler", "submit", {}),
        ("reviewer", "pass_review", {}),
        ("legal", "pass_review", {}),
        ("head", "pass_review", {}),
        ("handler", "issue", {}),
    ):
        done = place.act(who, event, number, late, **facts)
        assert "in_time" in {params.get("id") for _, params in done.notes}, event
    place.made()
    sent = place.act("registrar", "dispatch", number, late, served_by="post")
    assert [params["rule"] for _, params in sent.notes] == ["ogi2019:33.2"]


def test_what_a_number_in_the_case_betrays_is_found(place: Place) -> None:
    number = drafted(
        place,
        reasons="申请人（身份证号32050019900101001X）多次来访，内部车辆调度的记录不宜提供，公开会影响秩序。",
    )
    with pytest.raises(Refused, match="没有身份证号"):
        place.act("handler", "submit", number, "2026-03-06")


def test_what_is_kept_of_the_letter_is_what_was_checked(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = approved(place, reasons="该记录用于本机关车辆调度，公开会影响秩序。")
    composed: list[Any] = []
    letter = compose.letter
    # Another test's letter of the very same facts would be taken for this one.
    composed_letters.forget()
    monkeypatch.setattr(
        compose, "letter", lambda *given, **more: composed.append(letter(*given, **more)) or composed[-1]
    )
    place.act("handler", "issue", number, "2026-03-09")
    assert len(composed) == 1
    reply = place.case(number).reply
    assert reply is not None
    assert composed[0]["number"] == composed[0]["data"]["number"] == reply.number
    (sheet,) = [
        one
        for one in queue.sheets(place.desk(), queue.waiting(place.desk()))
        if one.letter.number == reply.number
    ]
    assert json.loads(sheet.errand.content) == composed[0]


def test_an_approver_overrides_with_a_reason_and_a_new_draft_drops_it(place: Place) -> None:
    repealed = "该记录依照《民法通则》{}仅供内部车辆调度使用，公开会影响秩序。"
    number = drafted(place, reasons=repealed.format(""))
    with pytest.raises(Refused):
        place.act("handler", "submit", number, "2026-03-09")
    given = {"rule": "instruments_in_force", "reasons": "原文已核对"}
    with pytest.raises(Refused):
        place.act("handler", "override_rule", number, "2026-03-09", **given)
    with pytest.raises(Refused):
        place.act("head", "override_rule", number, "2026-03-09", rule="articles_known", reasons="核对")
    with pytest.raises(NotFound):
        place.act("head", "override_rule", number, "2026-03-09", rule="no_rule_of_ours", reasons="核对")
    place.act(
        "head", "override_rule", number, "2026-03-09", rule="instruments-in-force", reasons="原文已核对"
    )
    (told,) = place.case(number).overridden
    assert (told["rule"], told["reasons"], told["by"]) == ("instruments_in_force", "原文已核对", "head")
    place.act("handler", "submit", number, "2026-03-09")
    place.act("reviewer", "return_draft", number, "2026-03-09", reasons="再改")
    assert place.case(number).overridden
    changed = {**builders.REFUSE, "reasons": repealed.format("的规定")}
    place.act("handler", "draft", number, "2026-03-09", **changed)
    assert not place.case(number).overridden
    with pytest.raises(Refused, match="未引用已废止的法律文件"):
        place.act("handler", "submit", number, "2026-03-09")
    place.act("head", "override_rule", number, "2026-03-09", **given)
    for who, event in (
        ("handler", "submit"),
        ("reviewer", "pass_review"),
        ("legal", "pass_review"),
        ("head", "pass_review"),
    ):
        place.act(who, event, number, "2026-03-09")
    assert place.act("handler", "issue", number, "2026-03-09").letters


WRITTEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "ask_correction": ("registrar", {"answer_by": "2026-03-24"}, "matters"),
    "ask_reasons": ("registrar", {"answer_by": "2026-03-24"}, "matters"),
    "extend": ("head", {}, "reasons"),
    "consult_third_party": ("handler", {"name": "甲公司"}, "matter"),
    "consult_organ": ("handler", {"name": "丙局", "answer_by": "2026-03-24"}, "matter"),
    "notify_fee": ("handler", {"basis": "by_page", "count": 57}, "payment"),
}


@pytest.mark.parametrize("event", WRITTEN)
def test_no_notice_cites_a_provision_that_does_not_exist(place: Place, event: str) -> None:
    who, given, name = WRITTEN[event]
    number = place.bring("in_hand")
    with pytest.raises(Refused) as caught:
        place.act(who, event, number, "2026-03-05", **given, **{name: "依照《条例》第九十九条办理"})
    assert caught.value.field == name
    assert "第九十九条" in caught.value.text
    assert place.case(number).state == "in_hand"
    place.act(
        who,
        event,
        number,
        "2026-03-05",
        **given,
        **{name: "依照《条例》第二十九条第二款和《统计法》第九条办理"},
    )


def test_reasons_that_were_never_given_need_not_be_weighed(place: Place) -> None:
    number = place.bring("in_hand")
    refuse = {"outcome": "excessive", "reasons": "申请内容多有重复"}
    place.act("registrar", "ask_reasons", number, "2026-03-04", matters="已提出63件", answer_by="2026-03-10")
    place.act("registrar", "notice_reached", number, "2026-03-04", letter="P4")
    place.act("registrar", "reasons_unanswered", number, "2026-03-11")
    place.act("handler", "draft", number, "2026-03-11", **refuse)
    for who, event in (
        ("handler", "submit"),
        ("reviewer", "pass_review"),
        ("legal", "pass_review"),
        ("head", "pass_review"),
    ):
        place.act(who, event, number, "2026-03-11")
    assert place.act("handler", "issue", number, "2026-03-12").letters


@pytest.mark.parametrize(
    "text",
    [
        "请说明获取该信息的目的",
        "请提供房产证明，说明您与该房屋的关系",
        "请写明申请公开该信息的理由",
        "请按照一事一申请的原则重新填写",
        "请提交被征收人身份证明，逐户说明",
        "请说明申请信息的\n用 途",
    ],
)
def test_an_applicant_is_not_asked_for_what_the_law_no_longer_asks_for(text: str) -> None:
    assert marked.of_notice("purpose", text, L.era("ogi2019")) is not None
    assert marked.of_notice("purpose", text, L.era("ogi2008")) is None


@pytest.mark.parametrize(
    "text",
    [
        "请写明所需的是哪一年度的房产证明格式文本",
        "请提交委托书，并说明您与委托人的关系",
        "请说明申请更正该信息的理由，提供证据材料",
        "该项目分三期建设，请说明所需材料属于哪一期、哪一类",
        "请提供身份证明和联系方式",
    ],
)
def test_what_makes_an_application_complete_may_be_asked_for(text: str) -> None:
    assert marked.of_notice("purpose", text, L.era("ogi2019")) is None


@pytest.mark.parametrize(
    ("key", "wrong", "right"),
    [
        ("form_of_ours", "请按本机关统一的申请表重新填写", "请写明所需信息的名称，可以使用本机关的申请表格"),
        ("no_time", "请于今日\n下班前补正所需信息的年度", "请写明今日提交的材料是哪一年度的"),
        ("own_period", "请于３日内补正所需信息的年度", "请写明所需的是2024年3月1日前还是以后形成的材料"),
        ("own_period", "请在2026年3月9日\n前提交委托书", "该方案分三期，请写明是哪一期"),
        ("presence", "请本人携带身份证到我局窗口核对", "请提供身份证明复印件，也可到我局当面提交"),
    ],
)
def test_a_demand_for_a_form_for_presence_or_at_once_is_seen_in_a_notice(
    key: str, wrong: str, right: str
) -> None:
    for era in ("ogi2008", "ogi2019"):
        assert marked.of_notice(key, wrong, L.era(era)) is not None
        assert marked.of_notice(key, right, L.era(era)) is None


def test_what_is_nobodys_notice_may_say_what_it_likes(place: Place) -> None:
    """The applicant's own words, and those between officers, are not the office's citations."""
    number = place.receive(items=["《条例》第九十九条的依据"], request="").case.number
    place.walk(number, builders.ROADS["in_hand"])
    place.act("handler", "consult_third_party", number, "2026-03-05", name="甲公司")
    place.act(
        "handler", "opinion_given", number, "2026-03-06", no=1, answer="object", reasons="依照条例第九十九条"
    )


def test_the_earlier_reply_is_looked_up_in_the_register(place: Place) -> None:
    first = place.bring("issued")
    reply = place.case(first).reply
    assert reply is not None
    same = {"outcome": "repeat", "ground": None, "reasons": "两次申请相同，事实没有变化"}
    named = f"earlier_reply=2026年3月9日，{reply.number}"

    def refused(number: str, rule: str) -> None:
        with pytest.raises(Refused) as caught:
            place.act("handler", "submit", number, "2026-03-10")
        assert any(rule in one for one in caught.value.params["rules"])

    refused(
        drafted(
            place, **same, extra=["earlier_reply=2026年3月9日，jz公复〔2026〕999号", "earlier_disclosed=yes"]
        ),
        "_ours",
    )
    refused(drafted(place, **same, extra=[named]), "_sent")
    place.made()
    place.act("registrar", "dispatch", first, "2026-03-10", served_by="post")
    approved(place, **same, extra=[named])
    # What somebody else was told, and what was asked for otherwise, answers nobody.
    other = place.receive(name="李四", id_number="11010519491231002X").case.number
    place.walk(other, builders.ROADS["in_hand"])
    place.act("handler", "draft", other, "2026-03-09", **same, extra=[named])
    refused(other, "_applicant")
    more = place.receive(request="公务用车运行费用").case.number
    place.walk(more, builders.ROADS["in_hand"])
    place.act("handler", "draft", more, "2026-03-09", **same, extra=[named])
    refused(more, "_matter")


@pytest.mark.parametrize(("gave", "known", "sued"), [(True, "yes", False), (False, "no", True)])
def test_what_the_earlier_reply_did_is_known_from_the_register(
    place: Place, gave: bool, known: str, sued: bool
) -> None:
    if gave:
        first = place.bring("issued")
    else:
        first = approved(place, outcome="not_held", ground=None, extra=["search=检索了档案目录，未见记录"])
        place.act("handler", "issue", first, "2026-03-09")
    reply = place.case(first).reply
    assert reply is not None
    place.made()
    place.act("registrar", "dispatch", first, "2026-03-10", served_by="post")
    ours = {"outcome": "repeat", "ground": None, "reasons": "两次申请相同"}
    named = [f"earlier_reply=2026年3月9日，{reply.number}"]
    wrong = "no" if known == "yes" else "yes"
    with pytest.raises(Refused) as caught:
        approved(place, **ours, extra=[*named, f"earlier_disclosed={wrong}"])
    assert (caught.value.field, caught.value.rule) == ("earlier_disclosed", "spc2025:10.2.4")
    second = approved(place, **ours, extra=named)
    done = place.act("handler", "issue", second, "2026-03-10")
    assert done.case.reply is not None
    assert done.case.reply.items[0]["extra"]["earlier_disclosed"] == known
    place.made()
    place.act("handler", "dispatch", second, "2026-03-11", served_by="hand")
    place.act("registrar", "serve", second, "2026-03-11", proof="送达回证")
    assert (("litigation.limit", 0) in place.clocks(second)) == sued
    assert ("reconsideration.limit", 0) in place.clocks(second)


def test_an_application_without_an_address_cannot_be_answered_by_post(place: Place) -> None:
    number = place.receive(
        address=None, postcode=None, channel="in_person", email="a@example.invalid"
    ).case.number
    place.walk(number, builders.ROADS["approved"])
    with pytest.raises(Refused, match="邮寄的有通信地址"):
        place.act("handler", "issue", number, "2026-03-09", served_by="post")
    place.act("handler", "issue", number, "2026-03-09", served_by="hand")


def test_letter_check_lists_everything(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", sqlite_url)
    place = builders.found(sqlite_url)
    number = drafted(place, reasons="该记录依照《民法通则》仅供内部车辆调度使用，公开会影响秩序。")
    words = ["letter", "check", number, "--on", "2026-03-09", "--as", "handler"]
    said = disclosure(*words)
    assert said.code == 1
    assert "不符合  承办人所写文字未引用已废止的法律文件" in said.out
    assert "✓" not in said.out
    everything = disclosure(*words, "--all")
    assert "✓ 符合" in everything.out
    assert len(everything.out.splitlines()) > len(rules.rules()) > 5 * len(said.out.splitlines())
    told = disclosure(*words, "--json")
    assert told.code == 1
    import json

    plain = json.loads(told.out)
    assert plain["blocking"] == ["instruments_in_force"]
    assert not plain["issuable"]
    assert [one["rule"] for one in plain["rules"]] == list(rules.rules())
    override = [
        "letter",
        "override",
        number,
        "--rule",
        "instruments-in-force",
        "--reason",
        "已核对",
        "--on",
        "2026-03-09",
    ]
    assert disclosure(*override, "--as", "head").code == 0
    after = disclosure(*words, "--json")
    assert after.code == 0
    one = next(one for one in json.loads(after.out)["rules"] if one["rule"] == "instruments_in_force")
    assert (one["status"], one["override"]["reasons"]) == ("overridden", "已核对")
    place.receive()
    assert disclosure("letter", "check", "2026-0002", "--as", "handler").code == 1
    place.store.close()
