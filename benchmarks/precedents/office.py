"""The organ of a case: a throw-away office of the right kind, with one officer a role."""

from __future__ import annotations

from typing import Any

from benchmarks.precedents.cases import Case

UNIT = "ban"
OFFICERS = {
    "registrar": "registrar",
    "handler": "handler",
    "reviewer": "reviewer",
    "legal": "legal_reviewer",
    "head": "approver",
}
_LEVELS = {
    "township": "township",
    "county": "county",
    "district": "county",
    "city": "prefecture",
    "province": "province",
    "national": "state",
}
_GOVERNMENT = ("人民政府", "镇政府", "县政府", "区政府", "市政府", "省政府")
_NAMES = {
    "township": "江州市姑江区河滨",
    "county": "江州市姑江区",
    "prefecture": "江州市",
    "province": "江南省",
    "state": "",
}


def office_file(case: Case) -> dict[str, Any]:
    """What the office's file would hold, parsed."""
    told = str(case.organ.get("kind", ""))
    level = _LEVELS.get(str(case.organ.get("level", "")), "county")
    kind = _kind(told, level)
    return {
        "key": "jg",
        "name": _name(told, level, kind),
        "kind": kind,
        "level": level,
        "code": "某政公复",
        "address": "江州市滨江大道1号",
        "postcode": "215000",
        "telephone": "0512-65550000",
        # A suit against a government from the county up, and against the State Council's departments: 行诉法
        # 15.
        "court": "江州市中级人民法院" if _higher(kind, level) else "江州市姑江区人民法院",
        "same_level_government": _government(level),
        "superior_government": "江南省人民政府",
        "superior_department": "江南省某某厅",
        "parent_department": "江州市某某局",
        "online_reconsideration": "https://fuyi.example.invalid",
        "payment": "凭本通知缴至财政专户",
        "channels": ["in_person", "post", "online", "email", "fax"],
        "unit": [{"key": UNIT, "name": "办公室"}],
        "officer": [
            {"key": key, "name": f"{key}某", "roles": [role], "unit": UNIT} for key, role in OFFICERS.items()
        ],
        # Whether a correction restarts the time under the Regulations of 2008 is an office setting; these
        # organs chose so.
        "settings": {"correction_restarts_2008": True},
    }


def _higher(kind: str, level: str) -> bool:
    return kind == "state_council_department" or (kind == "government" and level != "township")


def _kind(told: str, level: str) -> str:
    if "街道" in told:
        return "dispatched_office"
    if level == "state":
        return "state_council_department"
    if told.endswith(_GOVERNMENT) and "部门" not in told:
        return "government"
    return "department" if level != "township" else "government"


def _government(level: str) -> str:
    return {
        "township": "江州市姑江区人民政府",
        "county": "江州市姑江区人民政府",
        "province": "江南省人民政府",
    }.get(level, "江州市人民政府")


def _name(told: str, level: str, kind: str) -> str:
    if kind == "government":
        return _NAMES[level] + ("镇人民政府" if level == "township" else "人民政府")
    if kind == "dispatched_office":
        return _NAMES[level] + "街道办事处"
    if level == "state":
        return "国家某某部"
    return _NAMES[level] + (told if told.endswith(("局", "厅", "委员会", "处")) else "某某局")
