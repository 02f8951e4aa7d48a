"""What the check before issue found, for a person: what is not met first, and what to do about it."""

from __future__ import annotations

import shlex

from letters.check import finding, rules
from letters.content import citations
from workflow.base import terminal
from workflow.base.messages import N_, pick, translate
from workflow.cases.context import Context

_STATUS = {
    finding.PASSED: ("符合", "met"),
    finding.FAILED: ("不符合", "not met"),
    finding.WARNED: ("请核对", "to be looked at"),
    finding.OVERRIDDEN: ("已说明", "word given"),
    finding.IDLE: ("不涉及", "does not apply"),
}
# What is listed also where only what needs an eye is.
TOLD_OF = (finding.FAILED, finding.WARNED, finding.OVERRIDDEN)
_SIGNS = {
    finding.PASSED: "✓",
    finding.FAILED: "✗",
    finding.WARNED: "?",
    finding.OVERRIDDEN: "!",
    finding.IDLE: "-",
}


def cited(refs: tuple[str, ...], context: Context) -> str:
    """The provisions of a rule, or the office's own rule in words, in the language in force."""
    house = [
        context.process.reason(ref) for ref in refs if ref.removeprefix("house:") in context.process.house
    ]
    if house or not refs:
        return "".join(house)
    if pick("zh", "en") == "zh":
        return citations.text(refs, context.law) or context.law.citation(refs[0]).zh
    return "; ".join(context.law.citation(ref).en for ref in refs)


def lines(found: list[finding.Finding], context: Context, *, everything: bool = True) -> list[str]:
    """The list: sign, rule, articles; under what is not met, what is wrong and what to do. Without
    `everything` what is met is counted and not listed."""
    shown = [one for one in found if everything or one.status in TOLD_OF]
    made: list[str] = []
    for one in shown:
        said = cited(one.articles, context)
        id_ = pick("", f"  [{one.rule.id}]")
        made.append(f"{_status(one.status)}{one.rule.name}{id_}  {said}")
        made += _told(one, context)
    passed = sum(one.status == finding.PASSED for one in found)
    idle = sum(one.status == finding.IDLE for one in found)
    if not shown:
        made.append(translate(N_("Nothing stands against issuing the letter.")))
    if not everything:
        made.append(
            translate(
                N_("{passed} rules are met, {idle} do not apply here; all of them: --all"),
                passed=passed,
                idle=idle,
            )
        )
    return made


def _status(status: str) -> str:
    """How it stands with a rule: by a sign, in Chinese with its word; in words alone where signs are not
    wanted.
    """
    word = pick(*_STATUS[status])
    if terminal.plain():
        return f"{word}{pick('：', ': ')}"
    return f"{_SIGNS[status]} {pick(word + '  ', '')}"


def _told(one: finding.Finding, context: Context) -> list[str]:
    """What is wrong by a rule and what to do, or who gave his word on it."""
    made = []
    for fault in one.faults:
        beside = fault.rule if fault.rule not in one.articles else None
        made.append(f"    {fault.text}" + (f"  {cited((beside,), context)}" if beside else ""))
    if one.override:
        by, reasons = context.officer_called(one.override["by"]), one.override["reasons"]
        return [*made, "    " + translate(N_("{by} gave his word: {reasons}"), by=by, reasons=reasons)]
    if not one.faults:
        return made
    made.append("    → " + one.rule.way_on)
    if one.warns:
        said = N_("look at it and give your word: disclosure letter override CASE --rule {rule} --reason ...")
    elif one.rule.overridable:
        said = N_("an approver may override: disclosure letter override CASE --rule {rule} --reason ...")
    else:
        return made
    # As a shell reads it: a name may hold quotation marks.
    return [*made, "    → " + translate(said, rule=shlex.quote(format(rules.Called(one.rule))))]
