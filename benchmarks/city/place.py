"""The office that handles a city's year: units, officers, and applicants of each kind."""

from __future__ import annotations

from typing import Any

UNITS = {"gongkai": "政务公开处", "guihua": "自然资源处", "zhengshou": "征收管理处", "minsheng": "民生保障处"}
HANDLERS = {key: (f"{key}-1", f"{key}-2") for key in UNITS}
REGISTRARS = ("dengji-1", "dengji-2")
LEGAL = ("fazhi-1", "fazhi-2")
HEADS = ("fuze-1", "fuze-2")
REVIEWERS = {key: f"{key}-s" for key in UNITS}
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭"
_GIVEN = "文明华建国志强秀英桂兰玉梅海燕春生德才永福金山淑芬小红俊杰丽娜晓东庆丰立新"
_PLACES = ("城东", "城西", "河滨", "湖北路", "古城", "新区", "南苑", "北关", "运河", "开发区")
_BODIES = {
    "commercial_enterprise": "{place}{n}号商贸有限公司",
    "research_institution": "{place}第{n}研究所",
    "public_welfare_org": "{place}{n}公益服务中心",
    "legal_service": "{place}{n}律师事务所",
    "other": "{place}{n}联合会",
}
_MATTERS = (
    "{place}片区{year}年房屋征收补偿方案（第{n}号地块）",
    "{place}项目{year}年环境影响评价批复（第{n}号）",
    "{place}街道{year}年度低保资金发放情况（第{n}批）",
    "{place}道路改造工程{year}年招标文件（第{n}标段）",
    "{place}学校{year}年度采购合同（第{n}号）",
    "{place}小区{year}年规划许可及附图（第{n}号）",
    "{place}村集体土地{year}年征收公告（第{n}号）",
    "{place}企业{year}年安全检查记录（第{n}次）",
)
# Channel, what the application says of its arrival, how the reply goes out: in turn.
CHANNELS = (
    ("post", ("signed_on",), "post"),
    ("online", ("system_on", "confirmed_on"), "post"),
    ("post", ("signed_on",), "post"),
    ("in_person", ("on",), "hand"),
    ("post", ("signed_on",), "post"),
    ("online", ("system_on", "confirmed_on"), "post"),
    ("email", ("system_on", "confirmed_on"), "post"),
)


def office_file(key: str, unit: str) -> dict[str, Any]:
    """The office's file, parsed."""
    officers = [
        {"key": who, "name": f"登记{n}", "roles": ["registrar"], "unit": "gongkai"}
        for n, who in enumerate(REGISTRARS, 1)
    ]
    for unit_key, name in UNITS.items():
        officers += [
            {"key": who, "name": f"{name[:2]}{n}", "roles": ["handler"], "unit": unit_key}
            for n, who in enumerate(HANDLERS[unit_key], 1)
        ]
        officers.append(
            {"key": REVIEWERS[unit_key], "name": f"{name[:2]}审", "roles": ["reviewer"], "unit": unit_key}
        )
    officers += [
        {"key": who, "name": f"法制{n}", "roles": ["legal_reviewer"], "unit": "gongkai"}
        for n, who in enumerate(LEGAL, 1)
    ]
    officers += [{"key": who, "name": f"负责{n}", "roles": ["approver"]} for n, who in enumerate(HEADS, 1)]
    return {
        "key": key,
        "name": unit,
        "kind": "government",
        "level": "prefecture",
        "code": "公复",
        "address": "人民路1号",
        "postcode": "223800",
        "telephone": "0527-80000000",
        "court": "市中级人民法院",
        "superior_government": "省人民政府",
        "online_reconsideration": "https://xzfy.example.gov.cn",
        "same_level_government": unit,
        "channels": ["in_person", "post", "online", "email", "fax"],
        "payment": "凭本通知缴至财政专户",
        "unit": [{"key": name, "name": text} for name, text in UNITS.items()],
        "officer": officers,
    }


def applicant(kind: str, number: int) -> dict[str, str]:
    """An applicant of a kind; no two have one number in common."""
    place = _PLACES[number % len(_PLACES)]
    address = f"{place}大街{number % 400 + 1}号{number // 400 + 1}室"
    if kind != "natural_person":
        name = _BODIES[kind].format(place=place, n=number)
        return {
            "name": name,
            "kind": kind,
            "id_type": "统一社会信用代码",
            "id_number": f"91321300MA1{number:07d}",
            "address": address,
            "postcode": "223800",
            "phone": f"0527-8{number:07d}",
        }
    first, rest = _SURNAMES[number % len(_SURNAMES)], number // len(_SURNAMES)
    name = first + _GIVEN[rest % len(_GIVEN)] + _GIVEN[(rest // len(_GIVEN) + number) % len(_GIVEN)]
    return {
        "name": name,
        "kind": kind,
        "id_type": "居民身份证",
        "id_number": f"32130219{60 + number % 40}0101{number % 10000:04d}",
        "address": address,
        "postcode": "223800",
        "phone": f"139{number:08d}",
    }


def matter(number: int, year: int) -> str:
    """What is asked for: another thing in every application."""
    text = _MATTERS[number % len(_MATTERS)]
    return text.format(
        place=_PLACES[number // len(_MATTERS) % len(_PLACES)], year=year - 1 - number % 3, n=number
    )
