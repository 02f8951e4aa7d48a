"""What the field of an error is called."""

from __future__ import annotations

import re
from functools import cache

from workflow.base import names
from workflow.base.errors import DisclosureError
from workflow.base.messages import pick
from workflow.procedure import act_forms

# What every command takes.
_ALWAYS = {"as": "办理人", "case": "案件", "on": "日期"}
# Options of many commands, each with its own meaning: what they are called where no act's table says it.
_OF_MANY = {"kind": "类别", "name": "名称", "to": "改为、交给或者存入"}
_OF_COMMAND = {
    ("amend", "to"): "更正为",
    ("backup", "to"): "存放处",
    ("evidence", "to"): "交给",
    ("mail", "to"): "收件人",
    ("officer", "to"): "代理人",
}
# What is longer explains rather than names.
_LONGEST = 12


def field_name(code: str, command: str = "") -> str:
    """The field that an error names: on a Chinese screen by its name, with the code that is typed. `command`
    is that of the act which was refused, where it was one.

    The code alone where no table names it, or several acts mean different things by it.
    """
    said = _name(code, command)
    return pick(f"{said}（{code}）", code) if said and len(said) <= _LONGEST else code


@cache
def _name(code: str, command: str) -> str:
    if code in _ALWAYS:
        return _ALWAYS[code]
    if (command, code) in _OF_COMMAND:
        return _OF_COMMAND[command, code]
    known = names.bundled()
    if code in known["need"]:
        return known["need"][code]["zh"]
    acts = _in_acts(code, command) or _in_acts(code)
    if acts:
        return acts.pop() if len(acts) == 1 else _OF_MANY.get(code, "")
    if code in _OF_MANY:
        return _OF_MANY[code]
    return known["column"][code]["zh"] if code in known["column"] else ""


def _in_acts(code: str, command: str = "") -> set[str]:
    """What the acts call a fact, or that of a command does, without what is to be known when it is typed;
    nothing where their tables are wrong themselves, which is then the error that is being told.
    """
    try:
        specs = act_forms.specs().values()
    except DisclosureError:
        return set()
    return {
        re.split(r"[（(]", one.zh)[0].strip()
        for spec in specs
        if command in ("", spec.command)
        for one in spec.fields
        if one.name == code
    }
