"""From the answers of a case to the rows of a draft: what the letter said as it stands, and what is not known
lawfully.

"" is drafted as nothing, for that is what the letter said. What a file does not tell is supplied as the law
asks for it, so that what nobody knows wins no point and blocks no victory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.precedents import articles
from benchmarks.precedents.cases import OTHER, WHOLE, Answer, Case, Event
from letters.content import chinese
from workflow.law import Law

GROUNDS = {
    "other_law": "law_forbids",
    "security_stability": "three_securities",
    "privacy": "personal_privacy",
}
"""Names of grounds in the files where the law tables have other ones."""
THIRD_PARTY = ("trade_secret", "personal_privacy", "other_third_party")
DEFAULT_GROUND = "three_securities"
GIVES = ("granted", "already_public")
FORM = "纸质复印件，邮寄"
COMPANY, PERSON = "某某建材有限公司", "李某某"
"""Third parties whose names no file tells."""
_REASONS = {
    "state_secret": "该信息载明的内容列入国家秘密事项范围，尚在保密期限内。",
    "law_forbids": "该信息是能够识别单个统计调查对象身份的资料。",
    "three_securities": "该信息列明设施结构的薄弱部位，公开后可能被用于破坏公共设施，危及公共安全。",
    "trade_secret": "该信息载有未公开的成本构成和定价方法，权利人已采取保密措施，公开后将削弱其竞争地位。",
    "personal_privacy": "该信息载有他人的家庭住址和健康状况，与公共利益没有直接关系。",
    "internal_affairs": "该信息是本机关车辆调度等后勤管理方面的记录，不对外产生影响。",
    "process_information": "该信息是本机关就选址作出决定之前的讨论记录，有关决定尚未作出。",
    "enforcement_file": "该信息是本机关办理行政处罚案件形成的案卷中的询问笔录，公开将影响正在进行的调查。",
    "special_need": "经审查，申请人未能说明该信息与其自身生产、生活、科研等特殊需要有关。",
    "not_held": "该事项由其他机关批准，本机关没有制作或者获取该信息的法定职责。",
    "not_here": "该信息由该机关在履行职责过程中制作并保存。",
    "repeat": "两次申请要求公开的信息相同，自上次答复以来，作出该答复的事实没有变化。",
    "needs_creation": "现有信息均为逐笔记录，没有按申请的要求汇总的材料，需要逐笔核对、分类、统计后另行制作。",
    "still_unclear": "补正后的描述仍可以对应多个项目的多份文件，据此无法检索到特定的信息。",
    "petition": "来件要求本机关对有关人员的行为进行调查处理，没有指向以一定形式记录、保存的信息。",
    "excessive": "申请内容多有重复，所述理由与申请的数量、频次不相当。",
    "not_government_information": "该材料是本机关以民事主体身份订立的采购合同的履行记录，并非在履行职责过程中制作或者获取。",
    "archived": "该信息形成于1985年，移交期限已满，已随同期档案移交。",
}
_SEARCH = (
    "本机关于{day}检索了公文管理系统、档案室目录和承办科室业务台账，检索词为“{word}”及相关项目名称、文号，"
    "并询问了原经办人员，未查到相关记录。"
)
_SEVERED = "经逐页审查，该部分以外的内容不涉及上述情形，已作区分处理并予以提供。"
_WHOLE = "经逐页审查，该信息所载内容均涉及上述情形，不能作区分处理。"
_VAGUE = "其中的部分内容"
_GIVEN, _APART = "申请中已有的材料", "申请中另列的材料"
_TRANSFER = re.compile("未到.{0,6}期限|未满.{0,6}期限|期限.{0,4}未(?:满|到|届满)|提前移交")


@dataclass
class Draft:
    """The rows of one letter with what has to be done before it: consultations, an earlier reply, an earlier
    step.
    """

    rows: list[dict[str, Any]]
    # By item: the third party to be asked, if any.
    consult: dict[int, str]
    # Items for which an earlier reply of the same applicant has to exist; its row gets the number.
    repeats: list[int]
    # Whether the letter is known to have cited no provision.
    bare: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows)


def of_event(event: Event, case: Case, law: Law, on: date) -> Draft:
    """The draft of the letter of this event; an empty one where nothing is told of it."""
    return _Drafting(case, law, on).letter(event)


# Papers in the course of an application.
_NOTICES = ("补正", "延期", "回执", "征求意见")


class _Drafting:
    def __init__(self, case: Case, law: Law, on: date) -> None:
        self.case, self.law, self.on = case, law, on
        self.made = Draft([], {}, [])

    def letter(self, event: Event) -> Draft:
        """All rows; items that the letter left without an outcome have none."""
        wrong = "wrong_article" in self.case.because
        told = [one for one in event.answers if one.outcome != OTHER]
        if not told:
            if wrong and event.answers:
                self._cites_another()
            return self.made
        by_item: dict[int, list[Answer]] = {}
        for answer in told:
            by_item.setdefault(answer.item, []).append(answer)
        left = set(event.unanswered or ())
        if left == {WHOLE} and len(self.case.request) not in by_item:
            left = {len(self.case.request)}
        for no in range(1, len(self.case.request) + 1):
            if no not in left:
                self._item(no, by_item.get(no) or by_item.get(WHOLE) or [Answer(no, "granted", {})])
        self.made.bare = any(answer.cites_nothing for answer in told)
        return self.made

    def _cites_another(self) -> None:
        """A letter whose article is that of another outcome, where nothing else is known of it."""
        other = self.law.outcome("not_held", self.on).basis
        key, _, rest = other.partition(":")
        name = {"ogi2008": "R2008", "ogi2019": "R2019"}[key]
        places = rest.split(".")
        cited = articles.written(f"{name} {places[0]}({places[-1]})", self.law)
        for no in range(1, len(self.case.request) + 1):
            row = self._row(no, Answer(no, "granted", {}), "granted", None)
            row["reasons"] = f"依据{cited}的规定办理。"
            self.made.rows.append(row)

    # --- items

    def _item(self, no: int, answers: list[Answer]) -> None:
        parts = [part for answer in answers for part in self._parts(answer)]
        several = len(parts) > 1
        gives = any(outcome in GIVES for _, outcome, _ in parts)
        ends_apart = any(outcome not in (*GIVES, "withheld") for _, outcome, _ in parts)
        for answer, outcome, ground in parts:
            row = self._row(no, answer, outcome, ground)
            if several:
                taken = [row["part"] for row in self.made.rows if row["no"] == no]
                # What is given beside another answer was another part of what was asked for.
                apart = gives and ends_apart and outcome != "withheld"
                row["part"] = self._part(no, answer, outcome, taken, apart)
            self.made.rows.append(row)

    def _parts(self, answer: Answer) -> list[tuple[Answer, str, str | None]]:
        """What was given in part is a row for what is given and one for what is not."""
        if answer.outcome == "partial":
            return [
                (Answer(answer.item, "granted", {}), "granted", None),
                (answer, "withheld", self._ground(answer)),
            ]
        return [(answer, answer.outcome, self._ground(answer) if answer.outcome == "withheld" else None)]

    def _ground(self, answer: Answer) -> str | None:
        ground = answer.ground
        if ground == "none_stated":
            return None
        return GROUNDS.get(ground, ground) if ground else DEFAULT_GROUND

    def _part(self, no: int, answer: Answer, outcome: str, taken: list[str], apart: bool) -> str:
        """What the part is called: by the words that the letter's reasons share with the request, where there
        are any.
        """
        asked, said = self.case.request[no - 1], answer.text("reasons") or ""
        shared = max(
            (
                asked[i:j]
                for i in range(len(asked))
                for j in range(i + 3, len(asked) + 1)
                if asked[i:j] in said
            ),
            key=len,
            default="",
        )
        if shared and shared not in taken and (outcome == "withheld" or apart):
            return shared
        if apart:
            return f"{_GIVEN if outcome in GIVES else _APART}（{len(taken) + 1}）"
        if outcome == "withheld" and answer.text("severance"):
            return "其中涉及第三方的条款" if self._ground(answer) in THIRD_PARTY else "其中的敏感数据"
        name = "其余内容" if outcome in GIVES else _VAGUE
        return name if name not in taken else f"{name}（{len(taken) + 1}）"

    def _row(self, no: int, answer: Answer, outcome: str, ground: str | None) -> dict[str, Any]:
        row: dict[str, Any] = {"no": no, "outcome": outcome, "part": ""}
        if outcome == "withheld":
            row["ground"] = ground
        row["reasons"] = self._reasons(answer, ground or outcome)
        extra = self._extra(no, answer, outcome, ground)
        if outcome in (*GIVES, "publication"):
            row["means"] = answer.text("form") or self._means(answer, outcome)
        row["extra"] = {name: value for name, value in extra.items() if value}
        return row

    def _reasons(self, answer: Answer, name: str) -> str:
        said = answer.text("reasons")
        if said is None:
            said = (
                "" if answer.outcome in (*GIVES, "publication", "special_regime") else _REASONS.get(name, "")
            )
            if answer.outcome == "withheld" and not said:
                said = _REASONS[DEFAULT_GROUND] if name == "withheld" else ""
        cited = [articles.written(text, self.law) for text in answer.told.get("cited") or ()]
        if not cited:
            return said
        end = "" if not said or said.endswith(("。", "；")) else "。"
        return f"{said}{end}依据{'、'.join(cited)}的规定。"

    def _means(self, answer: Answer, outcome: str) -> str:
        if outcome == "granted":
            return FORM
        if outcome == "publication":
            return "《某某年鉴》，市图书馆收藏，可以到馆查阅。"
        said = answer.text("reasons") or ""
        return said or "本机关门户网站“政府信息公开”专栏，网址https://www.example.invalid/xxgk。"

    def _extra(self, no: int, answer: Answer, outcome: str, ground: str | None) -> dict[str, str]:
        given: dict[str, str] = {}
        if outcome == "withheld":
            given["severance"] = self._severance(answer)
            given |= self._of_ground(no, answer, ground)
        needs = getattr(self, f"_of_{outcome}", None)
        return given | (needs(no, answer) if needs else {})

    def _severance(self, answer: Answer) -> str:
        said = answer.text("severance")
        if said is not None:
            return said
        return _SEVERED if answer.outcome == "partial" else _WHOLE

    def _of_ground(self, no: int, answer: Answer, ground: str | None) -> dict[str, str]:
        if ground in THIRD_PARTY and answer.told.get("consulted", True):
            said = (answer.text("reasons") or "") + self.case.request[no - 1]
            body = ground == "trade_secret" or bool(re.search("公司|企业|厂", answer.text("reasons") or ""))
            found = re.search("某[^，。、；“”]{0,6}(?:公司|厂|合作社)", said)
            self.made.consult[no] = found[0] if found and body else COMPANY if body else PERSON
        return {
            "state_secret": {
                "secret_mark": f"机密级，保密期限至{self.on.year + 5}年12月31日，定密机关为省国家保密局"
            },
            "law_forbids": {"forbidding_law": "《中华人民共和国统计法》第二十五条"},
            "three_securities": {"danger": answer.text("reasons") or _REASONS["three_securities"]},
        }.get(ground or "", {})

    # --- what the outcomes ask for besides the reasons

    def _search(self, no: int, answer: Answer) -> str:
        said = answer.text("search")
        if said is not None:
            return said
        day = chinese.day(self.on)
        return _SEARCH.format(day=day, word=self.case.request[no - 1][:8])

    def _of_not_held(self, no: int, answer: Answer) -> dict[str, str]:
        return {"search": self._search(no, answer)}

    def _of_not_here(self, no: int, answer: Answer) -> dict[str, str]:
        organ = answer.text("competent_organ")
        if organ is None:
            organ = "江州市自然资源和规划局"
        contact = f"{organ}，联系电话：0512-65550001" if organ else ""
        return {"search": self._search(no, answer), "responsible_organ": contact}

    def _of_repeat(self, no: int, answer: Answer) -> dict[str, str]:
        named = answer.text("earlier_reply")
        if named == "":
            return {}
        if named and any(word in named for word in _NOTICES):
            # What the letter named was no reply: there is none in the register.
            return {"earlier_reply": named}
        self.made.repeats.append(no)
        return {}

    def _of_special_regime(self, no: int, answer: Answer) -> dict[str, str]:
        return {"special_rules": "《不动产登记暂行条例》第二十七条"}

    def _of_petition(self, no: int, answer: Answer) -> dict[str, str]:
        return {"channel_hint": "江州市信访局，地址江州市滨江大道3号"}

    def _of_excessive(self, no: int, answer: Answer) -> dict[str, str]:
        return {"excess_reasons": "申请人称系了解情况"}

    def _of_still_unclear(self, no: int, answer: Answer) -> dict[str, str]:
        return {"unclear_after": "补正材料仍未说明所需信息的文号、年份或者所属项目。"}

    def _of_archived(self, no: int, answer: Answer) -> dict[str, str]:
        early = _TRANSFER.search(self.case.said + self.case.title)
        formed = self.on.year - (3 if early else 35)
        return {
            "archive": answer.text("competent_organ") or "江州市国家档案馆",
            "formed": str(formed),
            "transfer_due": f"{formed + 20}-12-31",
        }
